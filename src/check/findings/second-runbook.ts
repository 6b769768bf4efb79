import { error, type Diagnostic } from "../../text/diagnostic.ts";
import type { Span } from "../../text/source.ts";

/** A second `runbook` line in one file. */
export function secondRunbook(span: Span, first: Span): Diagnostic {
  return error(
    "second-runbook",
    span,
    `A file holds one runbook, and this is a second "runbook" line. Make it a step, or move what follows into a file of its own.`,
    {
      notes: [{ message: "The first is here", span: first }],
    },
  );
}
