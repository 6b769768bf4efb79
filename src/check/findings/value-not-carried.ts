import { error, type Diagnostic } from "../../text/diagnostic.ts";
import type { Span } from "../../text/source.ts";

/** A value that the shell or the dialogue can't carry, and what it holds. */
export function valueNotCarried(span: Span, value: string, holds: string, by: string): Diagnostic {
  return error(
    "value-not-carried",
    span,
    `${value} holds ${holds}, which ${by} can't carry inside one argument. Use another value, or send it as a file.`,
  );
}
