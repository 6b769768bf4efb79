import { warning, type Diagnostic } from "../../text/diagnostic.ts";
import type { Span } from "../../text/source.ts";
import { delimited } from "./said.ts";

/** A `before` that is so only for some values of an input. */
export function factLeftOpen(span: Span, fact: string, given: string): Diagnostic {
  return warning(
    "fact-left-open",
    span,
    `This needs ${delimited(fact)}, and whether the earlier ${delimited(given)} is that, only the inputs will say. "ordo plan" decides it.`,
  );
}
