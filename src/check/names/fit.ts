// Whether a value is what its place takes.
import type { TextNode } from "../../language/tree.ts";
import type { Span } from "../../text/source.ts";
import { fits, readAs } from "../../vocabulary/types.ts";
import type { Type } from "../../vocabulary/vocabulary.ts";
import { outOfRange } from "../findings/out-of-range.ts";
import { wrongLiteral, wrongType } from "../findings/wrong-type.ts";
import { readText, type ReadText, type SecretUse } from "./read-text.ts";
import type { Walk } from "./walk.ts";

const durationType: Type = { type: "scalar", name: "duration" };
const numberType: Type = { type: "scalar", name: "number" };

/** Reports where a value never fits its place; one that may fit is looked at when it is known. */
export function expectType(
  read: ReadText,
  wants: { readonly type: Type; readonly place: string },
  span: Span,
  walk: Walk,
): boolean {
  if (read.type === undefined) return true;
  const fit = read.literal ? "when known" : fits(read.type, wants.type);
  if (fit === "yes") return true;
  if (fit === "no") {
    walk.report(wrongType(span, read.type, wants));
    return false;
  }
  if (read.known === undefined) return true;
  const as = readAs(wants.type, read.known);
  if (!as.ok) walk.report(wrongLiteral(span, as.problem));
  return as.ok;
}

/** A text that must read as a type; a secret in it is shown unless its place takes secrets. */
export function checkText(
  node: TextNode,
  wants: { readonly type: Type; readonly place: string },
  walk: Walk,
  secrets: SecretUse = "shown",
): ReadText {
  const read = readText(node, walk, secrets);
  // A secret where none may stand has its finding: that it has another type says no more.
  if (read.type?.type !== "secret" || secrets !== "shown") expectType(read, wants, node.span, walk);
  return read;
}

/** `30s`, `{limit}` */
export function checkDuration(node: TextNode, place: string, walk: Walk): void {
  checkText(node, { type: durationType, place }, walk);
}

/** A whole number from 1. */
export function checkCount(node: TextNode, place: string, walk: Walk): void {
  const read = readText(node, walk);
  if (!expectType(read, { type: numberType, place }, node.span, walk) || read.known === undefined) return;
  if (!/^[0-9]+$/.test(read.known) || Number(read.known) < 1)
    walk.report(outOfRange(node.span, read.known, `${place} takes a whole number from 1`));
}

/** Words for people: any value may be in them but a secret. */
export function checkWords(node: TextNode | undefined, walk: Walk): void {
  if (node !== undefined) readText(node, walk);
}
