import { error, type Diagnostic } from "../../text/diagnostic.ts";
import type { Span } from "../../text/source.ts";
import type { Phrase } from "../../vocabulary/vocabulary.ts";
import { list } from "./said.ts";

/** Two phrases fit, and nothing decides. */
export function ambiguousPhrase(span: Span, phrases: readonly Phrase[], line: string): Diagnostic {
  const names = phrases.map((phrase) => `${phrase.shown}  (${phrase.vocabulary})`);
  const first = phrases[0]?.vocabulary ?? "";
  return error(
    "ambiguous-phrase",
    span,
    `This line has ${phrases.length} readings: ${list(names)}. Say which is meant: ${first}: ${line}`,
    {
      fixes: [],
    },
  );
}
