// The text of one line as the grammar reads it, and the way back to the file.
// A line that goes on after `\`, and a text of several lines, are made of pieces; every other line is one stretch.
import type { Source, Span } from "../../text/source.ts";

export interface LineText {
  readonly source: Source;
  readonly text: string;
  /** Where `text` begins in the source. */
  readonly offset: number;
  /** Where each piece begins, in `text` and in the source; undefined for one stretch. */
  readonly pieces: readonly Piece[] | undefined;
}

export interface Piece {
  readonly at: number;
  readonly offset: number;
}

/** The source offset of a character of the line. */
export function sourceOffset(line: LineText, at: number): number {
  const { pieces } = line;
  if (pieces === undefined) return line.offset + at;
  let low = 0;
  let high = pieces.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((pieces[middle]?.at ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  const piece = pieces[low];
  return piece === undefined ? line.offset + at : piece.offset + (at - piece.at);
}

/** The span of `text.slice(from, to)`. */
export function spanIn(line: LineText, from: number, to: number): Span {
  const start = sourceOffset(line, from);
  // The end is taken from the last character, so that a blank that joins two lines lies between its pieces.
  const end = line.pieces === undefined || to <= from ? start + (to - from) : sourceOffset(line, to - 1) + 1;
  return { source: line.source, start, end: Math.min(Math.max(start, end), line.source.text.length) };
}

/** The first word of a line; a `,` or `:` at its end is not part of it. */
export function firstWord(text: string): string {
  let end = 0;
  while (end < text.length && !isBlankCode(text.charCodeAt(end))) end++;
  const last = text.charCodeAt(end - 1);
  return text.slice(0, end > 1 && (last === 58 || last === 44) ? end - 1 : end);
}

/** The word after the first one, or "". */
export function secondWord(text: string): string {
  let at = 0;
  while (at < text.length && !isBlankCode(text.charCodeAt(at))) at++;
  while (at < text.length && isBlankCode(text.charCodeAt(at))) at++;
  return firstWord(text.slice(at, at + 40));
}

/** Blank, tab, and the blanks that a word processor leaves (these are found as `typography`). */
export function isBlankCode(code: number): boolean {
  return code === 32 || code === 9 || isOddBlankCode(code);
}

/** No-break, figure, narrow, ideographic and other spaces that nobody typed on purpose. */
export function isOddBlankCode(code: number): boolean {
  return code === 0xa0 || (code >= 0x2000 && code <= 0x200a) || code === 0x202f || code === 0x205f || code === 0x3000;
}
