// What vtl keeps on a client: its own key and certificate, the servers' certificates, the configuration file.

import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Where a client's files really are, and how that client writes paths. */
export interface VtlPlace {
  /** The real folder that stands for the client's LunaClient folder. */
  readonly folder: string;
  /** That folder as the client sees it. */
  readonly shownFolder: string;
  readonly separator: "/" | "\\";
  /** The real path of Chrystoki.conf or crystoki.ini. */
  readonly configuration: string;
  readonly style: "conf" | "ini";
}

/** What the configuration holds. */
export interface VtlConfiguration {
  readonly servers: readonly string[];
  /** The name that `createCert` was given last. */
  readonly clientName: string | undefined;
}

/** NTLS on a real appliance; the lab's network leads to the real port. */
const ntlsPort = 1792;

/** Reads the configuration; a client that has none yet has no servers. */
export async function readConfiguration(place: VtlPlace): Promise<VtlConfiguration> {
  const text = (await readText(place.configuration)) ?? "";
  const servers = [...text.matchAll(/^\s*ServerName\d+\s*=\s*([^;\r\n]+?)\s*;?\s*$/gm)].map((match) => match[1] ?? "");
  const clientName = /^\s*ClientCertFile\s*=\s*.*?([^\\/]+)\.pem\s*;?\s*$/m.exec(text)?.[1];
  return { servers, clientName };
}

/** Writes the configuration anew, in the manner of its system. */
export async function writeConfiguration(place: VtlPlace, { servers, clientName }: VtlConfiguration): Promise<void> {
  const path = (...parts: readonly string[]): string => [place.shownFolder, ...parts].join(place.separator);
  const entries = [
    ["ServerCAFile", path("cert", "server", "CAFile.pem")],
    ...(clientName === undefined
      ? []
      : [
          ["ClientCertFile", path("cert", "client", `${clientName}.pem`)],
          ["ClientPrivKeyFile", path("cert", "client", `${clientName}Key.pem`)],
        ]),
    ...servers.flatMap((server, index) => {
      const number = String(index).padStart(2, "0");
      return [
        [`ServerName${number}`, server],
        [`ServerPort${number}`, String(ntlsPort)],
        [`ServerHtl${number}`, "0"],
      ];
    }),
  ];
  const text =
    place.style === "ini"
      ? ["[LunaSA Client]", ...entries.map(([key, value]) => `${key}=${value}`), ""].join("\r\n")
      : ["LunaSA Client = {", ...entries.map(([key, value]) => `   ${key} = ${value};`), "}", ""].join("\n");
  await writeText(place.configuration, text);
}

/** The client's private key and certificate, as far as they are there. */
export async function readClientIdentity(
  place: VtlPlace,
  name: string | undefined,
): Promise<{ readonly privateKey: string | undefined; readonly certificate: string | undefined }> {
  if (name === undefined) return { privateKey: undefined, certificate: undefined };
  return {
    privateKey: await readText(join(place.folder, "cert", "client", `${name}Key.pem`)),
    certificate: await readText(join(place.folder, "cert", "client", `${name}.pem`)),
  };
}

/** Keeps a server's certificate, or forgets it; CAFile.pem is all of them one after another. */
export async function keepServerCertificate(
  place: VtlPlace,
  change: { readonly server: string; readonly certificate: string | undefined; readonly servers: readonly string[] },
): Promise<void> {
  const fileOf = (server: string): string => join(place.folder, "cert", "server", `${server}Cert.pem`);
  if (change.certificate === undefined) await rm(fileOf(change.server), { force: true });
  else await writeText(fileOf(change.server), change.certificate);
  const kept = await Promise.all(change.servers.map((server) => readText(fileOf(server))));
  await writeText(join(place.folder, "cert", "server", "CAFile.pem"), kept.filter((pem) => pem !== undefined).join(""));
}

/** The certificates in CAFile.pem, one PEM text each. */
export async function readServerCertificates(place: VtlPlace): Promise<readonly string[]> {
  const text = (await readText(join(place.folder, "cert", "server", "CAFile.pem"))) ?? "";
  return text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
}

/** A file's text, or undefined where it can't be read. */
export async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch {
    return undefined;
  }
}

/** Writes a file, making its folder. */
export async function writeText(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
