import { error, type Diagnostic } from "../../text/diagnostic.ts";
import type { Span } from "../../text/source.ts";

/** `expect line "<name>"`: only capture binds. */
export function holeNotKept(span: Span, name: string): Diagnostic {
  return error(
    "hole-not-kept",
    span,
    `Only "capture" keeps what a hole finds, so <${name}> would be lost. Write <_> for any word, or <\\${name}> if the angles are meant as text.`,
    {
      fixes: [{ span, text: "<_>", safe: false }],
    },
  );
}

/** `expect line /size (?<size>[0-9]+)/`: only capture binds. */
export function groupNotKept(span: Span, name: string): Diagnostic {
  return error(
    "hole-not-kept",
    span,
    `Only "capture" keeps what a group finds, so (?<${name}>…) would be lost. Write (?:…), or put the pattern under capture.`,
  );
}
