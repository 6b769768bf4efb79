// One mistake is one finding: under a line that is no phrase, what the parser says of the indented lines follows from it;
// where a file is missing, so are its phrases.
import type { Diagnostic } from "../../text/diagnostic.ts";
import { lineAt, lineText, placeOf, type Source, type Span } from "../../text/source.ts";

/**
 * Leaves out what is only said because `stpe "x"` was taken for a phrase, and the lines beneath it for clauses; and phrases
 * that nothing is near to, where what a `use` line names is not there.
 */
export function withoutFollowUps(found: readonly Diagnostic[]): readonly Diagnostic[] {
  const beneath = new Map<Source, Set<number>>();
  for (const { code, span } of found) {
    if (code !== "unknown-phrase") continue;
    const lines = beneath.get(span.source) ?? new Set<number>();
    beneath.set(span.source, lines);
    const { column } = placeOf(span);
    for (let line = lineAt(span.source, span.start) + 1; line <= span.source.lineStarts.length; line++) {
      const text = lineText(span.source, line);
      if (text.trim() !== "" && indentOf(text) < column) break;
      if (lines.has(line)) break;
      lines.add(line);
    }
  }
  const isUseMissing = found.some(
    ({ code, span }) =>
      code === "unknown-file" ||
      (code === "unknown-vocabulary" && /^use\b/.test(lineText(span.source, lineAt(span.source, span.start)))),
  );
  const misplaced = new Set(found.flatMap(({ code, span }) => (code === "misplaced" ? [lineOf(span)] : [])));
  return found.filter(({ code, span, fixes }) => {
    // What stands in the wrong place may lack a block there: where it belongs comes first.
    if (code === "empty-block") return !misplaced.has(lineOf(span));
    // A body right under `phrase`: that it needs a block is said of its first line.
    if (code === "phrase-without-block") return !isAnyBeneath(span, misplaced);
    // `use` in a block: where the line belongs comes before what it names.
    if (code === "unknown-vocabulary" || code === "unknown-file") return !misplaced.has(lineOf(span));
    if (code === "unknown-phrase") return fixes.length > 0 || !isUseMissing;
    return code !== "misplaced" || beneath.get(span.source)?.has(lineAt(span.source, span.start)) !== true;
  });
}

/** Whether one of these lines is indented under the line at `span`. */
function isAnyBeneath(span: Span, lines: ReadonlySet<string>): boolean {
  const { source } = span;
  const { column } = placeOf(span);
  for (let line = lineAt(source, span.start) + 1; line <= source.lineStarts.length; line++) {
    const text = lineText(source, line);
    if (text.trim() !== "" && indentOf(text) < column) return false;
    if (lines.has(`${source.path}:${line}`)) return true;
  }
  return false;
}

function lineOf({ source, start }: Span): string {
  return `${source.path}:${lineAt(source, start)}`;
}

/** How many blanks a line begins with. */
function indentOf(text: string): number {
  return text.length - text.trimStart().length;
}
