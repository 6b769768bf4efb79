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
    // `use` in a block: where the line belongs comes before what it names.
    if (code === "unknown-vocabulary" || code === "unknown-file") return !misplaced.has(lineOf(span));
    if (code === "unknown-phrase") return fixes.length > 0 || !isUseMissing;
    return code !== "misplaced" || beneath.get(span.source)?.has(lineAt(span.source, span.start)) !== true;
  });
}

function lineOf({ source, start }: Span): string {
  return `${source.path}:${lineAt(source, start)}`;
}

/** How many blanks a line begins with. */
function indentOf(text: string): number {
  return text.length - text.trimStart().length;
}
