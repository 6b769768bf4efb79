// What names stand for while facts are walked: texts that the file says, inputs, and values that only a run knows.
import type { ClauseNode, PatternNode, ValueNode } from "../../language/tree.ts";
import { fill, keyOf, marks, unknown, type Fact, type Names } from "./fact.ts";

/** A list as facts see it: what tells it from others, and its members where the file says them. */
export interface FactList {
  readonly id: string;
  readonly members: readonly Fact[] | undefined;
}

export interface FactNames {
  readonly get: Names;
  readonly list: (name: string) => FactList | undefined;
  readonly set: (name: string, value: Fact, list?: FactList) => void;
  readonly forget: (name: string) => void;
  /** Names set since, in order: an `if` unites what its branches set. */
  readonly mark: () => number;
  readonly since: (mark: number) => readonly string[];
}

/** Names of the runbook, or of a phrase's body. */
export function makeNames(): FactNames {
  const values = new Map<string, Fact>();
  const lists = new Map<string, FactList>();
  const trail: string[] = [];
  return {
    get: (name) => values.get(name),
    list: (name) => lists.get(name),
    set: (name, value, list) => {
      values.set(name, isLong(value) ? [unknown(`long ${name} ${trail.length}`, name)] : value);
      if (list === undefined) lists.delete(name);
      else lists.set(name, list);
      trail.push(name);
    },
    forget: (name) => {
      values.delete(name);
      lists.delete(name);
    },
    mark: () => trail.length,
    since: (mark) => trail.slice(mark),
  };
}

/** A name that doubles a name that doubles a name would fill the memory. */
function isLong(value: Fact): boolean {
  let length = 0;
  for (const part of value) length += part.type === "text" ? part.text.length : 20;
  return length > 10_000;
}

/** Sets what a `let` binds. */
export function setValue(name: string, value: ValueNode, at: number, names: FactNames): void {
  if (value.type === "text") {
    const [only] = value.parts;
    const list =
      value.parts.length === 1 && only?.type === "value" && only.fields.length === 0
        ? names.list(only.name.text)
        : undefined;
    names.set(name, fill(value.parts, names.get), list);
  } else if (value.type === "list") names.set(name, [unknown(`let ${name} ${at}`, name)], listOf(value, names));
  else names.set(name, [unknown(`let ${name} ${at}`, name)]);
}

/** The list that a `for each` goes through. */
export function listOf(value: ValueNode, names: FactNames): FactList {
  if (value.type === "list") {
    const members = value.items.map((item) => fill(item.parts, names.get));
    return { id: members.map(idOf).join(", "), members };
  }
  if (value.type === "reading") return { id: `reading ${value.span.start}`, members: undefined };
  const [only] = value.parts;
  if (value.parts.length === 1 && only?.type === "value") {
    const named = only.fields.length === 0 ? names.list(only.name.text) : undefined;
    return named ?? { id: idOf(fill(value.parts, names.get)), members: undefined };
  }
  const member = fill(value.parts, names.get);
  return { id: idOf(member), members: [member] };
}

/** What tells a fact's part from others, to be used inside an id. */
export function idOf(fact: Fact): string {
  return keyOf(fact).replaceAll(marks.open, "{").replaceAll(marks.close, "}");
}

/** Sets what the captures among some clauses bind: values that only the run knows. */
export function setCaptured(clauses: readonly ClauseNode[], at: number, names: FactNames): void {
  for (const clause of clauses)
    for (const name of capturedBy(clause)) names.set(name, [unknown(`capture ${name} ${at}`, name)]);
}

function capturedBy(clause: ClauseNode): readonly string[] {
  if (clause.type === "capture-pattern") return holesOf(clause.pattern);
  if (clause.type === "capture-each" || clause.type === "capture-output") return [clause.as.text];
  return clause.type === "capture-name" ? [(clause.as ?? clause.name).text] : [];
}

function holesOf(pattern: PatternNode): readonly string[] {
  if (pattern.form === "regex")
    return [...pattern.regex.matchAll(/\(\?<([A-Za-z]\w*)>/g)].map((found) => found[1] ?? "");
  return pattern.parts.flatMap((part) => (part.type === "hole" && part.name !== undefined ? [part.name.text] : []));
}
