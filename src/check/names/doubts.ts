// What can't be known because a line could not be read: that line may bind names and use them, and has its finding.
import type { Diagnostic } from "../../text/diagnostic.ts";
import { lineAt, lineText, type Source } from "../../text/source.ts";

export interface Doubts {
  /** Names in lines that could not be read: nothing is said of them. */
  readonly doubtful: ReadonlySet<string>;
  /** Lines, from 1, of which the parser said what is wrong. */
  readonly brokenLines: ReadonlySet<number>;
}

/** Gathers the doubts of a file from what its parser found. */
export function doubts(parsed: readonly Diagnostic[], source: Source): Doubts {
  const doubtful = new Set<string>();
  const brokenLines = new Set<number>();
  for (const { severity, span } of parsed) {
    if (severity !== "error" || span.source !== source) continue;
    const last = lineAt(source, Math.max(span.start, span.end - 1));
    for (let line = lineAt(source, span.start); line <= last; line++) {
      if (brokenLines.has(line)) continue;
      brokenLines.add(line);
      for (const [name] of lineText(source, line).matchAll(/[A-Za-z][A-Za-z0-9_-]*/g)) doubtful.add(name);
    }
  }
  return { doubtful, brokenLines };
}
