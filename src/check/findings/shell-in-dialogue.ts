import { error, type Diagnostic } from "../../text/diagnostic.ts";
import type { Span } from "../../text/source.ts";

/** `using sh` on a host whose kind has a dialogue. */
export function shellInDialogue(span: Span, kind: string): Diagnostic {
  return error(
    "shell-in-dialogue",
    span,
    `A host of kind ${kind} has a dialogue of its own and starts no other shell. Take this line out.`,
  );
}
