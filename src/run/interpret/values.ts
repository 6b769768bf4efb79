// Texts, durations and values of a statement, with the names that are known where it stands.
import type { ConditionNode, TextNode } from "../../language/tree.ts";
import { convertValue, holdsSecret, textOfValue } from "../../plan/as-value.ts";
import { evaluateText, type Decided } from "../../plan/evaluate.ts";
import type { Environment, Value } from "../../plan/value.ts";
import { textOf } from "../../text/source.ts";
import { readAs } from "../../vocabulary/types.ts";
import type { Secret } from "../../secrets/secret.ts";
import type { Redactor } from "../../secrets/redactor.ts";

/** A value was needed that isn't there: in a rehearsal because its line was skipped, else because `--from` left it out. */
export class MissingValue extends Error {
  constructor(what: string) {
    super(`A value in ${what} is not known: the line that gives it did not run.`);
    this.name = "MissingValue";
  }
}

/** A text turned out not to be what its place needs; one sentence. */
export class WrongValue extends Error {
  constructor(message: string) {
    super(message);
    this.name = "WrongValue";
  }
}

/** Whether a condition holds, where something hangs on it. Throws where neither it nor its opposite does. */
export function holdsOrThrow({ holds, seen, undecided }: Decided, node: ConditionNode): boolean {
  if (undecided === "missing") throw new MissingValue(textOf(node.span));
  if (undecided === "no order") throw new WrongValue(`${textOf(node.span)} can't be decided. Seen: ${seen}.`);
  return holds;
}

/** The text as people read it; secrets by name. Throws `MissingValue`. */
export function plainText(node: TextNode, environment: Environment): string {
  return textOfValue(valueIn(node, environment));
}

export function valueIn(node: TextNode, environment: Environment): Value {
  const found = evaluateText(node, environment);
  if (found.type === "unknown") throw new MissingValue(textOf(node.span));
  return found.value;
}

/** What goes to a host: a secret stays one. */
export function sendableText(node: TextNode, environment: Environment, redactor: Redactor): string | Secret {
  const value = valueIn(node, environment);
  learnSecrets(value, redactor);
  return value.type === "secret" ? value.secret : textOfValue(value);
}

/** Milliseconds. Throws `WrongValue` where the text is no duration after all. */
export function milliseconds(node: TextNode, environment: Environment): number {
  const text = plainText(node, environment);
  const read = readAs({ type: "scalar", name: "duration" }, text);
  if (!read.ok) throw new WrongValue(read.problem);
  return read.number ?? 0;
}

/** A whole number, from 1. */
export function count(node: TextNode, environment: Environment): number {
  const value = convertValue(valueIn(node, environment), { type: "scalar", name: "number" });
  if (!value.ok) throw new WrongValue(value.problem);
  const number = value.value.type === "scalar" ? (value.value.number ?? 0) : 0;
  if (number < 1) throw new WrongValue(`"${textOf(node.span)}" is ${number}, and at least 1 is needed.`);
  return Math.floor(number);
}

/** The redactor knows a secret from the moment it exists. */
export function learnSecrets(value: Value, redactor: Redactor): void {
  if (!holdsSecret(value)) return;
  switch (value.type) {
    case "secret":
      redactor.add(value.secret);
      return;
    case "list":
      for (const item of value.items) learnSecrets(item, redactor);
      return;
    case "record":
      for (const field of Object.values(value.fields)) learnSecrets(field, redactor);
      return;
    case "scalar":
    case "host":
      return;
  }
}
