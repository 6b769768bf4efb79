import { error, type Diagnostic } from "../../text/diagnostic.ts";
import type { Span } from "../../text/source.ts";

/** `as root` where nothing can become someone else. */
export function asRefused(span: Span, kind: string, windows: boolean): Diagnostic {
  return error(
    "as-refused",
    span,
    windows
      ? `On ${kind} an account can't become another one within a connection. Declare a host with that user: host NAME: ${kind} at ADDRESS, and under it: user NAME`
      : `The kind ${kind} does not say how to become another user (elevate with COMMAND). Take "as" away.`,
  );
}
