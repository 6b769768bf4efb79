import { error, type Diagnostic } from "../../text/diagnostic.ts";
import type { Span } from "../../text/source.ts";

/** `use "./nowhere.runbook"` */
export function unknownFile(span: Span, problem: string): Diagnostic {
  return error("unknown-file", span, `${problem} A path in a "use" line starts at the file that says it.`);
}
