// Types: what a text may be, what fits where, and how a type is said.
import type { Diagnostic } from "../text/diagnostic.ts";
import { error } from "../text/diagnostic.ts";
import { nearest } from "../text/nearest.ts";
import type { Name, TypeNode } from "../language/tree.ts";
import { readAddress } from "./types/address.ts";
import { readDate } from "./types/date.ts";
import { readDuration } from "./types/duration.ts";
import { readHostname } from "./types/hostname.ts";
import { readIp } from "./types/ip.ts";
import { listItems } from "./types/list.ts";
import { readNumber } from "./types/number.ts";
import { readPath, readText, readWord } from "./types/plain.ts";
import type { ReadResult } from "./types/read-result.ts";
import { readSize } from "./types/size.ts";
import type { Kind, ScalarName, Type } from "./vocabulary.ts";

export { listItems };
export type { ReadResult };

/** Any text: what a slot and a hole of a regex are when nothing is said. */
export const textType: Type = { type: "scalar", name: "text" };
/** One run of non-blanks: what a hole is when nothing is said. */
export const wordType: Type = { type: "scalar", name: "word" };

const readers: Readonly<Record<ScalarName, (text: string) => ReadResult>> = {
  text: readText,
  word: readWord,
  number: readNumber,
  ip: readIp,
  address: readAddress,
  hostname: readHostname,
  path: readPath,
  duration: readDuration,
  size: readSize,
  date: readDate,
};

/** The type that a type's node names; `kinds` are all kinds that are known where it stands. */
export function typeFromNode(node: TypeNode, kinds: ReadonlyMap<string, Kind>): Type | Diagnostic {
  switch (node.type) {
    case "named-type":
      return namedType(node, kinds);
    case "list-type": {
      const of = typeFromNode(node.of, kinds);
      return isDiagnostic(of) ? of : { type: "list", of };
    }
    case "group-type": {
      const wrong = node.kinds.find((kind) => kind.text !== "host" && !kinds.has(kind.text));
      if (wrong !== undefined) return unknownKind(wrong, kinds);
      const names = node.kinds.map((kind) => kind.text);
      return { type: "group", kinds: names.includes("host") ? [...kinds.keys()] : names };
    }
  }
}

/** Whether a type or a finding came back. */
export function isDiagnostic(value: Type | Diagnostic): value is Diagnostic {
  return "code" in value;
}

/**
 * Reads a text as a value of a type. A list's items are read one by one; a host is its name, a secret anything.
 * @returns the number that it counts as in comparisons (milliseconds, bytes, days), or one sentence that says why it is none
 */
export function readAs(type: Type, text: string): ReadResult {
  switch (type.type) {
    case "scalar":
      return readers[type.name](text);
    case "secret":
      return readText(text);
    case "host":
    case "group":
      return readWord(text);
    case "list": {
      for (const item of listItems(text)) {
        const read = readAs(type.of, item);
        if (!read.ok) return read;
      }
      return { ok: true, text };
    }
    case "record":
      return {
        ok: false,
        problem: `"${text}" is one text, and a record with ${Object.keys(type.fields).join(", ")} is needed.`,
      };
  }
}

/** Types of which every value is of the key's type too. */
const within: Readonly<Record<ScalarName, readonly ScalarName[]>> = {
  text: ["word", "number", "ip", "address", "hostname", "path", "duration", "size", "date"],
  word: ["number", "ip", "address", "hostname", "duration", "size", "date"],
  path: ["word", "number", "ip", "address", "hostname", "duration", "size", "date"],
  address: ["ip", "hostname"],
  number: [],
  ip: [],
  hostname: [],
  duration: [],
  size: [],
  date: [],
};

/**
 * Whether a value of one type may fill a place of another: always, if its text turns out to be one, or never.
 * A host fills words and texts by its name; nothing but a secret fills a secret.
 */
export function fits(from: Type, to: Type): "yes" | "when known" | "no" {
  if (from.type === "scalar" && to.type === "scalar") {
    if (from.name === to.name || within[to.name].includes(from.name)) return "yes";
    return within[from.name].includes(to.name) || shareValues(from.name, to.name) ? "when known" : "no";
  }
  if (from.type === "host" && to.type === "scalar") {
    if (to.name === "text" || to.name === "word" || to.name === "path") return "yes";
    return to.name === "hostname" || to.name === "address" ? "when known" : "no";
  }
  if (from.type === "host" && to.type === "host") return kindsFit(from.kinds, to.kinds);
  if (from.type === "group" && to.type === "group") return kindsFit(from.kinds, to.kinds);
  if (from.type === "list" && to.type === "list") return fits(from.of, to.of);
  if (from.type === "record" && to.type === "record") return recordFits(from.fields, to.fields);
  return from.type === "secret" && to.type === "secret" ? "yes" : "no";
}

