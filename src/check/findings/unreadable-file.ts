import { error, type Diagnostic } from "../../text/diagnostic.ts";
import type { Span } from "../../text/source.ts";

/** A file that a `use` line or the command line names, and that gave no text. */
export function unreadableFile(span: Span, problem: string): Diagnostic {
  return error("unreadable-file", span, problem);
}
