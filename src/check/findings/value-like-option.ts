import { error, type Diagnostic } from "../../text/diagnostic.ts";
import type { Span } from "../../text/source.ts";
import { quoted } from "./said.ts";

/** `rm {name}` where the name holds `-rf`. */
export function valueLikeOption(span: Span, value: string, text: string): Diagnostic {
  return error(
    "value-like-option",
    span,
    `${value} is ${quoted(text)}, and as the beginning of an argument the command would take it for an option. Write the option into the command itself, or put ./ before a file's name.`,
  );
}
