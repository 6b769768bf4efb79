// `/regex/`: JavaScript's, its named groups are the holes.
import type { PatternNode } from "../../language/tree.ts";
import type { Diagnostic } from "../../text/diagnostic.ts";
import { error } from "../../text/diagnostic.ts";
import { textType } from "../types.ts";
import type { Matcher } from "./matcher.ts";

/**
 * Compiles a regex: over a line it must match the whole line (blanks at its ends aside), over a text anywhere, with `^`
 * and `$` at every line. Unicode mode is tried first; without it an escape that means nothing (`\-`, `\"`) is the character.
 */
export function regexMatcher(pattern: PatternNode): Matcher | Diagnostic {
  const { regex } = pattern;
  const compiled = tryBoth(regex);
  if (typeof compiled === "string")
    return error("regex", pattern.span, `The regex /${regex}/ does not compile: ${compiled}`);
  if (doublyRepeated.test(regex)) {
    return error(
      "regex",
      pattern.span,
      `The regex /${regex}/ repeats what repeats itself already, so that a long line could keep it busy for hours. Take one of the two repetitions out: (a+)+ is a+.`,
    );
  }
  const { flags, groups } = compiled;
  return {
    line: new RegExp(String.raw`^\s*(?:${regex})\s*$`, flags),
    text: new RegExp(regex, `gm${flags}`),
    holes: groups.map((name) => ({ name, group: name, type: textType })),
    needle: "",
    words: regex.match(/[A-Za-z0-9]{3,}/g) ?? [],
    accepts: () => true,
  };
}

/** `(a+)+`, `(?:.*)*`, `([a-z]+)*`: the plainest of the forms that need exponential time. */
const doublyRepeated = /(?<!\\)\((?:\?:|\?<\w+>)?(?:\\.|\[[^\]]*\]|[^\\()[\]])[*+]\)(?:[*+]|\{\d+,\})/;

function tryBoth(
  regex: string,
): { readonly flags: string; readonly groups: readonly string[]; readonly alone: RegExp } | string {
  let problem = "";
  for (const flags of ["u", ""]) {
    try {
      // With an empty alternative it matches anything, and the match names its groups.
      const groups = Object.keys(new RegExp(`(?:${regex})|`, flags).exec("")?.groups ?? {});
      return { flags, groups, alone: new RegExp(regex, flags) };
    } catch (cause) {
      problem = explain(regex, cause);
    }
  }
  return problem;
}

function explain(regex: string, cause: unknown): string {
  if (/\(\?[a-z]+\)/.test(regex)) return "flags such as (?i) are not known; write both cases, as in [Ee]rror.";
  if (regex.includes("(?P<")) return "a named group is written (?<name>…), without the P.";
  const said =
    cause instanceof Error
      ? cause.message.replace(/^Invalid regular expression: \/.*\/[a-z]*: /s, "")
      : "it can't be read.";
  const sentence = said.charAt(0).toLowerCase() + said.slice(1);
  return sentence.endsWith(".") ? sentence : `${sentence}.`;
}
