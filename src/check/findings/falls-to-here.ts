import { warning, type Diagnostic } from "../../text/diagnostic.ts";
import type { Span } from "../../text/source.ts";
import type { Phrase } from "../../vocabulary/vocabulary.ts";
import { list } from "./said.ts";

/** A phrase that changes nothing and happens on the machine that runs the runbook. */
export function fallsToHere(span: Span, phrase: Phrase, kinds: readonly string[]): Diagnostic {
  return warning(
    "falls-to-here",
    span,
    `Neither this file nor an inventory names a host of kind ${list(kinds, "or")}, so "${phrase.shown}" happens here, on the machine that runs the runbook. If that is meant, put it under: on here`,
  );
}
