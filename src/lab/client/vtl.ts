// vtl, the Virtual Token Library's tool, as both of the lab's clients have it.

import { access, constants } from "node:fs/promises";
import { join } from "node:path";
import { makeIdentity, md5Fingerprint, readCertificate } from "../certificate.ts";
import type { LabNetwork } from "../network.ts";
import { askNtls } from "./ntls-client.ts";
import type { NtlsPartition } from "./ntls-client.ts";
import {
  keepServerCertificate,
  readClientIdentity,
  readConfiguration,
  readServerCertificates,
  readText,
  writeConfiguration,
  writeText,
} from "./vtl-store.ts";
import type { VtlPlace } from "./vtl-store.ts";

/** A client as vtl sees it. */
export interface VtlClient extends VtlPlace {
  readonly network: LabNetwork;
  /** `5.4` and so on; from 10 on every call begins with a banner. */
  readonly version: string;
}

/** One call. */
export interface VtlCall {
  readonly args: readonly string[];
  /** The real path of a file that was named on the line, from the folder where vtl was started. */
  readonly findFile: (path: string) => string;
}

/** What a call prints, with LF, and its exit status. */
export interface VtlResult {
  readonly stdout: string;
  readonly status: number;
}

/** Runs vtl. Sub-commands are read without regard to case. */
export async function runVtl(client: VtlClient, call: VtlCall): Promise<VtlResult> {
  const [name = "", ...rest] = call.args;
  const command = commands.get(name.toLowerCase());
  const result =
    command === undefined
      ? failed(`Unknown command: ${name}. Commands: ${[...commands.keys()].join(", ")} [sim]`)
      : await command(client, readOptions(rest), call);
  const banner =
    Number(client.version.split(".")[0]) >= 10
      ? `vtl (64-bit) v${client.version}. Copyright (c) 2020 SafeNet. All rights reserved.\n\n`
      : "";
  return { ...result, stdout: `${banner}${result.stdout}` };
}

type Command = (client: VtlClient, options: ReadonlyMap<string, string>, call: VtlCall) => Promise<VtlResult>;

// Names that may become part of a path or of a configuration line.
const plainName = /^[\w.-]+$/;

const createCert: Command = async (client, options) => {
  const name = options.get("n");
  if (name === undefined || !plainName.test(name)) return failed("Usage: vtl createCert -n <hostname or IP> [sim]");
  const folder = join(client.folder, "cert", "client");
  try {
    await access(folder, constants.W_OK);
  } catch {
    return failed(`Error:  Could not create client certificate or private key. Ensure
        the current user has read and write permissions to the
        directory indicated by the 'ClientCertFile' and
        'ClientPrivKeyFile' lines in the ${client.style === "ini" ? "crystoki.ini" : "Chrystoki.conf"} file.`);
  }
  const made = await makeIdentity({ commonName: name, validDays: 3653, now: new Date() });
  await writeText(join(folder, `${name}Key.pem`), made.privateKey);
  await writeText(join(folder, `${name}.pem`), made.certificate);
  await writeConfiguration(client, { ...(await readConfiguration(client)), clientName: name });
  const shown = [client.shownFolder, "cert", "client", ""].join(client.separator);
  return done(
    `Private Key created and written to: ${shown}${name}Key.pem\nCertificate created and written to: ${shown}${name}.pem`,
  );
};

const addServer: Command = async (client, options, call) => {
  const server = options.get("n");
  const file = options.get("c");
  if (server === undefined || file === undefined || !plainName.test(server)) {
    return failed("Usage: vtl addServer -n <hostname or IP> -c <server certificate> [sim]");
  }
  const configuration = await readConfiguration(client);
  if (configuration.servers.includes(server)) return failed("Error: This server is already registered. [sim]");
  const pem = await readText(call.findFile(file));
  if (pem === undefined) return failed(`Error: The certificate file ${file} can't be read. [sim]`);
  if (readCertificate(pem) === undefined) return failed(`Error: ${file} is not a certificate. [sim]`);
  const servers = [...configuration.servers, server];
  await keepServerCertificate(client, { server, certificate: pem.endsWith("\n") ? pem : `${pem}\n`, servers });
  await writeConfiguration(client, { ...configuration, servers });
  return done(`New server ${server} successfully added to server list.`);
};

