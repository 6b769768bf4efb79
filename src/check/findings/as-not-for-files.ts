import { warning, type Diagnostic } from "../../text/diagnostic.ts";
import type { Span } from "../../text/source.ts";

/** `fetch` and `send` under an `on HOST as USER`: files are copied by the account that logged in. */
export function asNotForFiles(span: Span): Diagnostic {
  return warning(
    "as-not-for-files",
    span,
    `Files are copied by the account that logs in: "as" does not hold for this line. Copy to a folder of that account, and move the file with a command.`,
  );
}
