import { error, type Diagnostic } from "../../text/diagnostic.ts";
import type { Span } from "../../text/source.ts";

/** Files that use each other. */
export function circularUse(span: Span, path: readonly string[]): Diagnostic {
  return error(
    "circular-use",
    span,
    `These files use each other in a circle: ${path.join(" uses ")}. Take one of the "use" lines out, or move what both need into a third file.`,
  );
}
