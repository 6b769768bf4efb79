// The secret that a place of the inventory names.
import type { SecretFromNode } from "../../language/tree.ts";
import type { Plan } from "../../plan/plan.ts";
import type { Secret } from "../../secrets/secret.ts";

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
