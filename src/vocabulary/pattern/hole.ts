// What each type of hole looks like in output.
import { addressSource } from "../types/address.ts";
import { dateSource } from "../types/date.ts";
import { durationSource } from "../types/duration.ts";
import { hostnameSource } from "../types/hostname.ts";
import { ipSource } from "../types/ip.ts";
import { numberSource } from "../types/number.ts";
import { sizeSource } from "../types/size.ts";
import type { ScalarName, Type } from "../vocabulary.ts";

export interface HoleSides {
  /** The pattern's own text, a value or a hole stands directly beside it. */
  readonly isGluedBefore: boolean;
  readonly isGluedAfter: boolean;
  readonly isLast: boolean;
}

const exact: Readonly<Record<Exclude<ScalarName, "text" | "word" | "path">, string>> = {
  number: numberSource,
  ip: ipSource,
  address: addressSource,
  hostname: hostnameSource,
  duration: durationSource,
  size: sizeSource,
  date: dateSource,
};

/** The expression of a hole: one word, or what its type says. */
export function holeSource(type: Type, sides: HoleSides): string {
  if (type.type === "list") return listSource(sides);
  if (type.type !== "scalar" || type.name === "word") return wordSource(sides);
  if (type.name === "text" || type.name === "path") return textSource(sides);
  return whole(exact[type.name], sides);
}

/**
 * A word: the whole run of non-blanks, but for a `,` or `:` before a blank. Beside the pattern's own text it is the least
 * that fits. It begins only where a run begins, which keeps a search through a megabyte without blanks short.
 */
function wordSource(sides: HoleSides): string {
  const before = sides.isGluedBefore ? "" : String.raw`(?<!\S)`;
  const after = sides.isGluedAfter ? "" : String.raw`(?=[,:]?(?:\s|$))`;
  return String.raw`${before}\S+?${after}`;
}

/** Text within a line: the least that fits, to the line's end where nothing follows. */
function textSource(sides: HoleSides): string {
  return sides.isLast ? String.raw`[^\n]+` : String.raw`[^\n]+?`;
}

/** A number, an address and the like: not a part of a longer one, and a full stop may follow. */
function whole(source: string, sides: HoleSides): string {
  const before = sides.isGluedBefore ? "" : String.raw`(?<![\p{L}\p{N}_\-.:])`;
  const after = sides.isGluedAfter ? "" : String.raw`(?![\p{L}\p{N}_\-]|[.:][\p{L}\p{N}_\-])`;
  return `${before}${source}${after}`;
}

/** `"a", "b"` or `a, b` or `<none>`, within a line. */
function listSource(sides: HoleSides): string {
  const item = String.raw`(?:"[^"\n]*"|'[^'\n]*'|“[^”\n]*”|[^\s,"'“][^,"\n]*?)`;
  const blank = String.raw`[^\S\n]*`;
  const after = sides.isLast ? String.raw`(?=${blank}(?:\n|\r|$))` : "";
  return String.raw`(?:<none>|${item}(?:${blank},${blank}${item})*)${after}`;
}
