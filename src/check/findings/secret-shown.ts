import { error, type Diagnostic } from "../../text/diagnostic.ts";
import type { Span } from "../../text/source.ts";

/** A secret where people or a process list would see it. */
export function secretShown(span: Span, name: string): Diagnostic {
  return error(
    "secret-shown",
    span,
    `{${name}} is a secret, and here it would be shown, or stand in a process list. A secret goes only into answer, input, with, a slot of type secret, and a let.`,
  );
}
