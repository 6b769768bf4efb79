// What a text with values in it is: its type, and its text where the file says it.
import type { TextNode, ValuePart } from "../../language/tree.ts";
import { textType, wordType } from "../../vocabulary/types.ts";
import type { Type } from "../../vocabulary/vocabulary.ts";
import { secretShown } from "../findings/secret-shown.ts";
import { unknownField } from "../findings/unknown-field.ts";
import { unknownName } from "../findings/unknown-name.ts";
import { notBoundHere } from "../findings/not-bound.ts";
import { candidates } from "./candidates.ts";
import { use, type Binding } from "./scope.ts";
import type { Walk } from "./walk.ts";

export interface ReadText {
  /** Undefined where a name in it is unknown: that was said, and nothing more follows from it. */
  readonly type: Type | undefined;
  /** Its whole text, where no value of it waits for the run. */
  readonly known: string | undefined;
  /** No value is in it: it takes the type of its place. */
  readonly literal: boolean;
}

/** Where a text stands decides whether a secret may be in it. */
export type SecretUse = "may be secret" | "shown";

/** Reads a text: looks up its values, and says what is wrong with them. */
export function readText(node: TextNode, walk: Walk, secrets: SecretUse = "shown"): ReadText {
  const [only] = node.parts;
  if (node.parts.length === 1 && only?.type === "value") return readValuePart(only, walk, secrets);
  let known: string | undefined = "";
  let secret = false;
  let unknown = false;
  let literal = true;
  for (const part of node.parts) {
    if (part.type === "literal") {
      known = extended(known, part.text);
      continue;
    }
    literal = false;
    const read = readValuePart(part, walk, secrets);
    if (read.type === undefined) unknown = true;
    if (read.type?.type === "secret") secret = true;
    known = extended(known, read.known);
  }
  const plain = node.form === "word" ? wordType : textType;
  return { type: unknown ? undefined : secret ? { type: "secret" } : plain, known, literal };
}

/** A name that doubles a name that doubles a name would fill the memory: what is longer than this is not followed. */
const longestKnown = 1_000_000;

function extended(known: string | undefined, by: string | undefined): string | undefined {
  if (known === undefined || by === undefined || known.length + by.length > longestKnown) return undefined;
  return known + by;
}

/** Looks up one `{name}` or `{name.field}`. */
export function readValuePart(part: ValuePart, walk: Walk, secrets: SecretUse): ReadText {
  const binding = findName(part, walk);
  if (binding === undefined || binding.unsure === true) return { type: undefined, known: undefined, literal: false };
  let type: Type | undefined = binding.type;
  for (const field of part.fields) {
    const of = fieldType(type, field.text);
    if (of === undefined) walk.report(unknownField(field, type, fieldsOf(type)));
    type = of;
    if (type === undefined) break;
  }
  if (type?.type === "secret" && secrets === "shown") walk.report(secretShown(part.span, part.name.text));
  const known = part.fields.length === 0 ? binding.known : undefined;
  return { type, known, literal: false };
}

/** What a name stands for here; where nothing bound it, that is reported. */
export function findName(
  part: { readonly name: ValuePart["name"]; readonly span: ValuePart["span"] },
  walk: Walk,
): Binding | undefined {
  const { name } = part;
  const binding = walk.scope.find(name.text);
  if (binding !== undefined) {
    use(binding);
    if (
      walk.inFinally &&
      binding.known === undefined &&
      (binding.origin === "let" || binding.origin === "capture" || binding.origin === "ask")
    )
      walk.report(notBoundHere(part.span, name.text, { binding, with: "finally" }));
    return binding;
  }
  if (walk.world.doubtful.has(name.text)) return undefined;
  const ended = walk.scope.ended(name.text);
  if (ended !== undefined) {
    use(ended.binding);
    walk.report(notBoundHere(part.span, name.text, ended));
  } else walk.report(unknownName(part.span, name, candidates(walk.scope.names(), walk.world)));
  return undefined;
}

const hostFields: Readonly<Record<string, Type>> = {
  name: wordType,
  address: { type: "scalar", name: "address" },
  port: { type: "scalar", name: "number" },
  user: wordType,
  kind: wordType,
  version: wordType,
};

/** The fields that `{name.field}` may name, for a value of this type. */
export function fieldsOf(type: Type): readonly string[] {
  if (type.type === "host") return Object.keys(hostFields);
  if (type.type === "record") return Object.keys(type.fields);
  return type.type === "list" ? fieldsOf(type.of) : [];
}

function fieldType(type: Type, field: string): Type | undefined {
  if (type.type === "host") return Object.hasOwn(hostFields, field) ? hostFields[field] : undefined;
  if (type.type === "record") return Object.hasOwn(type.fields, field) ? type.fields[field] : undefined;
  if (type.type !== "list") return undefined;
  const of = fieldType(type.of, field);
  return of === undefined ? undefined : { type: "list", of };
}
