import { error, type Diagnostic } from "../../text/diagnostic.ts";
import { nearest } from "../../text/nearest.ts";
import type { Span } from "../../text/source.ts";
import { list } from "./said.ts";

/** `using zsh` */
export function unknownShell(span: Span, name: string, known: readonly string[]): Diagnostic {
  const near = nearest(name, known);
  const hint = near === undefined ? `There are ${list(known)}.` : `The nearest is: ${near}`;
  return error(
    "unknown-shell",
    span,
    `No shell is named "${name}". ${hint}`,
    near === undefined ? {} : { fixes: [{ span, text: near, safe: false }] },
  );
}
