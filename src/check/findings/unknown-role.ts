import { error, type Diagnostic } from "../../text/diagnostic.ts";
import { nearest } from "../../text/nearest.ts";
import type { Span } from "../../text/source.ts";

/** `by oficer` */
export function unknownRole(span: Span, name: string, known: readonly string[]): Diagnostic {
  const near = nearest(name, known);
  const hint = near === undefined ? `Declare it at the beginning: role ${name}` : `The nearest is: ${near}`;
  return error(
    "unknown-role",
    span,
    `No role is named "${name}". ${hint}`,
    near === undefined ? {} : { fixes: [{ span, text: near, safe: false }] },
  );
}
