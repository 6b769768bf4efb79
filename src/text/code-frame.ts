import type { Diagnostic } from "./diagnostic.ts";
import { lineAt, lineText, placeOf, type Span } from "./source.ts";

/** What colours a part of a message; the plain one returns the text as it is. */
export interface Paint {
  readonly error: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly good: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly bold: (text: string) => string;
}

const same = (text: string): string => text;
export const plainPaint: Paint = { error: same, warning: same, good: same, dim: same, bold: same };

/**
 * A finding as people read it: code and place, the line with its carets, the sentences, notes, fixes.
 *
 * ```
 * error unknown-phrase  exchange.runbook:12:3
 *   12 |   registre client supreme ip 192.168.5.174
 *      |   ^^^^^^^^
 *   No phrase begins with "registre". …
 *   fix: register
 * ```
 */
export function showDiagnostic(diagnostic: Diagnostic, paint: Paint = plainPaint): string {
  const place = placeOf(diagnostic.span);
  const colour = diagnostic.severity === "error" ? paint.error : paint.warning;
  const out = [
    `${colour(diagnostic.severity)} ${paint.bold(diagnostic.code)}  ${place.file}:${place.line}:${place.column}`,
  ];
  out.push(...codeFrame(diagnostic.span, paint), ...sentences(diagnostic.message));
  for (const note of diagnostic.notes) {
    const where = note.span === undefined ? "" : ` (${placeOf(note.span).file}:${placeOf(note.span).line})`;
    out.push(`  note: ${printable(note.message)}${where}`);
  }
  for (const fix of diagnostic.fixes) out.push(`  fix: ${fixInWords(fix.text)}`);
  return out.join("\n");
}

function fixInWords(text: string): string {
  if (text === "") return "take it out";
  return text.trim() === "" ? `${text.length} blank${text.length === 1 ? "" : "s"}` : printable(text);
}

/** The line in which a span begins, and carets under what it covers of that line. */
export function codeFrame(span: Span, paint: Paint = plainPaint): string[] {
  const line = lineAt(span.source, span.start);
  const text = lineText(span.source, line);
  if (text.trim() === "") return [];
  const from = span.start - (span.source.lineStarts[line - 1] ?? 0);
  const to = Math.min(
    Math.max(span.end - (span.source.lineStarts[line - 1] ?? 0), from + 1),
    Math.max(text.length, from + 1),
  );
  const number = String(line);
  // A window around the place keeps a line of a megabyte on one screen.
  const start = text.length > 200 ? Math.max(0, from - 60) : 0;
  const shown = printable(text.slice(start, start + 200));
  const before = printable(text.slice(start, from));
  const marked = Array.from(text.slice(from, Math.min(to, start + 200))).length;
  return [
    `  ${paint.dim(`${number} |`)} ${shown}`,
    `  ${paint.dim(`${" ".repeat(number.length)} |`)} ${" ".repeat(Array.from(before).length)}${paint.error("^".repeat(Math.max(1, marked)))}`,
  ];
}

/** A text with every control character replaced, so that a file can't speak to the terminal. */
export function printable(text: string): string {
  return text.replace(
    // oxlint-disable-next-line no-control-regex -- control characters are what this is about
    /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g,
    (character) => (character === "\t" ? " " : "\ufffd"),
  );
}

/** The same on one line: a line break is a blank. */
export function printableLine(text: string): string {
  return printable(text.replaceAll(/\r?\n/g, " "));
}

function sentences(message: string): string[] {
  return message.split("\n").map((line) => `  ${printable(line)}`);
}
