import { error, type Diagnostic } from "../../text/diagnostic.ts";
import type { Span } from "../../text/source.ts";

/** A number that its place does not take: an exit status, a count. */
export function outOfRange(span: Span, text: string, place: string): Diagnostic {
  return error("out-of-range", span, `"${text}" does not fit here: ${place}.`);
}
