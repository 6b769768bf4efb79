import { error, type Diagnostic } from "../../text/diagnostic.ts";
import type { Span } from "../../text/source.ts";

/** `{list};` in cmd or PowerShell, where `;` ends the word that would be quoted. */
export function gluedValue(span: Span, value: string, to: string, shell: string): Diagnostic {
  return error(
    "glued-value",
    span,
    `${value} is glued to "${to}", where a word ends in ${shell}: how far its quotes reach would be unclear. Put a blank between them.`,
  );
}
