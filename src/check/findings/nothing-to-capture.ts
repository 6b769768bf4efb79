import { error, type Diagnostic } from "../../text/diagnostic.ts";
import type { Span } from "../../text/source.ts";
import type { Phrase } from "../../vocabulary/vocabulary.ts";
import { list } from "./said.ts";

/** `capture NAME`, and a body that binds no such name. */
export function nothingToCapture(span: Span, name: string, phrase: Phrase, binds: readonly string[]): Diagnostic {
  const hint =
    binds.length === 0
      ? 'It binds none. Capture from its output instead: capture line "…"'
      : `It binds ${list(binds)}.`;
  return error(
    "nothing-to-capture",
    span,
    `"${phrase.shown}" binds no name "${name}" on every host that it works on. ${hint}`,
  );
}
