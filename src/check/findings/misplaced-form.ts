import { error, type Diagnostic } from "../../text/diagnostic.ts";
import type { Span } from "../../text/source.ts";

/** A `step` or `finally` inside something, or something after `finally`. */
export function misplacedStatement(span: Span, message: string): Diagnostic {
  return error("misplaced-form", span, message);
}
