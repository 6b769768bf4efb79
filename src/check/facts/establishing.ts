// Which lines of runbook would make a fact so: phrases whose `after` it is, with the values filled in.
import type { FactNode } from "../../language/tree.ts";
import type { Phrase } from "../../vocabulary/vocabulary.ts";
import { keyOf, marks, type Fact } from "./fact.ts";

export interface Asking {
  readonly phrases: readonly Phrase[];
  readonly hostsOfKind: ReadonlyMap<string, readonly string[]>;
  /** The host of the line that needs the fact: a phrase on another host says so. */
  readonly host: string;
}

/** An `after` as an expression over keys, its slots being the groups. */
interface Template {
  readonly form: RegExp;
  readonly names: readonly string[];
}

const templates = new WeakMap<FactNode, Template>();

const longest = 500;

/** Lines that would establish a fact; the core's only where no vocabulary has one. */
export function establishing(fact: Fact, asking: Asking): readonly string[] {
  const shown = new Map(
    fact.flatMap((part) =>
      part.type === "unknown" ? [[`${marks.open}${part.id}${marks.close}`, `{${part.shown}}`] as const] : [],
    ),
  );
  const lines = { own: new Set<string>(), core: new Set<string>() };
  const key = keyOf(fact);
  // No phrase is found by a text of that length: it would only take long.
  if (key.length > longest) return [];
  for (const phrase of asking.phrases)
    for (const block of phrase.blocks)
      for (const after of block.facts) {
        if (after.type !== "after") continue;
        const slots = slotsIn(key, templateOf(after));
        if (slots === undefined || !isPossible(slots, { phrase, kinds: block.kinds, asking })) continue;
        lines[phrase.core === undefined ? "own" : "core"].add(lineFor(phrase, slots, { shown, host: asking.host }));
      }
  return [...(lines.own.size > 0 ? lines.own : lines.core)];
}

/** Slot → the part of the fact's key that it stands for; undefined where the `after` is not this fact. */
function slotsIn(key: string, { form, names }: Template): ReadonlyMap<string, string> | undefined {
  const found = form.exec(key);
  if (found === null) return undefined;
  const slots = new Map<string, string>();
  for (const [index, name] of names.entries()) {
    const text = found[index + 1] ?? "";
    const other = slots.get(name);
    if (other !== undefined && other !== text) return undefined;
    slots.set(name, text);
  }
  return slots;
}

function templateOf(after: FactNode): Template {
  const known = templates.get(after);
  if (known !== undefined) return known;
  let source = "";
  const names: string[] = [];
  for (const part of after.parts) {
    if (part.type === "literal") source += part.text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`);
    else if (part.type === "hole" || part.fields.length > 0) source += ".+?";
    else {
      source += "(.+?)";
      names.push(part.name.text);
    }
  }
  const made = { form: new RegExp(`^${source}$`, "s"), names };
  templates.set(after, made);
  return made;
}

/** A host must have a kind that the phrase works on, and a file of the core is one word. */
function isPossible(
  slots: ReadonlyMap<string, string>,
  {
    phrase,
    kinds,
    asking,
  }: { readonly phrase: Phrase; readonly kinds: readonly string[] | undefined; readonly asking: Asking },
): boolean {
  const isOfKind = (name: string, of: readonly string[] | undefined): boolean => {
    // Several hosts of an inventory may be this machine, each of its kind: facts know it as `here`.
    if (name === "here" || name.includes(marks.open) || name.includes(marks.any) || of === undefined) return true;
    return of.some((kind) => asking.hostsOfKind.get(kind)?.includes(name) ?? false);
  };
  for (const [name, value] of slots) {
    // An unknown value is one word wherever it stands.
    const text = value.replaceAll(unknowns, "x");
    if (name === "host" && !isOfKind(value, kinds)) return false;
    const type = phrase.slots.find((slot) => slot.name === name)?.type;
    if (type?.type === "host" && !isOfKind(value, type.kinds)) return false;
    if (phrase.core !== undefined && text.includes(" ")) return false;
    if (type?.type === "scalar" && type.name !== "text" && type.name !== "path" && text.includes(" ")) return false;
  }
  return true;
}

function lineFor(
  phrase: Phrase,
  slots: ReadonlyMap<string, string>,
  { shown, host }: { readonly shown: ReadonlyMap<string, string>; readonly host: string },
): string {
  const words = phrase.node.shape.flatMap((word) => {
    if (word.type === "optional") return [];
    if (word.type === "word") return [word.text];
    return [written(slots.get(word.name.text), word.name.text, shown)];
  });
  const on = slots.get("host");
  const elsewhere =
    on === undefined || on === host || on.includes(marks.any) ? "" : `, on ${written(on, "host", shown)}`;
  return `${words.join(" ")}${elsewhere}`;
}

function written(text: string | undefined, slot: string, shown: ReadonlyMap<string, string>): string {
  if (text === undefined || text.includes(marks.any)) return `<${slot}>`;
  let out = text;
  for (const [key, value] of shown) out = out.replaceAll(key, value);
  return /\s/.test(out) ? `'${out}'` : out;
}

const unknowns = new RegExp(`${marks.open}[^${marks.close}]*${marks.close}`, "g");
