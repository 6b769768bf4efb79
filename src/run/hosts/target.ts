// From the inventory's host to the way of reaching it.
import { HostFailure, type Target } from "../../hosts/connection.ts";
import type { Plan, PlannedHost } from "../../plan/plan.ts";
import type { SecretFromNode } from "../../language/tree.ts";
import type { Secret } from "../../secrets/secret.ts";

export interface ConnectOptions {
  /** Paths of known_hosts files, in order. */
  readonly knownHosts: readonly string[];
  readonly connectTimeoutMs: number;
}

/**
 * The target of a host. Throws `HostFailure` for a way of reaching it that this program doesn't have: going straight to a
 * host that is declared to be behind another would meet the wrong machine.
 */
export function targetOf(
  plan: Plan,
  planned: PlannedHost,
  secrets: ReadonlyMap<string, Secret>,
  options: ConnectOptions,
): Target {
  const { host, kind } = planned;
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
  const password = secretFrom(plan, host.password, secrets);
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
    files: kind.files,
    connectTimeoutMs: options.connectTimeoutMs,
  };
}

/** The secret that the plan read for this place of the inventory. */
export function secretFrom(
  plan: Plan,
  from: SecretFromNode | undefined,
  secrets: ReadonlyMap<string, Secret>,
): Secret | undefined {
  if (from === undefined) return undefined;
  const entry = plan.secrets.find((secret) => secret.from === from);
  return entry === undefined ? undefined : secrets.get(entry.name);
}
