// Findings in the order in which a person reads the files: the runbook's own first, by their places; each once.
import type { Diagnostic } from "../../text/diagnostic.ts";
import type { Source } from "../../text/source.ts";

/** Sorts findings by place, and leaves out what was said already. */
export function inOrder(found: readonly Diagnostic[], main: Source): readonly Diagnostic[] {
  const files = new Map<Source, number>([[main, 0]]);
  for (const { span } of found) if (!files.has(span.source)) files.set(span.source, files.size);
  const rank = ({ span }: Diagnostic): number => files.get(span.source) ?? 0;
  const seen = new Set<string>();
  return found
    .filter((finding) => {
      const key = `${rank(finding)} ${finding.span.start} ${finding.span.end} ${finding.code} ${finding.message}`;
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    })
    .toSorted(
      (a, b) => rank(a) - rank(b) || a.span.start - b.span.start || a.span.end - b.span.end || compare(a.code, b.code),
    );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
