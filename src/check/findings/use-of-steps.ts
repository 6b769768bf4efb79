import { error, type Diagnostic } from "../../text/diagnostic.ts";
import type { Span } from "../../text/source.ts";

/** A used file that has steps of its own. */
export function useOfSteps(span: Span, path: string, step: Span): Diagnostic {
  return error(
    "use-of-steps",
    span,
    `${path} has steps, and a file that is used may hold only vocabularies and inventories: its steps would never run. Move its phrases into a file of their own.`,
    { notes: [{ message: "Its first statement is here", span: step }] },
  );
}
