// Comparing values: both sides have one type, and a literal takes the other side's.
import type { TypeNode } from "../../language/tree.ts";
import { readAs } from "../../vocabulary/types.ts";
import type { ScalarName } from "../../vocabulary/vocabulary.ts";
import { textOfValue } from "../as-value.ts";
import type { Environment, Value } from "../value.ts";

/** Types whose values have an order. */
const ordered: readonly ScalarName[] = ["number", "duration", "size", "date"];

/** `problem`: why the sides can't be put in an order (then nothing holds). */
export interface Compared {
  readonly holds: boolean;
  readonly problem?: string;
}

/** `is`, `is not`, `<`, `>`. */
export function compare(left: Value, right: Value, operator: "is" | "is not" | "<" | ">"): Compared {
  if (operator === "is") return { holds: isSame(left, right) };
  if (operator === "is not") return { holds: !isSame(left, right) };
  const pair = inOneOrder(left, right);
  if (pair === undefined)
    return {
      holds: false,
      problem: `it and "${textOfValue(right)}" are not both numbers, sizes, durations or dates, so neither is the greater`,
    };
  return { holds: operator === "<" ? pair[0] < pair[1] : pair[0] > pair[1] };
}

/** Whether a list holds a member that is this value; a single value is a list of one. */
export function hasMember(list: Value, member: Value): boolean {
  const items = list.type === "list" ? list.items : [list];
  return items.some((item) => isSame(item, member));
}

/** `is a TYPE`: scalars by their text, hosts by their kind. */
export function isOfType(value: Value, type: TypeNode, env: Environment): boolean {
  switch (type.type) {
    case "list-type":
      return value.type === "list" && value.items.every((item) => isOfType(item, type.of, env));
    case "group-type":
      return (
        value.type === "list" &&
        value.items.every((item) =>
          isHostOf(
            item,
            type.kinds.map((kind) => kind.text),
            env,
          ),
        )
      );
    case "named-type": {
      const names = type.names.map((name) => name.text);
      if (isHostOf(value, names, env)) return true;
      if (value.type === "secret") return names.includes("secret");
      const text = value.type === "scalar" ? value.text : value.type === "host" ? value.name : undefined;
      return (
        text !== undefined && names.some((name) => isScalarName(name) && readAs({ type: "scalar", name }, text).ok)
      );
    }
  }
}

const scalarNames: readonly string[] = [
  "text",
  "word",
  "number",
  "ip",
  "address",
  "hostname",
  "path",
  "duration",
  "size",
  "date",
];

function isScalarName(name: string): name is ScalarName {
  return scalarNames.includes(name);
}

function isHostOf(value: Value, kinds: readonly string[], env: Environment): boolean {
  if (value.type !== "host") return false;
  const kind = env.hosts.get(value.name)?.["kind"];
  return kinds.includes("host") || (kind !== undefined && kinds.includes(kind));
}

function isSame(left: Value, right: Value): boolean {
  if (left.type === "list" || right.type === "list") {
    const a = left.type === "list" ? left.items : [left];
    const b = right.type === "list" ? right.items : [right];
    return a.length === b.length && a.every((item, index) => isSame(item, b[index] ?? { type: "list", items: [] }));
  }
  if (left.type === "record" || right.type === "record") {
    if (left.type !== "record" || right.type !== "record") return false;
    const names = Object.keys(left.fields);
    return (
      names.length === Object.keys(right.fields).length &&
      names.every((name) => sameField(left.fields[name], right.fields[name]))
    );
  }
  const narrow = narrower(left, right);
  if (narrow !== undefined) {
    const a = readAs({ type: "scalar", name: narrow }, comparedText(left));
    const b = readAs({ type: "scalar", name: narrow }, comparedText(right));
    if (a.ok && b.ok)
      return a.number !== undefined && b.number !== undefined ? a.number === b.number : a.text === b.text;
  }
  return comparedText(left) === comparedText(right);
}

function sameField(left: Value | undefined, right: Value | undefined): boolean {
  return left !== undefined && right !== undefined && isSame(left, right);
}

/** The type that both sides are read as: the one that is not just a word or a text. */
function narrower(left: Value, right: Value): ScalarName | undefined {
  const wide: readonly ScalarName[] = ["text", "word", "path"];
  const names = [left, right].flatMap((value) =>
    value.type === "scalar" && !wide.includes(value.of) ? [value.of] : [],
  );
  return names[0];
}

function inOneOrder(left: Value, right: Value): readonly [number, number] | undefined {
  // No text is of two of these types, so the sides can only meet in one.
  for (const name of ordered) {
    const a = readAs({ type: "scalar", name }, comparedText(left));
    const b = readAs({ type: "scalar", name }, comparedText(right));
    if (a.ok && b.ok && a.number !== undefined && b.number !== undefined) return [a.number, b.number];
  }
  return undefined;
}

/** For comparing only: a secret's own text goes nowhere from here. */
function comparedText(value: Value): string {
  return value.type === "secret" ? value.secret.reveal() : textOfValue(value);
}
