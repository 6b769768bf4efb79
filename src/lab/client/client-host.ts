// What the lab's two clients have in common.

import type { Faults, LabHost } from "../host.ts";
import type { LabNetwork } from "../network.ts";
import type { HostKey } from "../ssh/host-keys.ts";
import type { Accounts } from "../ssh/server.ts";

/** A simulated client of the trust link. */
export interface ClientHost extends LabHost {
  readonly kind: "windows" | "linux";
  /** The real path of one of the client's paths; relative ones start in the account's home. */
  realPath(path: string): string;
}

/** Whether a host is a client. */
export function isClientHost(host: LabHost | undefined): host is ClientHost {
  return host?.kind === "windows" || host?.kind === "linux";
}

/** What a client is made of. */
export interface ClientHostOptions {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly hostKey: HostKey;
  readonly user: string;
  readonly password: string;
  readonly publicKeys: readonly string[];
  readonly methods: Accounts["methods"];
  readonly faults: Faults;
  readonly network: LabNetwork;
  /** The folder that this client alone uses; it is removed at the end. */
  readonly folder: string;
  /** The version of its LunaClient. */
  readonly clientVersion: string;
}
