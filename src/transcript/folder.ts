// The folder of a transcript: made exclusively, private to the account, its sources in it before anything else happens.
import { mkdir, open, readdir } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";

import { sha256 } from "./chain.ts";
import { messageOf } from "../text/message-of.ts";

/** A file that was read for the run, as it was read. */
export interface SourceFile {
  /** As the operator named it. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** A source as the record `run-started` names it. */
export interface StoredSource {
  /** In the folder, with `/`. */
  readonly path: string;
  readonly from: string;
  readonly sha256: string;
}

/** Where the transcript goes: a new folder in `parent`, or exactly `directory`. */
export type Place = { readonly parent: string; readonly slug: string } | { readonly directory: string };

/**
 * Makes the folder of a transcript; two runs never share one.
 * @param now milliseconds since 1970
 * @returns its absolute path; throws an error with a plain sentence when it can't be made, or the given directory holds something
 */
export async function makeFolder(place: Place, now: number): Promise<string> {
  if ("directory" in place) return takeDirectory(resolve(place.directory));
  const parent = resolve(place.parent);
  await makeFolders(parent).catch((error: unknown) => {
    throw cannotMake(parent, error);
  });
  const name = `${new Date(now).toISOString().slice(0, 19).replaceAll(":", "")}Z-${safeName(place.slug.trim().replaceAll(/\s+/g, "-"))}`;
  for (let count = 1; ; count++) {
    const folder = join(parent, count === 1 ? name : `${name}-${count}`);
    try {
      await mkdir(folder, { mode: 0o700 });
      return folder;
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw cannotMake(folder, error);
    }
  }
}

/** Writes each source byte for byte as `sources/NUMBER-NAME`, synced. */
export async function storeSources(folder: string, sources: readonly SourceFile[]): Promise<StoredSource[]> {
  await mkdir(join(folder, "sources"), { mode: 0o700 });
  const stored: StoredSource[] = [];
  for (const [index, source] of sources.entries()) {
    const path = `sources/${index + 1}-${safeName(basename(source.path))}`;
    await writeSynced(join(folder, path), source.bytes);
    stored.push({ path, from: source.path, sha256: sha256(source.bytes) });
  }
  await syncFolder(join(folder, "sources"));
  return stored;
}

/** A new file with these bytes, on the disk when this resolves; throws when the file exists. */
export async function writeSynced(path: string, bytes: Uint8Array | string): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes the names in a folder durable. Windows has no such call and needs none. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** All but `A-Za-z0-9._-` as `_`; never empty, never hidden, never `..`, short enough for any file system. */
export function safeName(name: string): string {
  const safe = name.replaceAll(/[^A-Za-z0-9._-]/g, "_").replace(/^\.+/, (dots) => "_".repeat(dots.length));
  return safe === "" ? "_" : safe.slice(0, 120);
}

/** The system's code of an error (`ENOSPC`), or undefined. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/** A folder and what leads to it. Node's own recursive mkdir never returns where a folder that is there refuses a new one as not found (/proc). */
async function makeFolders(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOENT" && dirname(path) !== path) {
      await makeFolders(dirname(path));
      await mkdir(path);
    } else if (code !== "EEXIST") throw error;
  }
}

async function takeDirectory(folder: string): Promise<string> {
  try {
    await makeFolders(dirname(folder));
    await mkdir(folder, { mode: 0o700 });
    return folder;
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw cannotMake(folder, error);
  }
  const names = await readdir(folder).catch((error: unknown) => {
    throw cannotMake(folder, error);
  });
  if (names.length > 0)
    throw new Error(`The transcript can't go to ${folder}: it is not empty. Name a folder that does not exist yet.`);
  // Two runs that find the same empty folder: the first to make its `sources` has it, the second is told.
  return folder;
}

function cannotMake(folder: string, error: unknown): Error {
  const reason = messageOf(error);
  return new Error(`The transcript's folder ${folder} can't be made: ${reason}.`, { cause: error });
}
