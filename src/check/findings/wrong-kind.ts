import { error, type Diagnostic } from "../../text/diagnostic.ts";
import type { Span } from "../../text/source.ts";
import type { Phrase } from "../../vocabulary/vocabulary.ts";
import { list } from "./said.ts";

/** A phrase on a host of a kind that it has no block for. */
export function wrongKind(
  span: Span,
  phrase: Phrase,
  on: { readonly host: string; readonly kind: string; readonly isSure: boolean; readonly takes: readonly string[] },
): Diagnostic {
  return error(
    "wrong-kind",
    span,
    `"${phrase.shown}" works on ${list(on.takes, "or")}, and ${on.host} ${on.isSure ? "is" : "may be"} ${on.kind}. Put the line under "on" with a host of the right kind.`,
  );
}

/** A `needs` for a host, and a host of that name and of another kind. */
export function needsOtherKind(
  span: Span,
  name: string,
  needs: string,
  host: { readonly kind: string; readonly span: Span | undefined },
): Diagnostic {
  return error(
    "wrong-kind",
    span,
    `This needs ${name} to be ${needs}, and what is named ${name} is ${host.kind}. Name another host, or add the kind here.`,
    {
      notes: host.span === undefined ? [] : [{ message: "It is declared here", span: host.span }],
    },
  );
}
