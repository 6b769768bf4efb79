// Where strings, regexes and comments begin and end within a line.
import { isBlankCode } from "./line-text.ts";

/** Words after which a `/` begins a regex, in the forms that take a pattern; elsewhere it begins a path. */
const beforePattern = new Set(["line", "text", "when", "to", "at", "matches", "from", "prompt", "verdict", "no"]);

/** Whether the `/` after the word `before` begins a regex. */
export function beginsRegex(before: string): boolean {
  return beforePattern.has(before);
}

/** The place of a string's closing quote, or -1. There are no escapes. */
export function endOfString(text: string, at: number): number {
  return text.indexOf(text.charAt(at), at + 1);
}

/** The place of a regex's closing slash, or -1: `\/` and a `/` within `[…]` don't close it. */
export function endOfRegex(text: string, at: number): number {
  let inClass = false;
  for (let i = at + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 92) i++;
    else if (code === 91) inClass = true;
    else if (code === 93) inClass = false;
    else if (code === 47 && !inClass) return i;
  }
  return -1;
}

/** Whether a comment begins here: `#` and a blank or the line's end. */
export function beginsComment(text: string, at: number): boolean {
  return text.charCodeAt(at) === 35 && (at + 1 >= text.length || isBlankCode(text.charCodeAt(at + 1)));
}

/**
 * Where a comment begins in one physical line of a continued statement, and the quote that is still open at its end.
 * @param quote the quote that was open before it, or ""
 */
export function commentStart(text: string, quote: string): { at: number | undefined; quote: string } {
  let open = quote;
  let before = "";
  for (let at = 0; at < text.length;) {
    if (open !== "") {
      const end = open === "/" ? endOfRegex(text, at - 1) : text.indexOf(open, at);
      if (end === -1) return { at: undefined, quote: open };
      open = "";
      at = end + 1;
      continue;
    }
    const code = text.charCodeAt(at);
    if (isBlankCode(code)) {
      at++;
      continue;
    }
    if (beginsComment(text, at)) return { at, quote: "" };
    if (code === 34 || code === 39) {
      open = text.charAt(at);
      at++;
      continue;
    }
    if (code === 47 && beginsRegex(before)) {
      open = "/";
      at++;
      continue;
    }
    const from = at;
    while (at < text.length && !isBlankCode(text.charCodeAt(at))) at++;
    before = text.slice(from, at);
  }
  return { at: undefined, quote: open };
}
