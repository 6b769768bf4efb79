// Printing findings: for people with a code frame, for programs as JSON.
import { showDiagnostic } from "../text/code-frame.ts";
import type { Diagnostic } from "../text/diagnostic.ts";
import { placeAt, type Span } from "../text/source.ts";
import type { Output } from "./output.ts";

/** Whether one of them is an error. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === "error");
}

/** Prints findings on standard error, a blank line between them, and a line that counts them. */
export function printFindings(diagnostics: readonly Diagnostic[], output: Output): void {
  for (const diagnostic of diagnostics) output.err(`${showDiagnostic(diagnostic, output.paint)}\n`);
  if (diagnostics.length > 0) output.err(countFindings(diagnostics));
}

/** `2 errors, 1 warning` */
export function countFindings(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  const warnings = diagnostics.length - errors;
  return [count(errors, "error"), count(warnings, "warning")].filter((part) => part !== "").join(", ");
}

/** A finding as one line of JSON, as `cli.md` of the design says. */
export function findingJson(diagnostic: Diagnostic): string {
  return JSON.stringify({
    code: diagnostic.code,
    severity: diagnostic.severity,
    message: diagnostic.message,
    file: diagnostic.span.source.path,
    span: spanJson(diagnostic.span),
    notes: diagnostic.notes.map(({ message, span }) =>
      span === undefined ? { message } : { message, file: span.source.path, span: spanJson(span) },
    ),
    fixes: diagnostic.fixes.map(({ span, text, safe }) => ({
      file: span.source.path,
      span: spanJson(span),
      text,
      safe,
    })),
  });
}

function spanJson(span: Span): unknown {
  const start = placeAt(span.source, span.start);
  const end = placeAt(span.source, span.end);
  return { start: { line: start.line, column: start.column }, end: { line: end.line, column: end.column } };
}

function count(number: number, word: string): string {
  return number === 0 ? "" : `${number} ${word}${number === 1 ? "" : "s"}`;
}
