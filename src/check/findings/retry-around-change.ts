import { warning, type Diagnostic } from "../../text/diagnostic.ts";
import type { Span } from "../../text/source.ts";

/** A retry of a change that does not know when it was made. */
export function retryAroundChange(span: Span): Diagnostic {
  return warning(
    "retry-around-change",
    span,
    `This is sent again after a failure, and may have had its effect the first time. Say how that is seen: already so when "…"; or that it is harmless: changes nothing`,
  );
}
