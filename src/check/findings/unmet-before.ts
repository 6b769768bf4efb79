import { error, warning, type Diagnostic } from "../../text/diagnostic.ts";
import type { Span } from "../../text/source.ts";
import { delimited, list } from "./said.ts";

/** What one line needs and no earlier one gives. */
export interface Unmet {
  readonly fact: string;
  /** Lines of runbook that would make it so. */
  readonly by: readonly string[];
  /** The fact as an `assume` line writes it; undefined where only a run knows its values. */
  readonly assume: string | undefined;
  readonly sketch: boolean;
}

/** A `before` that is not so. */
export function unmetBefore(span: Span, unmet: Unmet): Diagnostic {
  const does =
    unmet.by.length === 0
      ? "No phrase of these vocabularies does."
      : `${list(
          unmet.by.map((line) => `"${line}"`),
          "or",
        )} does.`;
  const where = unmet.sketch ? `under a line runbook "TITLE", ` : "";
  const assume = unmet.assume === undefined ? "" : ` If it was done before: ${where}assume ${delimited(unmet.assume)}`;
  const make = unmet.sketch ? warning : error;
  return make("unmet-before", span, `This needs ${delimited(unmet.fact)}, and no earlier line makes it so.`, {
    notes: [{ message: `${does}${assume}` }],
  });
}
