import { homedir } from "node:os";
import { join } from "node:path";
import type { ConnectOptions } from "../hosts/target.ts";

/** The user's known_hosts, then the system's, and the contract's 15 s. */
export function connectOptions(): ConnectOptions {
  return {
    knownHosts: [join(homedir(), ".ssh", "known_hosts"), "/etc/ssh/ssh_known_hosts"],
    connectTimeoutMs: 15_000,
  };
}
