import { error, type Diagnostic } from "../../text/diagnostic.ts";
import type { Span } from "../../text/source.ts";
import type { Phrase } from "../../vocabulary/vocabulary.ts";

/** A phrase whose body calls it again. */
export function recursivePhrase(span: Span, phrase: Phrase): Diagnostic {
  return error(
    "recursive-phrase",
    span,
    `"${phrase.shown}" calls itself here, and would never end. Take the call out, or call a phrase that does less.`,
  );
}
