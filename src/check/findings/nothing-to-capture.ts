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

/** `capture line "ok"`: a pattern without a named hole. */
export function noHoleToCapture(span: Span, isRegex: boolean): Diagnostic {
  const hole = isRegex ? "a named group, such as (?<size>[0-9]+)," : "a hole, such as <size>,";
  return error(
    "nothing-to-capture",
    span,
    `No part of this pattern has a name, so nothing would be captured. Write ${hole} for what is to be kept; or expect instead of capture, where the output must only hold it.`,
  );
}
