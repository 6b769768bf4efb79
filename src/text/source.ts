// Sources and places in them. Nothing here knows what a runbook is.

/** A file as it was read: its text, and the place of every line in it. */
export interface Source {
  /** The path as the person gave it (or as a `use` line led to it); shown in messages. */
  readonly path: string;
  /** The decoded text, without a byte-order mark. */
  readonly text: string;
  /** The file's bytes, where it was read from one: what a transcript keeps. */
  readonly bytes?: Uint8Array;
  /** Offset of each line's first character, in UTF-16 units; the first is 0. */
  readonly lineStarts: readonly number[];
}

/** A stretch of a source: offsets in UTF-16 units from 0, the end excluded. */
export interface Span {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

/** A place as people say it: line and column count from 1, columns in characters (code points). */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Makes a source of a text, and of the bytes that it was decoded from; a byte-order mark at its start is dropped. */
export function makeSource(path: string, text: string, bytes?: Uint8Array): Source {
  const body = text.startsWith("\uFEFF") ? text.slice(1) : text;
  const lineStarts = [0];
  for (let at = body.indexOf("\n"); at !== -1; at = body.indexOf("\n", at + 1)) lineStarts.push(at + 1);
  return { path, text: body, lineStarts, ...(bytes === undefined ? {} : { bytes }) };
}

/** The line that holds `offset`, counted from 1. */
export function lineAt(source: Source, offset: number): number {
  let low = 0;
  let high = source.lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((source.lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low + 1;
}

/** The text of line `line` (from 1), without its line end; "" past the last one. */
export function lineText(source: Source, line: number): string {
  const start = source.lineStarts[line - 1];
  if (start === undefined) return "";
  const end = source.lineStarts[line] ?? source.text.length + 1;
  const text = source.text.slice(start, end - 1);
  return text.endsWith("\r") ? text.slice(0, -1) : text;
}

/** File, line and column of an offset. */
export function placeAt(source: Source, offset: number): Place {
  const line = lineAt(source, offset);
  const start = source.lineStarts[line - 1] ?? 0;
  return { file: source.path, line, column: Array.from(source.text.slice(start, offset)).length + 1 };
}

/** Where a span begins. */
export function placeOf(span: Span): Place {
  return placeAt(span.source, span.start);
}

/** The text that a span covers. */
export function textOf(span: Span): string {
  return span.source.text.slice(span.start, span.end);
}

/** The text of a statement as people read it in one line: a blank and `\` at a line's end join the next. */
export function sentenceText(span: Span): string {
  return textOf(span).replaceAll(/[ \t]+\\[ \t]*\r?\n[ \t]*/g, " ");
}

/** From the start of one span to the end of another of the same source. */
export function join(first: Span, last: Span): Span {
  return { source: first.source, start: first.start, end: last.end };
}
