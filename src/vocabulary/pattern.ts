// Patterns with holes: what output must hold, and the names that it gives.
import type { PatternNode, ValuePart } from "../language/tree.ts";
import type { Diagnostic } from "../text/diagnostic.ts";
import { matchesInLines, matchesInText, type Matcher } from "./pattern/matcher.ts";
import { nearestLine } from "./pattern/nearest-line.ts";
import { regexMatcher } from "./pattern/regex.ts";
import { stringMatcher } from "./pattern/string.ts";
import { waitsWith } from "./pattern/waits.ts";
import type { Type } from "./vocabulary.ts";

/** A pattern whose values are filled in, ready to be looked for in output. */
export interface CompiledPattern {
  /** The names that a match gives, in their order; `<_>` is not among them. */
  readonly holes: readonly { readonly name: string; readonly type: Type }[];
  /** What the holes hold where the pattern first matches; a list's text is split by `listItems`. */
  first(output: string): Captured | undefined;
  /** The same for every match, from the first to the last. */
  each(output: string): readonly Captured[];
  /**
   * For questions: whether the pattern has come and the program waits. It stands at the very end of what has come
   * (blanks aside), or the lines that follow it end, on the cursor's line, with what a prompt ends with.
   * After a silence `first` tells whether an unusual question holds the pattern.
   */
  endsWith(text: string): boolean;
  /** The line of the output that has most of the pattern's words, for the failure screen. */
  nearest(output: string): string | undefined;
}

/** Hole → the text found for it, without blanks at its ends. */
export type Captured = Readonly<Record<string, string>>;

/**
 * Compiles a pattern. `fill` gives the text that a value stands for; where it gives undefined, the value is not known
 * yet and stands for any one word (so that `check` can compile what `run` will).
 * @returns the pattern, or the finding `regex` for a regex that does not compile, `pattern` for two holes of one name
 */
export function compilePattern(
  pattern: PatternNode,
  fill: (value: ValuePart) => string | undefined,
): CompiledPattern | Diagnostic {
  const matcher = pattern.form === "regex" ? regexMatcher(pattern) : stringMatcher(pattern, fill);
  if ("code" in matcher) return matcher;
  const find = pattern.over === "line" ? matchesInLines : matchesInText;
  return {
    holes: matcher.holes.map(({ name, type }) => ({ name, type })),
    first: (output) => captured(matcher, find(matcher, output).next()),
    each: (output) => [...find(matcher, output)].map((match) => kept(matcher, match)),
    endsWith: (text) => waitsWith(matcher, pattern.over, text),
    nearest: (output) => nearestLine(matcher.words, output),
  };
}

/** Whether a pattern or a finding came back. */
export function isCompiled(value: CompiledPattern | Diagnostic): value is CompiledPattern {
  return "holes" in value;
}

function captured(matcher: Matcher, next: IteratorResult<RegExpExecArray>): Captured | undefined {
  return next.done === true ? undefined : kept(matcher, next.value);
}

function kept(matcher: Matcher, match: RegExpExecArray): Captured {
  return Object.fromEntries(matcher.holes.map(({ name, group }) => [name, (match.groups?.[group] ?? "").trim()]));
}
