import { warning, type Diagnostic } from "../../text/diagnostic.ts";
import type { Span } from "../../text/source.ts";

/** What follows a `fail`. */
export function neverRuns(span: Span, fail: Span): Diagnostic {
  return warning(
    "never-runs",
    span,
    "This never runs: the runbook ends before it. Put it before that line, or take it out.",
    { notes: [{ message: "It always ends here", span: fail }] },
  );
}