const deleteServer: Command = async (client, options) => {
  const server = options.get("n") ?? "";
  const configuration = await readConfiguration(client);
  if (!configuration.servers.includes(server)) return failed(`Error: Server ${server} is not registered. [sim]`);
  const servers = configuration.servers.filter((other) => other !== server);
  await keepServerCertificate(client, { server, certificate: undefined, servers });
  await writeConfiguration(client, { ...configuration, servers });
  return done(`Server ${server} successfully removed from server list. [sim]`);
};

const listServers: Command = async (client) => {
  const { servers } = await readConfiguration(client);
  if (servers.length === 0) return done("There are no servers registered.");
  return done(servers.map((server) => `Server: ${server}  HTL required: no`).join("\n"));
};

const verify: Command = async (client) => {
  const asked = await askServers(client);
  if (asked === undefined) return failed("Error: There are no registered servers");
  const { partitions, reasons } = asked;
  // The exit status says nothing here: on the real one too, only the text tells (S9).
  if (partitions.length === 0) {
    const why = reasons.map((reason) => `${reason} [sim]\n`).join("");
    return done(`${why}Error: Unable to find any Luna SA slots/partitions among registered server`);
  }
  const hasTabs = Number(client.version.split(".")[0]) >= 6;
  const rows = partitions.map(({ serial, label }, slot) =>
    hasTabs
      ? `   ${slot}\t${serial.padStart(16)}\t${label}`
      : `${String(slot).padStart(4)}${serial.padStart(20)}        ${label}`,
  );
  return done(
    [
      "",
      "The following Luna SA Slots/Partitions were found:",
      "",
      "Slot    Serial #                Label",
      "====    ================        =====",
      ...rows,
      "",
    ].join("\n"),
  );
};

const listSlots: Command = async (client) => {
  const asked = await askServers(client);
  const partitions = asked?.partitions ?? [];
  const slots = partitions.map(
    ({ serial, label }, index) => `slot #${index + 1} LunaNet Slot ${label} ${serial} Present`,
  );
  const empty = `slot #${slots.length + 1} - - - Not present`;
  return done(
    [`Number of slots: ${slots.length + 1}`, "", "The following slots were found:", "", ...slots, empty].join("\n"),
  );
};

const fingerprint: Command = async (_client, options, call) => {
  const file = options.get("c") ?? "";
  const pem = await readText(call.findFile(file));
  const certificate = pem === undefined ? undefined : readCertificate(pem);
  if (certificate === undefined) return failed(`Error: ${file} is not a certificate. [sim]`);
  return done(`Certificate fingerprint: ${md5Fingerprint(certificate)} [sim]`);
};

const commands: ReadonlyMap<string, Command> = new Map([
  ["createcert", createCert],
  ["addserver", addServer],
  ["deleteserver", deleteServer],
  ["listservers", listServers],
  ["verify", verify],
  ["listslots", listSlots],
  ["fingerprint", fingerprint],
]);

interface Asked {
  readonly partitions: readonly NtlsPartition[];
  readonly reasons: readonly string[];
}

async function askServers(client: VtlClient): Promise<Asked | undefined> {
  const { servers, clientName } = await readConfiguration(client);
  if (servers.length === 0) return undefined;
  const identity = await readClientIdentity(client, clientName);
  const added = await readServerCertificates(client);
  const outcomes = await Promise.all(
    servers.map((server) => askNtls({ server, network: client.network, ...identity, servers: added })),
  );
  return {
    partitions: outcomes.flatMap((outcome) => (outcome.type === "partitions" ? outcome.partitions : [])),
    reasons: outcomes.flatMap((outcome) => (outcome.type === "no-link" ? [outcome.reason] : [])),
  };
}

function readOptions(args: readonly string[]): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  for (const [index, arg] of args.entries()) {
    const value = args[index + 1];
    if (arg.startsWith("-") && value !== undefined) options.set(arg.slice(1).toLowerCase(), value);
  }
  return options;
}

function done(text: string): VtlResult {
  return { stdout: `${text}\n`, status: 0 };
}

function failed(text: string): VtlResult {
  return { stdout: `${text}\n`, status: 1 };
}
