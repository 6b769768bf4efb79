import { error, type Diagnostic } from "../../text/diagnostic.ts";
import type { Span } from "../../text/source.ts";
import type { Phrase } from "../../vocabulary/vocabulary.ts";
import { list } from "./said.ts";

/** A phrase outside `on`, and several hosts of its kinds. */
export function ambiguousHost(span: Span, phrase: Phrase, hosts: readonly string[]): Diagnostic {
  return error(
    "ambiguous-host",
    span,
    `"${phrase.shown}" could happen on ${list(hosts, "or")}, and nothing says where. Put it under: on ${hosts[0]}`,
  );
}
