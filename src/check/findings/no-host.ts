import { error, type Diagnostic } from "../../text/diagnostic.ts";
import type { Span } from "../../text/source.ts";
import type { Phrase } from "../../vocabulary/vocabulary.ts";
import { list } from "./said.ts";

/** A phrase outside `on` that changes something, and no host of its kinds. */
export function noHostOfKind(span: Span, phrase: Phrase, kinds: readonly string[], couldBeHere: boolean): Diagnostic {
  const here = couldBeHere ? `, or write "on here" if this machine is meant` : "";
  return error(
    "no-host",
    span,
    `"${phrase.shown}" works on ${list(kinds, "or")}, and neither this file nor an inventory names such a host. Name one: host NAME: ${kinds[0]} at ADDRESS${here}.`,
  );
}
