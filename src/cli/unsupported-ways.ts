import type { Plan } from "../plan/plan.ts";
import { error, type Diagnostic } from "../text/diagnostic.ts";

/** Ways to a host that the language has and this version does not go yet: refused before anything runs, not halfway through. */
export function unsupportedWays(plan: Plan): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const { host } of plan.hosts.values()) {
    if (host.span === undefined) continue;
    if (host.via !== undefined) {
      const message = `${host.name} is reached through ${host.via} ("via"), and this version connects only directly. Open a tunnel yourself (ssh -L) and name its end: host ${host.name}: ${host.kind} at 127.0.0.1`;
      found.push(error("unsupported-way", host.span, message));
    }
    if (host.bySystemSsh) {
      const message = `${host.name} is to be reached "by system ssh", and this version connects by itself only. Take the line away, and give a password or a key.`;
      found.push(error("unsupported-way", host.span, message));
    }
  }
  return found;
}
