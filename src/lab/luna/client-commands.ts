// `client …`: who may use the appliance, and which partitions.

import { isIP } from "node:net";
import { md5Fingerprint, readCertificate } from "../certificate.ts";
import type { Appliance } from "./appliance.ts";
import { aborted, confirms, refuse } from "./command.ts";
import type { LunaCommand, LunaResult, LunaSession } from "./command.ts";
import type { RegisteredClient } from "./state.ts";

const register: LunaCommand = {
  words: ["client", "register"],
  options: ["client", "hostname", "ip"],
  flags: ["force"],
  run: async (session, { options }) => {
    const { appliance, account } = session;
    const name = options.get("client");
    const hostname = options.get("hostname");
    const ip = options.get("ip");
    const host = hostname ?? ip;
    if (name === undefined || host === undefined || (hostname !== undefined && ip !== undefined)) {
      return refuse(session, "client register", "Give -client with either -hostname or -ip.");
    }
    if (ip !== undefined && isIP(ip) === 0) return refuse(session, "client register", `'${ip}' is not an IP address.`);
    // The address first: the same command a second time is answered with this text (substrings of S9, S5).
    if (appliance.clients.some((client) => client.ip !== undefined && client.ip === ip)) {
      return refuse(session, "client register", "client with the same IP address has already been registered.");
    }
    if (appliance.clients.some((client) => client.hostname !== undefined && client.hostname === hostname)) {
      return refuse(session, "client register", "client with the same hostname has already been registered.");
    }
    if (findClient(appliance, name) !== undefined) {
      return refuse(session, "client register", `A client named '${name}' already exists.`);
    }
    const file = appliance.filesOf(account).get(`${host}.pem`);
    if (file === undefined) {
      return refuse(
        session,
        "client register",
        `The certificate file '${host}.pem' was not found. Copy it to this account first.`,
      );
    }
    const certificate = readCertificate(file.content);
    if (certificate === undefined) {
      return refuse(session, "client register", `The file '${host}.pem' is not a certificate.`);
    }
    const by = hostname === undefined ? { ip: host } : { hostname };
    appliance.clients = [...appliance.clients, { name, ...by, certificate, partitions: [] }];
    await session.print("\n'client register' successful.\n");
    return "success";
  },
};

const list: LunaCommand = {
  words: ["client", "list"],
  run: async (session) => {
    const { clients } = session.appliance;
    if (clients.length === 0) await session.print("No clients are registered.");
    for (const [index, client] of clients.entries())
      await session.print(`registered client ${index + 1}: ${client.name}`);
    await session.print("");
    return "success";
  },
};

const show: LunaCommand = {
  words: ["client", "show"],
  options: ["client"],
  run: async (session, { options }) => {
    const { appliance } = session;
    const client = findClient(appliance, options.get("client"));
    if (client === undefined) {
      await session.print(
        "Error:  'client show' failed. (C000040A : RC_OBJECT_NOT_IN_LIST)\n\nError:  Specified client does not exist.\n",
      );
      return "failure";
    }
    const names = appliance.partitionsOf(client).map((partition) => `"${partition.name}"`);
    await session.print(`ClientID:     ${client.name}`);
    await session.print(
      client.ip === undefined ? `Hostname:     ${client.hostname ?? ""}` : `IPAddress:    ${client.ip}`,
    );
    if (appliance.generation.showsHtl) await session.print("HTL Required: no\nOTT Expiry:   n/a");
    await session.print(`Partitions:   ${names.length === 0 ? "<none>" : names.join(", ")}\n`);
    return "success";
  },
};

const remove: LunaCommand = {
  words: ["client", "delete"],
  options: ["client"],
  flags: ["force"],
  run: async (session, { options, flags }) => {
    const { appliance } = session;
    const client = findClient(appliance, options.get("client"));
    if (client === undefined) return refuseUnknown(session, "client delete");
    if (!flags.has("force")) {
      const isSure = await confirms(
        session,
        `CAUTION:  Are you sure you wish to delete client named:\n          ${client.name}\n` +
          "        Type 'proceed' to delete the client, or 'quit'\n        to quit now.\n        > ",
      );
      if (!isSure) return aborted(session, "client delete");
    }
    appliance.clients = appliance.clients.filter((other) => other.name !== client.name);
    appliance.hostIps = new Map([...appliance.hostIps].filter(([name]) => name !== client.name));
    await session.print("'client delete' successful. [sim]\n");
    return "success";
  },
};

