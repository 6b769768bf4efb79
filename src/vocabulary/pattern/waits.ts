// Whether a program waits with a question: judged by what it has written, not by time.
import type { Matcher } from "./matcher.ts";
import { matchesInLines, matchesInText } from "./matcher.ts";

/** What a cursor's line ends with when a program waits for an answer: `> `, `password:`, `(y/n)`, `[yes/no]: `, `? `. */
const prompting = /[>:?\])#$%}][^\S\n]*$/;

/** A question's explanation is short; the same words many lines above belong to something else. */
const mostLines = 15;

/**
 * The pattern ends where the text ends, or what follows it ends like a prompt on the cursor's line:
 * lunash asks "…delete client named: / NAME / Type 'proceed' to delete the client, or 'quit' / to quit now. / > ".
 */
export function waitsWith(matcher: Matcher, over: "line" | "text", text: string): boolean {
  const recent = recentLines(text);
  const last = recent.slice(recent.lastIndexOf("\n") + 1);
  const isPrompting = last.trim() !== "" && prompting.test(last);
  if (over === "line") {
    if (last.trim() !== "" && matchesInLines(matcher, last).next().done === false) return true;
    return isPrompting && matchesInLines(matcher, recent.slice(0, -last.length)).next().done === false;
  }
  const end = recent.trimEnd().length;
  if (end === 0) return false;
  for (const match of matchesInText(matcher, recent)) {
    if (isPrompting || match.index + match[0].trimEnd().length >= end) return true;
  }
  return false;
}

/** The last lines: an output of megabytes is looked at once more with every piece that comes. */
function recentLines(text: string): string {
  let from = text.length;
  for (let line = 0; line < mostLines && from > 0; line++) from = text.lastIndexOf("\n", from - 1);
  return from <= 0 ? text : text.slice(from + 1);
}
