// The lab: simulated hosts on loopback, with an inventory that leads to them.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { isClientHost } from "./client/client-host.ts";
import type { ClientHost, ClientHostOptions } from "./client/client-host.ts";
import { startLinuxHost } from "./client/linux-host.ts";
import { Faults } from "./host.ts";
import type { Fault, LabHost } from "./host.ts";
import { LabNetwork } from "./network.ts";
import { makeHostKey } from "./ssh/host-keys.ts";
import type { HostKey } from "./ssh/host-keys.ts";
import { testHostKey } from "./ssh/test-keys.ts";
import type { Accounts } from "./ssh/server.ts";
import { isWindowsHost, startWindowsHost } from "./windows/host.ts";
import type { WindowsHost } from "./windows/host.ts";
import { isLunaHost, startLunaHost } from "./luna/host.ts";
import type { LunaHost } from "./luna/host.ts";
import { profileVersions } from "./luna/profile.ts";
import type { LunaProfile } from "./luna/profile.ts";

/** One host of a lab. What is left out has the lab's default. */
export interface LabHostOptions {
  readonly name: string;
  readonly kind: "luna" | "windows" | "linux";
  /** Without it: the documented port of a default host in a lab with fixed ports, else a free one. */
  readonly port?: number;
  /** A loopback address; 127.0.0.1. Clients that name an appliance by its address need one for each appliance. */
  readonly address?: string;
  /** Further names and addresses under which the lab's clients find this appliance. */
  readonly addresses?: readonly string[];
  readonly user?: string;
  readonly password?: string;
  /** Lines of an authorized_keys file; whoever holds such a key may log in. */
  readonly publicKeys?: readonly string[];
  /** What the ssh server offers; password and publickey. */
  readonly methods?: Accounts["methods"];
  /** Only key exchange and ciphers of the 5.x years. */
  readonly algorithms?: "old";
  readonly faults?: readonly Fault[];
  /** Appliance only: the generation, or an exact version (`5.4.7-1`), which wins. */
  readonly profile?: LunaProfile;
  readonly version?: string;
  /** Appliance only: the name in its prompt and its certificate. */
  readonly hostname?: string;
  readonly partitions?: readonly { readonly serial: string; readonly name: string }[];
  /** Appliance only: the password of the HSM's security officer. */
  readonly officerPassword?: string;
  readonly ntlsPort?: number;
  /** Client only: the version of its LunaClient; from 10 on vtl prints a banner first. */
  readonly clientVersion?: string;
}

/** How a lab is set up. */
export interface LabOptions {
  /** `fixed`: the documented ports; `free` (the default): whatever the system gives. */
  readonly ports?: "fixed" | "free";
  /** `fixed`: the published test keys; `fresh` (the default): new ones. */
  readonly keys?: "fixed" | "fresh";
  /** A folder of the lab's own; it is made if need be, and what the lab made in it is gone after `close`. */
  readonly folder: string;
  readonly hosts?: readonly LabHostOptions[];
}

/** A running lab. */
export interface Lab {
  readonly hosts: ReadonlyMap<string, LabHost>;
  readonly network: LabNetwork;
  /** The values of the variables that the inventory names. */
  readonly environment: Readonly<Record<string, string>>;
  /** The appliance of that name. Throws where there is none. */
  luna(name?: string): LunaHost;
  /** The client of that name. Throws where there is none. */
  client(name: string): ClientHost;
  /** The Windows-like client of that name. Throws where there is none. */
  windows(name?: string): WindowsHost;
  /** The text of a hosts.runbook that leads to these hosts. */
  inventory(): string;
  close(): Promise<void>;
}

/** Ports of a lab with fixed ports. */
export const fixedPorts = { hsm: 42201, client: 42202, linux_client: 42203, ntls: 42292 } as const;

/** The hosts of a lab that names none. */
export const defaultHosts: readonly LabHostOptions[] = [
  { name: "hsm", kind: "luna" },
  { name: "client", kind: "windows" },
  { name: "linux_client", kind: "linux" },
];

