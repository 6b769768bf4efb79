// What only a host can say of its files: whether one is there, its SHA-256, the certificate in it.
import { createHash, randomBytes } from "node:crypto";
import { readFile, rm, stat } from "node:fs/promises";
import { isAbsolute, join, resolve } from "node:path";
import { HostFailure, type Connection, type FileFacts } from "../../hosts/connection.ts";
import type { Given } from "../../plan/evaluate.ts";
import { readCertificate } from "./certificate.ts";

export interface FilesOf {
  readonly name: string;
  readonly here: boolean;
  readonly connection: () => Promise<Connection>;
  /** Rejects with `HostFailure` where the host takes too long. */
  readonly inTime: <T>(work: Promise<T>) => Promise<T>;
  /** `in DIR` of where the statement stands. */
  readonly folder: string | undefined;
  readonly startFolder: string;
  readonly temporaryFolder: string;
  readonly now: () => Date;
}

/** Answers conditions and readings of a statement on one host. Each answer rejects with `HostFailure`. */
export function givenBy(files: FilesOf): Given {
  return {
    fileExists: async (path) => {
      const connection = await files.connection();
      return (await files.inTime(connection.stat(pathOn(files, path)))) !== undefined;
    },
    reading: async (reading, path) => {
      const there = pathOn(files, path);
      const connection = await files.connection();
      if (reading === "sha256") {
        const facts = await files.inTime(connection.stat(there));
        if (facts === undefined) throw missingFile(files.name, path);
        return { type: "scalar", of: "word", text: facts.sha256 };
      }
      return readCertificate(await bytesOf(files, connection, there), `${path} on ${files.name}`, files.now());
    },
  };
}

/** A path of the runbook as the host knows it: relative ones begin in the statement's folder; on this machine where ordo was started. */
export function pathOn(files: Pick<FilesOf, "here" | "folder" | "startFolder">, path: string): string {
  if (files.here) return resolve(files.startFolder, files.folder ?? "", path);
  if (files.folder === undefined || isAbsolute(path) || /^([A-Za-z]:)?[\\/]|^~/.test(path)) return path;
  const separator = files.folder.includes("\\") && !files.folder.includes("/") ? "\\" : "/";
  return files.folder.replace(/[\\/]$/, "") + separator + path;
}

/** Size and SHA-256 of a local file. */
export async function factsOfLocalFile(path: string): Promise<FileFacts> {
  const bytes = await readFile(path);
  return { sizeBytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
}

/** A path in the temporary folder that nothing else has. */
export function temporaryPath(folder: string): string {
  return join(folder, randomBytes(8).toString("hex"));
}

export function missingFile(host: string, path: string): HostFailure {
  return new HostFailure(
    "file-missing",
    `There is no file ${path} on ${host}.`,
    `Look which earlier line should have made it, and on which host.`,
  );
}

const largestCertificateBytes = 1024 * 1024;

async function bytesOf(files: FilesOf, connection: Connection, path: string): Promise<Uint8Array> {
  const local = temporaryPath(files.temporaryFolder);
  try {
    await files.inTime(connection.fetch(path, local));
    const { size } = await stat(local);
    if (size > largestCertificateBytes)
      throw new HostFailure(
        "file-refused",
        `${path} on ${files.name} is ${size} bytes long: that is no certificate.`,
        "Name the file of the certificate.",
      );
    return await readFile(local);
  } finally {
    await rm(local, { force: true });
  }
}