/** A type as the language writes it: `list of word`, `windows or linux`. */
export function showType(type: Type): string {
  switch (type.type) {
    case "scalar":
      return type.name;
    case "secret":
      return "secret";
    case "host":
      return type.kinds === undefined ? "host" : type.kinds.join(" or ");
    case "list":
      return `list of ${showType(type.of)}`;
    case "group":
      return `group of ${type.kinds.join(" or ")}`;
    case "record":
      return `record of ${Object.keys(type.fields).join(", ")}`;
  }
}

/** Every name that a type may have besides those of kinds. */
function typeNames(): readonly string[] {
  return [...Object.keys(readers), "secret", "host"];
}

function namedType(
  node: TypeNode & { readonly type: "named-type" },
  kinds: ReadonlyMap<string, Kind>,
): Type | Diagnostic {
  const [first] = node.names;
  if (node.names.length === 1 && first !== undefined) {
    if (isScalarName(first.text)) return { type: "scalar", name: first.text };
    if (first.text === "secret") return { type: "secret" };
    if (first.text === "host") return { type: "host", kinds: undefined };
  }
  for (const name of node.names) {
    if (kinds.has(name.text)) continue;
    if (node.names.length > 1 && typeNames().includes(name.text)) {
      return error(
        "unknown-kind",
        name.span,
        `Only kinds of host are joined by "or", and ${name.text} is none. Name one type, or several kinds.`,
      );
    }
    return node.names.length > 1 ? unknownKind(name, kinds) : unknownType(name, kinds);
  }
  return { type: "host", kinds: node.names.map((name) => name.text) };
}

function unknownType(name: Name, kinds: ReadonlyMap<string, Kind>): Diagnostic {
  const near = nearest(name.text, [...typeNames(), ...kinds.keys()]);
  const hint =
    near === undefined
      ? `Types are ${typeNames().join(", ")}, list of one of them, and kinds of host: ${[...kinds.keys()].join(", ")}.`
      : `The nearest is ${near}.`;
  return error(
    "unknown-type",
    name.span,
    `Nothing declares a type or a kind of host "${name.text}". ${hint}`,
    near === undefined ? {} : { fixes: [{ span: name.span, text: near, safe: false }] },
  );
}

/** The finding for a kind of host that nothing declares. */
export function unknownKind(name: Name, kinds: ReadonlyMap<string, Kind>): Diagnostic {
  const near = nearest(name.text, kinds.keys());
  const hint =
    near === undefined
      ? kinds.size === 0
        ? ""
        : `Known here are ${[...kinds.keys()].join(", ")}; "use NAME" brings those of a vocabulary.`
      : `The nearest is ${near}.`;
  return error(
    "unknown-kind",
    name.span,
    `Nothing declares a kind of host "${name.text}". ${hint}`.trimEnd(),
    near === undefined ? {} : { fixes: [{ span: name.span, text: near, safe: false }] },
  );
}

function isScalarName(name: string): name is ScalarName {
  return Object.hasOwn(readers, name);
}

// 123 is a number and a host name; 10 is a number and nothing else that counts.
function shareValues(a: ScalarName, b: ScalarName): boolean {
  const pair = new Set([a, b]);
  return pair.has("number") && (pair.has("hostname") || pair.has("address"));
}

function kindsFit(from: readonly string[] | undefined, to: readonly string[] | undefined): "yes" | "when known" | "no" {
  if (to === undefined) return "yes";
  if (from === undefined) return "when known";
  if (from.every((kind) => to.includes(kind))) return "yes";
  return from.some((kind) => to.includes(kind)) ? "when known" : "no";
}

function recordFits(
  from: Readonly<Record<string, Type>>,
  to: Readonly<Record<string, Type>>,
): "yes" | "when known" | "no" {
  let result: "yes" | "when known" = "yes";
  for (const [name, type] of Object.entries(to)) {
    const given = from[name];
    const fit = given === undefined ? "no" : fits(given, type);
    if (fit === "no") return "no";
    if (fit === "when known") result = fit;
  }
  return result;
}
