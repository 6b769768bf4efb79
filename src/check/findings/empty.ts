import { warning, type Diagnostic } from "../../text/diagnostic.ts";
import type { Source } from "../../text/source.ts";

/** A file without a statement, a vocabulary or an inventory. */
export function nothingToRun(source: Source): Diagnostic {
  return warning(
    "empty",
    { source, start: 0, end: 0 },
    `${source.path} has nothing to run: no step, no phrase and no command is in it. Write a line such as: run hostname`,
  );
}
