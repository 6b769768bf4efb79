import { warning, type Diagnostic } from "../../text/diagnostic.ts";
import type { Span } from "../../text/source.ts";

/** `may fail` without why. */
export function mayFailWithoutReason(span: Span): Diagnostic {
  return warning(
    "may-fail-without-reason",
    span,
    `Nobody who reads the transcript will know why this may fail. Say it: may fail because "…"`,
  );
}
