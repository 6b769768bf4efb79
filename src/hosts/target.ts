// From the inventory's host to the way of reaching it.
import type { Host } from "../inventory/inventory.ts";
import type { Secret } from "../secrets/secret.ts";
import { HostFailure, type Target } from "./connection.ts";

export interface ConnectOptions {
  /** Paths of known_hosts files, in order. */
  readonly knownHosts: readonly string[];
  readonly connectTimeoutMs: number;
}

export interface Access {
  readonly host: Host;
  /** How its kind takes files. */
  readonly files: Target["files"];
  /** Read from its source already. */
  readonly password: Secret | undefined;
}

/** Throws `HostFailure` for a way of reaching a host that this program doesn't have: going straight to one that is declared to be behind another would meet the wrong machine. */
export function requireDirectWay(host: Host): void {
  if (host.via !== undefined) {
    throw new HostFailure(
      "unsupported",
      `${host.name} is reached through ${host.via} ("via"), and this version connects only directly.`,
      `Open a tunnel yourself and name its end: host ${host.name}: ${host.kind} at 127.0.0.1`,
    );
  }
  if (host.bySystemSsh) {
    throw new HostFailure(
      "unsupported",
      `${host.name} is to be reached "by system ssh", and this version doesn't do that yet.`,
      "Take the line away and give a password or a key.",
    );
  }
}

/** The target of a host. Throws what `requireDirectWay` throws. */
export function targetOf({ host, files, password }: Access, options: ConnectOptions): Target {
  requireDirectWay(host);
  return {
    name: host.name,
    here: host.here,
    address: host.address,
    port: host.port,
    ...(host.user === undefined ? {} : { user: host.user }),
    ...(password === undefined ? {} : { password }),
    ...(host.key === undefined ? {} : { key: host.key }),
    ...(host.hostKey === undefined ? {} : { hostKey: host.hostKey }),
    knownHosts: options.knownHosts,
    allowWeakAlgorithms: host.allowWeakAlgorithms,
    files,
    connectTimeoutMs: options.connectTimeoutMs,
  };
}
