import { error, type Diagnostic } from "../../text/diagnostic.ts";
import type { Span } from "../../text/source.ts";

/** A role, a secret or a vocabulary with the name of another. */
export function declaredTwice(
  span: Span,
  what: { readonly word: string; readonly name: string; readonly first: Span },
): Diagnostic {
  return error(
    "declared-twice",
    span,
    `The ${what.word} ${what.name} is declared already, and one name means one thing. Give this one another name, or take it out.`,
    {
      notes: [{ message: "It is declared here first", span: what.first }],
    },
  );
}
