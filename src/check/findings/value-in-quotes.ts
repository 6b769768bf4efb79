import { error, type Diagnostic } from "../../text/diagnostic.ts";
import type { Span } from "../../text/source.ts";

/** `"/CN={name}"`: the quotes are the command's own, and what the value holds could end them. */
export function valueInQuotes(span: Span, value: string, word: string): Diagnostic {
  return error(
    "value-in-quotes",
    span,
    `${value} stands inside quotes of the command, where a quote in it would end them and change the command. Bind the whole word before, and write it without quotes: let NAME = ${word}, then {NAME}`,
  );
}
