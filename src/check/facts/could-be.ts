// Whether two facts may be the same once everything in them is known.
import type { Fact } from "./fact.ts";

/** What stands for any text while two facts are laid side by side. */
export type Open = (part: Fact[number] & { readonly type: "unknown" }) => boolean;

/** A character, a value that equals only itself, any text, or any text without a blank. */
type Token = string | { readonly same: string } | { readonly any: "text" | "word" };

/**
 * Whether some text is both facts: `<_>` and the values that `isOpen` names stand for any text of at least one
 * character (without a blank, where an input's type has none), other unknown values only for themselves.
 */
export function couldBe(a: Fact, b: Fact, isOpen: Open): boolean {
  const left = tokens(a, isOpen);
  const right = tokens(b, isOpen);
  // A text of a thousand characters is no name of a thing: it is compared as it stands, and not searched.
  if (left.length + right.length > 800) return false;
  const width = right.length + 1;
  const known = new Map<number, boolean>();
  const walk = (i: number, j: number): boolean => {
    const at = i * width + j;
    const seen = known.get(at);
    if (seen !== undefined) return seen;
    known.set(at, false);
    const result = step(i, j);
    known.set(at, result);
    return result;
  };
  const step = (i: number, j: number): boolean => {
    const one = left[i];
    const other = right[j];
    if (one === undefined || other === undefined) return one === undefined && other === undefined;
    if (isAny(one) && canHold(one, other) && (walk(i + 1, j + 1) || walk(i, j + 1))) return true;
    if (isAny(other) && canHold(other, one) && (walk(i + 1, j + 1) || walk(i + 1, j))) return true;
    return !isAny(one) && !isAny(other) && isSame(one, other) && walk(i + 1, j + 1);
  };
  return walk(0, 0);
}

type AnyToken = Token & { readonly any: string };

function isAny(token: Token): token is AnyToken {
  return typeof token === "object" && "any" in token;
}

function canHold({ any }: AnyToken, token: Token): boolean {
  return any === "text" || typeof token !== "string" || !/\s/.test(token);
}

function isSame(a: Token, b: Token): boolean {
  if (typeof a === "object") return typeof b === "object" && "same" in a && "same" in b && a.same === b.same;
  return a === b;
}

function tokens(fact: Fact, isOpen: Open): readonly Token[] {
  const out: Token[] = [];
  for (const part of fact) {
    if (part.type === "text") out.push(...Array.from(part.text));
    else if (part.type === "any") out.push({ any: "text" });
    else if (isOpen(part)) out.push({ any: part.isOneWord ? "word" : "text" });
    else out.push({ same: part.id });
  }
  return out;
}
