import { error, type Diagnostic } from "../../text/diagnostic.ts";
import type { Span } from "../../text/source.ts";

/** A list as one argument. */
export function listInCommand(span: Span, value: string): Diagnostic {
  return error(
    "list-in-command",
    span,
    `${value} is a list, and a command takes one value at a time. Go through it: for each NAME in ${value}`,
  );
}
