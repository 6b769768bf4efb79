import { warning, type Diagnostic } from "../../text/diagnostic.ts";
import type { Span } from "../../text/source.ts";

/** A retry of a login. */
export function retryAroundLogin(span: Span): Diagnostic {
  return warning(
    "retry-around-login",
    span,
    `A failed login is never tried again, because accounts lock: this retry does nothing for it. Take it out, or put it on the line that waits.`,
  );
}
