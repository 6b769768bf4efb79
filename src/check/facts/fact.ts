// A fact with its values filled in: what is compared, and how people see it.
import { textOf } from "../../text/source.ts";
import type { PatternPart, TextNode, ValuePart } from "../../language/tree.ts";
import type { Type } from "../../vocabulary/vocabulary.ts";

export type FactPart =
  | {
      readonly type: "text";
      readonly text: string;
      /** The name of a host: `{hsm}` in an `assume`. */ readonly isHost: boolean;
    }
  /** A value that only a run knows. It equals itself alone; an input may turn out to be anything of its type. */
  | {
      readonly type: "unknown";
      readonly id: string;
      readonly shown: string;
      readonly isInput: boolean;
      /** Whether no value of the input's type holds a blank. */ readonly isOneWord: boolean;
    }
  /** `<_>` */
  | { readonly type: "any" };

export type Fact = readonly FactPart[];

/** What names stand for while facts are walked. */
export type Names = (name: string) => Fact | undefined;

export const anything: FactPart = { type: "any" };

export function known(text: string, isHost = false): FactPart {
  return { type: "text", text, isHost };
}

/** A value that only a run knows; `input` is its type, where it is an input. */
export function unknown(id: string, shown: string, input?: Type): FactPart {
  const isOneWord = input?.type === "scalar" && input.name !== "text" && input.name !== "path";
  return { type: "unknown", id, shown, isInput: input !== undefined, isOneWord };
}

/** Marks the beginning and end of an unknown value, and `<_>`, in keys: characters that no runbook holds. */
export const marks = { open: "\u0001", close: "\u0002", any: "\u0003" };

/** The text by which facts are compared. */
export function keyOf(fact: Fact): string {
  let key = "";
  for (const part of fact)
    key += part.type === "text" ? part.text : part.type === "any" ? marks.any : `${marks.open}${part.id}${marks.close}`;
  return key;
}

/** A fact as people read it. */
export function showFact(fact: Fact): string {
  return fact
    .map((part) => (part.type === "text" ? part.text : part.type === "any" ? "<_>" : `{${part.shown}}`))
    .join("");
}

/** A fact as an `assume` at the top of the file writes it; undefined where only a later line knows its values. */
export function showAssumed(fact: Fact): string | undefined {
  let out = "";
  for (const part of fact) {
    if (part.type === "unknown" && !part.isInput) return undefined;
    out +=
      part.type === "text"
        ? part.isHost
          ? `{${part.text}}`
          : part.text
        : part.type === "any"
          ? "<_>"
          : `{${part.shown}}`;
  }
  return out;
}

/** Fills the values of a fact, of an `assume` or of a slot's text. */
export function fill(parts: readonly PatternPart[], names: Names): Fact {
  const fact: FactPart[] = [];
  for (const part of parts) {
    if (part.type === "literal") fact.push(known(part.text));
    else if (part.type === "hole") fact.push(anything);
    else fact.push(...fillValue(part, names));
  }
  return fact;
}

/** What fills a slot of type host: a plain word that names one, in the caller's names. */
export function fillHost(node: TextNode, names: Names): Fact {
  const [part] = node.parts;
  if (node.parts.length !== 1 || part === undefined) return fill(node.parts, names);
  const name = part.type === "literal" ? part.text : part.name.text;
  return names(name) ?? [known(name, true)];
}

/** The same fact with one unknown value replaced. */
export function substitute(fact: Fact, id: string, by: Fact): Fact {
  return fact.flatMap((part) => (part.type === "unknown" && part.id === id ? by : [part]));
}

function fillValue(part: ValuePart, names: Names): Fact {
  const value = names(part.name.text);
  const shown = textOf(part.span).slice(1, -1);
  if (part.fields.length === 0) return value ?? [unknown(`name ${shown}`, shown)];
  const of = value === undefined ? part.name.text : keyOf(value).replaceAll(marks.open, "").replaceAll(marks.close, "");
  return [
    unknown(
      `${of}.${part.fields.map(({ text }) => text).join(".")}`,
      value?.length === 1 && value[0]?.type === "text" ? `${value[0].text}.${part.fields[0]?.text ?? ""}` : shown,
    ),
  ];
}
