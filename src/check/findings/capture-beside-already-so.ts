import { error, type Diagnostic } from "../../text/diagnostic.ts";
import type { Span } from "../../text/source.ts";

/** A capture beside `already so`. */
export function captureBesideAlreadySo(span: Span, alreadySo: Span): Diagnostic {
  return error(
    "capture-beside-already-so",
    span,
    `Where it is already so, the output has nothing to capture, and the name would stay unbound. Capture from a line of its own, after this one.`,
    {
      notes: [{ message: "It may be already so by this line", span: alreadySo }],
    },
  );
}
