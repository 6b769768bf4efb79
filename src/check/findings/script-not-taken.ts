import { error, type Diagnostic } from "../../text/diagnostic.ts";
import type { Span } from "../../text/source.ts";

/** A script for cmd, or for a dialogue. */
export function scriptNotTaken(span: Span, by: string): Diagnostic {
  return error(
    "script-not-taken",
    span,
    `${by} takes no script of several lines. Write a run line for each command${by === "cmd" ? ", or: using powershell" : ""}.`,
  );
}
