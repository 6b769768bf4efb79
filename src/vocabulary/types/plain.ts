// Types that are only a matter of blanks: text, word, path.
import { isNot, isRead, type ReadResult } from "./read-result.ts";

/** Any text. */
export function readText(text: string): ReadResult {
  return isRead(text);
}

/** One run of non-blanks. */
export function readWord(text: string): ReadResult {
  if (text === "") return isNot('"" is no word: it is empty.');
  return /\s/.test(text) ? isNot(`"${text}" is no word: it holds a blank.`) : isRead(text);
}

/** A path of any system: not empty, on one line. */
export function readPath(text: string): ReadResult {
  if (text.trim() === "") return isNot(`"${text}" is no path: it is empty.`);
  // oxlint-disable-next-line no-control-regex -- control characters are what this is about
  return /[\u0000-\u001f]/.test(text)
    ? isNot(`"${text}" is no path: it holds a line break or another control character.`)
    : isRead(text);
}