const assign: LunaCommand = {
  words: ["client", "assignPartition"],
  options: ["client", "partition"],
  flags: ["force"],
  run: async (session, { options }) => {
    const found = await findBoth(session, options, "client assignPartition");
    if (found === undefined) return "failure";
    const { client, serial } = found;
    if (client.partitions.includes(serial)) {
      return refuse(session, "client assignPartition", "The client already has access to this partition.");
    }
    replaceClient(session.appliance, { ...client, partitions: [...client.partitions, serial] });
    await session.print("\n'client assignPartition' successful.\n");
    return "success";
  },
};

const revoke: LunaCommand = {
  words: ["client", "revokePartition"],
  options: ["client", "partition"],
  flags: ["force"],
  run: async (session, { options }) => {
    const found = await findBoth(session, options, "client revokePartition");
    if (found === undefined) return "failure";
    const { client, serial } = found;
    if (!client.partitions.includes(serial)) {
      return refuse(session, "client revokePartition", "The client has no access to this partition.");
    }
    replaceClient(session.appliance, { ...client, partitions: client.partitions.filter((other) => other !== serial) });
    await session.print("\n'client revokePartition' successful.\n");
    return "success";
  },
};

const fingerprint: LunaCommand = {
  words: ["client", "fingerprint"],
  options: ["client"],
  run: async (session, { options }) => {
    const client = findClient(session.appliance, options.get("client"));
    if (client === undefined) {
      await session.print(
        "Error:  The client you specified does not exist.\n        Use 'client list' to list all available clients.\n" +
          "Error:  'client fingerprint' failed. (C000040A : RC_OBJECT_NOT_IN_LIST)\n",
      );
      return "failure";
    }
    await session.print(`Certificate fingerprint: ${md5Fingerprint(client.certificate)}\n`);
    return "success";
  },
};

const mapHostIp: LunaCommand = {
  words: ["client", "hostip", "map"],
  options: ["client", "ip"],
  run: async (session, { options }) => {
    const { appliance } = session;
    const client = findClient(appliance, options.get("client"));
    const ip = options.get("ip");
    if (client === undefined) return refuseUnknown(session, "client hostip map");
    if (ip === undefined || isIP(ip) === 0) return refuse(session, "client hostip map", "Give -ip with an IP address.");
    if (appliance.hostIps.has(client.name))
      return refuse(session, "client hostip map", "The client is already mapped.");
    appliance.hostIps = new Map(appliance.hostIps).set(client.name, ip);
    await session.print("'client hostip map' successful. [sim]\n");
    return "success";
  },
};

const unmapHostIp: LunaCommand = {
  words: ["client", "hostip", "unmap"],
  options: ["client"],
  run: async (session, { options }) => {
    const name = options.get("client") ?? "";
    if (!session.appliance.hostIps.has(name))
      return refuse(session, "client hostip unmap", "The client is not mapped.");
    session.appliance.hostIps = new Map([...session.appliance.hostIps].filter(([other]) => other !== name));
    await session.print("'client hostip unmap' successful. [sim]\n");
    return "success";
  },
};

const showHostIps: LunaCommand = {
  words: ["client", "hostip", "show"],
  run: async (session) => {
    await session.print("Client Name                    Host IP [sim]");
    for (const [name, ip] of session.appliance.hostIps) await session.print(`${name.padEnd(30)} ${ip}`);
    return "success";
  },
};

/** `client register`, `list`, `show`, `delete`, `assignPartition`, `revokePartition`, `fingerprint`, `hostip`. */
export const clientCommands: readonly LunaCommand[] = [
  register,
  list,
  show,
  remove,
  assign,
  revoke,
  fingerprint,
  mapHostIp,
  unmapHostIp,
  showHostIps,
];

function findClient(appliance: Appliance, name: string | undefined): RegisteredClient | undefined {
  return appliance.clients.find((client) => client.name === name);
}

async function refuseUnknown(session: LunaSession, command: string): Promise<LunaResult> {
  await session.print(
    `Error:  '${command}' failed. (C000040A : RC_OBJECT_NOT_IN_LIST) [sim]\n\nError:  Specified client does not exist.\n`,
  );
  return "failure";
}

async function findBoth(
  session: LunaSession,
  options: ReadonlyMap<string, string>,
  command: string,
): Promise<{ readonly client: RegisteredClient; readonly serial: string } | undefined> {
  const client = findClient(session.appliance, options.get("client"));
  if (client === undefined) {
    await refuseUnknown(session, command);
    return undefined;
  }
  const partition = session.appliance.partitions.find((candidate) => candidate.name === options.get("partition"));
  if (partition === undefined) {
    await refuse(session, command, "(C000040A : RC_OBJECT_NOT_IN_LIST) Specified partition does not exist.");
    return undefined;
  }
  return { client, serial: partition.serial };
}

function replaceClient(appliance: Appliance, changed: RegisteredClient): void {
  appliance.clients = appliance.clients.map((client) => (client.name === changed.name ? changed : client));
}
