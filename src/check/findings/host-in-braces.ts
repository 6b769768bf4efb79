import { error, type Diagnostic } from "../../text/diagnostic.ts";
import type { Span } from "../../text/source.ts";

/** `on {hsm}` */
export function hostInBraces(span: Span, name: string): Diagnostic {
  return error("host-in-braces", span, `A host is named by a plain word; {${name}} is the text of its name.`, {
    fixes: [{ span, text: name, safe: true }],
  });
}
