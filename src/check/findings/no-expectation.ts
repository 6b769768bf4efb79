import { warning, type Diagnostic } from "../../text/diagnostic.ts";
import type { Span } from "../../text/source.ts";

/** A dialogue without a verdict, and a command that nothing looks at. */
export function noExpectation(span: Span, kind: string): Diagnostic {
  return warning(
    "no-expectation",
    span,
    `The kind ${kind} has no verdict, so whatever this answers counts as done. Say what shows success: expect text "…"`,
  );
}
