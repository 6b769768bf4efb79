import { error, type Diagnostic } from "../../text/diagnostic.ts";
import type { Span } from "../../text/source.ts";

/** `for each h in hsm`, where hsm is a name. */
export function plainWordIsName(span: Span, name: string): Diagnostic {
  return error(
    "plain-word-is-name",
    span,
    `"${name}" is a name, and as a plain word it is only its letters. For its value, write {${name}}; for the word itself, write "${name}".`,
    {
      fixes: [{ span, text: `{${name}}`, safe: false }],
    },
  );
}
