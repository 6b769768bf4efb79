// What may stand under a phrase: expectations and captures over the output of its last command, and names that its body binds.
import type { ClauseNode } from "../../language/tree.ts";
import type { Given } from "../../plan/evaluate.ts";
import type { Value } from "../../plan/value.ts";
import { textOf } from "../../text/source.ts";
import type { DialogueKind } from "../../vocabulary/vocabulary.ts";
import { captureAll } from "../commands/captures.ts";
import type { Check } from "../commands/check.ts";
import { checkConditions, checkExpectations, withoutVerdictLine } from "../commands/verdict.ts";
import type { Frame } from "../interpret/frame.ts";
import { learnSecrets } from "../interpret/values.ts";

export interface UnderPhrase {
  readonly frame: Frame;
  /** The body's frame: its names, and its last command. */
  readonly inner: Frame;
  readonly given: Given;
  readonly dialogue: DialogueKind | undefined;
}

/** Checks and binds; names are bound in the caller's scope only when every check but the conditions held. */
export async function checkUnderPhrase(
  clauses: readonly ClauseNode[],
  { frame, inner, given, dialogue }: UnderPhrase,
): Promise<{
  readonly checks: readonly Check[];
  readonly names: readonly { readonly name: string; readonly value: Value }[];
}> {
  if (clauses.length === 0) return { checks: [], names: [] };
  const output = inner.last.command?.output ?? "";
  const parts = {
    output,
    exit: undefined,
    clauses,
    dialogue,
    environment: frame.scope,
    given,
    hidden: inner.last.command?.hidden ?? false,
  };
  const checks: Check[] = [...checkExpectations(parts)];
  const captured = captureAll(clauses, { whole: output, own: withoutVerdictLine(parts) }, frame.scope);
  const names = [...captured.names];
  checks.push(...captured.missing);
  for (const clause of clauses) {
    if (clause.type !== "capture-name") continue;
    const value = inner.scope.values.get(clause.name.text);
    if (value === undefined)
      checks.push({
        what: textOf(clause.span),
        expected: `${clause.name.text}, bound in the phrase`,
        seen: "it was not bound",
        held: false,
      });
    else names.push({ name: (clause.as ?? clause.name).text, value });
  }
  if (checks.some((check) => !check.held)) return { checks, names: [] };
  for (const { name, value } of names) {
    learnSecrets(value, frame.run.given.redactor);
    frame.scope.bind(name, value);
  }
  checks.push(...(await checkConditions(parts)));
  return { checks, names };
}
