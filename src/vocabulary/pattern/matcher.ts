// How a compiled expression is looked for: line by line, or anywhere, in output of any length.
import type { Type } from "../vocabulary.ts";

export interface Matcher {
  /** For one line, without its line end. */
  readonly line: RegExp;
  /** For a whole output; global. */
  readonly text: RegExp;
  readonly holes: readonly { readonly name: string; readonly group: string; readonly type: Type }[];
  /** A run of characters that stands in every match, to skip what can't match; "" where there is none. */
  readonly needle: string;
  /** The literal words, for the nearest line. */
  readonly words: readonly string[];
  /** Whether a match is one indeed: typed holes are read once more. */
  accepts(match: RegExpExecArray): boolean;
}

/**
 * The lines that match, from the first on. Lines without the needle are skipped by a search for it, so that 23 MB of
 * output cost one pass over them.
 */
export function* matchesInLines(matcher: Matcher, output: string): Generator<RegExpExecArray, undefined> {
  let at = 0;
  while (at <= output.length) {
    if (matcher.needle !== "") {
      const found = output.indexOf(matcher.needle, at);
      if (found === -1) return;
      at = found === 0 ? 0 : output.lastIndexOf("\n", found - 1) + 1;
    }
    const newline = output.indexOf("\n", at);
    const end = newline === -1 ? output.length : newline;
    const match = matcher.line.exec(output.slice(at, end));
    if (match !== null && matcher.accepts(match)) yield match;
    at = end + 1;
  }
}

/** The matches anywhere in a text, a line break being a blank, from the first on. */
export function* matchesInText(matcher: Matcher, output: string): Generator<RegExpExecArray, undefined> {
  if (matcher.needle !== "" && !output.includes(matcher.needle)) return;
  // A copy: a generator that is left half-way must not leave its place behind.
  const search = new RegExp(matcher.text.source, matcher.text.flags);
  for (let match = search.exec(output); match !== null; match = search.exec(output)) {
    if (matcher.accepts(match)) yield match;
    // A match of nothing, or one that was refused, is left by one character.
    if (match[0] === "") search.lastIndex++;
    else if (!matcher.accepts(match)) search.lastIndex = match.index + 1;
  }
}