/** Starts every host of a lab. Throws when a port is taken; nothing is left running then. */
export async function startLab(options: LabOptions): Promise<Lab> {
  await mkdir(options.folder, { recursive: true });
  const network = new LabNetwork();
  const hosts = new Map<string, LabHost>();
  const environment: Record<string, string> = {};
  const descriptions: string[] = [];
  const close = async (): Promise<void> => {
    await Promise.all([...hosts.values()].map((host) => host.close()));
  };
  try {
    for (const wanted of options.hosts ?? defaultHosts) {
      const started = await startHost(wanted, options, network);
      hosts.set(wanted.name, started.host);
      descriptions.push(started.description);
      Object.assign(environment, started.environment);
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    hosts,
    network,
    environment,
    luna: (name = "hsm") => {
      const host = hosts.get(name);
      if (!isLunaHost(host)) throw new Error(`the lab has no appliance named ${name}`);
      return host;
    },
    client: (name) => {
      const host = hosts.get(name);
      if (!isClientHost(host)) throw new Error(`the lab has no client named ${name}`);
      return host;
    },
    windows: (name = "client") => {
      const host = hosts.get(name);
      if (!isWindowsHost(host)) throw new Error(`the lab has no Windows-like client named ${name}`);
      return host;
    },
    inventory: () =>
      `# The hosts of a running lab. Their passwords are in the environment.\n\nuse luna\n\n${descriptions.join("\n")}`,
    close,
  };
}

interface Started {
  readonly host: LabHost;
  readonly description: string;
  readonly environment: Readonly<Record<string, string>>;
}

async function startHost(wanted: LabHostOptions, options: LabOptions, network: LabNetwork): Promise<Started> {
  const isFixed = options.ports === "fixed";
  const hostKey = (options.keys === "fixed" ? testHostKey(wanted.name) : undefined) ?? (await makeHostKey());
  const port = wanted.port ?? (isFixed ? fixedPort(wanted.name) : 0);
  const shared = {
    name: wanted.name,
    address: wanted.address ?? "127.0.0.1",
    port,
    hostKey,
    publicKeys: wanted.publicKeys ?? [],
    methods: wanted.methods ?? (["publickey", "password"] as const),
    faults: new Faults(wanted.faults),
  };
  const variable = `ORDO_LAB_${wanted.name.toUpperCase().replaceAll("-", "_")}`;
  if (wanted.kind !== "luna") {
    const client = await startClient(wanted, { ...shared, network, folder: join(options.folder, wanted.name) });
    return {
      host: client,
      environment: { [`${variable}_PASSWORD`]: client.password },
      description: describe(client, variable),
    };
  }
  const host = await startLuna(wanted, { ...shared, isFixed });
  network.add(
    [wanted.name, host.appliance.hostname, host.address, ...(wanted.addresses ?? [])],
    () => host.appliance.ntls.port,
  );
  const { version } = host.appliance.generation;
  return {
    host,
    environment: { [`${variable}_PASSWORD`]: host.password, [`${variable}_SO_PASSWORD`]: host.appliance.hsm.password },
    description: `${describe(host, variable)}  version ${version}\n\nsecret ${wanted.name}_so_password from env ${variable}_SO_PASSWORD\n`,
  };
}

interface Shared {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly hostKey: HostKey;
  readonly publicKeys: readonly string[];
  readonly methods: Accounts["methods"];
  readonly faults: Faults;
  readonly isFixed: boolean;
}

function startLuna(wanted: LabHostOptions, shared: Shared): Promise<LunaHost> {
  const partitions = wanted.partitions ?? [{ serial: "902514001", name: "ade_partition" }];
  return startLunaHost({
    ...shared,
    ntlsPort: wanted.ntlsPort ?? (shared.isFixed && wanted.name === "hsm" ? fixedPorts.ntls : 0),
    user: wanted.user ?? "admin",
    password: wanted.password ?? "lab-Admin-1",
    officerPassword: wanted.officerPassword ?? "lab-Officer-1",
    version: wanted.version ?? profileVersions[wanted.profile ?? "5.3"],
    hostname: wanted.hostname ?? "ade_luna_sa",
    partitions: partitions.map((partition) => ({ ...partition, objects: 0, totalBytes: 102_701, usedBytes: 0 })),
    algorithms: wanted.algorithms,
  });
}

function startClient(
  wanted: LabHostOptions,
  shared: Omit<ClientHostOptions, "user" | "password" | "clientVersion">,
): Promise<ClientHost> {
  const clientVersion = wanted.clientVersion ?? "5.4.7";
  if (wanted.kind === "windows") {
    return startWindowsHost({
      ...shared,
      user: wanted.user ?? "administrator",
      password: wanted.password ?? "lab-Windows-1",
      clientVersion,
    });
  }
  return startLinuxHost({
    ...shared,
    user: wanted.user ?? "operator",
    password: wanted.password ?? "lab-Operator-1",
    clientVersion,
  });
}

function describe(host: LabHost, variable: string): string {
  return `host ${host.name}: ${host.kind} at ${host.address}
  port ${host.port}
  user ${host.user}
  password from env ${variable}_PASSWORD
  host key "${host.hostKey}"
`;
}

function fixedPort(name: string): number {
  return name === "hsm" || name === "client" || name === "linux_client" ? fixedPorts[name] : 0;
}
