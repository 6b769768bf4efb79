import { warning, type Diagnostic } from "../../text/diagnostic.ts";
import type { Span } from "../../text/source.ts";

/** `run cd /tmp` and nothing after it. */
export function cdAlone(span: Span, folder: string): Diagnostic {
  return warning(
    "cd-alone",
    span,
    `Each run starts anew, so this "cd" is gone with its line. Give the folder to the lines that need it: in ${folder === "" ? "DIR" : folder}`,
  );
}
