// The appliance as a host on loopback: lunash by shell and exec, files by legacy scp, no sftp.

import type { Faults, LabHost, Received } from "../host.ts";
import type { HostKey } from "../ssh/host-keys.ts";
import { parseScp, serveScp } from "../ssh/legacy-scp.ts";
import type { ScpFiles } from "../ssh/legacy-scp.ts";
import { resetSocket } from "../ssh/outlet.ts";
import { startSshServer } from "../ssh/server.ts";
import type { Accounts, SessionRequest } from "../ssh/server.ts";
import { openOutlet } from "../ssh/session-outlet.ts";
import { Appliance } from "./appliance.ts";
import { serveLunash, serveLunashCommand } from "./lunash.ts";
import type { LunaSessionHost } from "./lunash.ts";
import { makeGeneration } from "./profile.ts";
import type { Partition } from "./state.ts";
import { unixDate } from "./system-commands.ts";

/** A simulated appliance, and what it knows. */
export interface LunaHost extends LabHost {
  readonly kind: "luna";
  readonly appliance: Appliance;
}

/** Whether a host is an appliance. */
export function isLunaHost(host: LabHost | undefined): host is LunaHost {
  return host?.kind === "luna";
}

/** What an appliance is made of. */
export interface LunaHostOptions {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly ntlsPort: number;
  readonly hostKey: HostKey;
  readonly user: string;
  readonly password: string;
  readonly officerPassword: string;
  readonly version: string;
  readonly hostname: string;
  readonly partitions: readonly Partition[];
  readonly publicKeys: readonly string[];
  readonly methods: Accounts["methods"];
  readonly algorithms?: "old" | undefined;
  readonly faults: Faults;
}

/** Starts an appliance with NTLS running. */
export async function startLunaHost(options: LunaHostOptions): Promise<LunaHost> {
  const { name, user, password, faults } = options;
  const received: Received[] = [];
  const note = (item: Received): void => {
    received.push(item);
  };
  const appliance = new Appliance({
    generation: makeGeneration(options.version),
    hostname: options.hostname,
    partitions: options.partitions,
    passwords: new Map([[user, password]]),
    officerPassword: options.officerPassword,
    ntlsPort: options.ntlsPort,
    faults,
  });
  let lastLoginAt = new Date();
  const sessionHost = (): LunaSessionHost => {
    const lastLogin = `Last login: ${unixDate(lastLoginAt, "")} from 127.0.0.1`;
    lastLoginAt = appliance.now();
    return { appliance, faults, received: note, lastLogin };
  };
  await appliance.restartNtls();
  const server = await startSshServer({
    address: options.address,
    port: options.port,
    hostKey: options.hostKey,
    accounts: { passwords: appliance.passwords, publicKeys: options.publicKeys, methods: options.methods },
    faults,
    received: note,
    algorithms: options.algorithms,
    handlers: {
      shell: (request) => serveLunash(request, sessionHost()),
      exec: (request, command) =>
        parseScp(command) === undefined
          ? serveLunashCommand(request, command, sessionHost())
          : serveCopy(request, command, { appliance, faults, note }),
    },
  }).catch(async (error: unknown) => {
    await appliance.ntls.stop();
    throw error;
  });
  return {
    name,
    kind: "luna",
    address: options.address,
    port: server.port,
    user,
    get password() {
      return appliance.passwords.get(user) ?? password;
    },
    hostKey: options.hostKey.fingerprint,
    publicHostKey: options.hostKey.public,
    received,
    faults,
    appliance,
    resetConnections: () => server.resetConnections(),
    close: async () => {
      await Promise.all([server.close(), appliance.ntls.stop()]);
    },
  };
}

interface Copying {
  readonly appliance: Appliance;
  readonly faults: Faults;
  readonly note: (item: Received) => void;
}

async function serveCopy(
  request: SessionRequest,
  command: string,
  { appliance, faults, note }: Copying,
): Promise<void> {
  const scp = parseScp(command);
  if (scp === undefined) return;
  const { channel, socket, user } = request;
  const outlet = openOutlet(request, faults);
  const files: ScpFiles = {
    read: async (path) => {
      const name = homeName(path);
      if (name === "server.pem") return Buffer.from((await appliance.identity()).certificate);
      const file = name === undefined ? undefined : appliance.filesOf(user).get(name);
      return file?.content ?? { problem: "No such file or directory" };
    },
    write: async (path, sentName, content) => {
      const name = /^(?:\.|\.\/|~|~\/)$/.test(path) ? sentName : homeName(path);
      if (name === undefined) return { problem: "No such file or directory" };
      if (name === "server.pem") return { problem: "Permission denied" };
      appliance.putFile(user, name, content);
      note({ type: "file", path: name, sizeBytes: content.length });
      return undefined;
    },
  };
  const wire = {
    input: channel,
    outlet,
    resetAfterBytes: faults.find("reset-file")?.afterBytes,
    reset: () => resetSocket(socket),
  };
  channel.exit(await serveScp(scp, wire, files));
  channel.end();
}

// The home is flat: a path with a folder in it names nothing.
function homeName(path: string): string | undefined {
  const name = path.replace(/^(?:\.\/|~\/)/, "");
  return name === "" || name.includes("/") || name === "." || name === ".." ? undefined : name;
}
