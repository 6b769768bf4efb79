import { homedir } from "node:os";
import { fileBeside } from "../inventory/file-beside.ts";
import type { SecretFromNode, TextPart } from "../language/tree.ts";
import type { Plan } from "../plan/plan.ts";
import type { Secret } from "../secrets/secret.ts";
import { isWeak } from "../secrets/forms.ts";
import { readSecret, type ReadSecret, type SecretSource } from "../secrets/sources.ts";
import { textOf } from "../text/source.ts";

type ReadSecrets =
  | { readonly secrets: ReadonlyMap<string, Secret>; readonly warnings: readonly string[] }
  | { readonly problems: readonly string[] };

/** Reads every secret that the plan names, before anything runs; all that can't be read are said together. */
export async function readSecrets(
  plan: Plan,
  ask: ((name: string) => Promise<string | undefined>) | undefined,
): Promise<ReadSecrets> {
  const secrets = new Map<string, Secret>();
  const problems: string[] = [];
  const warnings: string[] = [];
  for (const { name, from } of plan.secrets) {
    const read = await readOneSecret(name, from, ask);
    if ("failure" in read) problems.push(read.failure);
    else {
      secrets.set(name, read.secret);
      if (read.warning !== undefined) warnings.push(read.warning);
      if (isWeak(read.secret.reveal()))
        warnings.push(
          `The secret ${name} is shorter than four characters or of digits only: in what hosts say it is replaced only where it stands alone.`,
        );
    }
  }
  return problems.length > 0 ? { problems } : { secrets, warnings };
}

/** Reads one secret from where an inventory or a runbook says that it is. */
export function readOneSecret(
  name: string,
  from: SecretFromNode,
  ask: ((name: string) => Promise<string | undefined>) | undefined,
): Promise<ReadSecret> {
  return readSecret(name, sourceOf(from), { environment: process.env, ask: ask ?? (() => Promise.resolve(undefined)) });
}

function sourceOf(from: SecretFromNode): SecretSource {
  switch (from.type) {
    case "env":
      return { type: "env", variable: from.variable.text };
    case "prompt":
      return { type: "prompt" };
    case "file":
      return { type: "file", path: fileBeside(from.span.source.path, literal(from.path.parts), homedir()) };
    case "command":
      return { type: "command", command: literal(from.command.parts) };
  }
}

/** A secret's source holds no values; a brace that looks like one stands for itself. */
function literal(parts: readonly TextPart[]): string {
  return parts.map((part) => (part.type === "literal" ? part.text : textOf(part.span))).join("");
}
