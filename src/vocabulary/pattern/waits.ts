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
  const end = text.trimEnd().length;
  if (end === 0) return false;
  if (over === "line") {
    const lines = text.split("\n").slice(-mostLines);
    const last = lines.at(-1) ?? "";
    if (last.trim() !== "" && matchesInLines(matcher, last).next().done === false) return true;
    return prompting.test(last) && matchesInLines(matcher, lines.slice(0, -1).join("\n")).next().done === false;
  }
  let from = text.length;
  for (let line = 0; line < mostLines && from !== -1; line++) from = text.lastIndexOf("\n", from - 1);
  const recent = text.slice(from + 1);
  const recentEnd = recent.trimEnd().length;
  const isPrompting = prompting.test(recent) && recent.slice(recent.lastIndexOf("\n") + 1).trim() !== "";
  for (const match of matchesInText(matcher, recent)) {
    if (match.index + match[0].trimEnd().length >= recentEnd || isPrompting) return true;
  }
  return false;
}
