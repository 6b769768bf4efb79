import { error, type Diagnostic } from "../../text/diagnostic.ts";
import { nearest } from "../../text/nearest.ts";
import type { Span } from "../../text/source.ts";
import { list } from "./said.ts";

/** `use luan`: no shipped vocabulary has this name. */
export function unknownVocabulary(span: Span, name: string, known: readonly string[]): Diagnostic {
  const near = nearest(name, known);
  const there = known.length === 0 ? "" : ` There are ${list(known)}.`;
  const hint =
    near === undefined
      ? `${there} A file of your own is named by its path: use "./${name}.runbook"`
      : ` The nearest is: ${near}`;
  return error(
    "unknown-vocabulary",
    span,
    `No vocabulary is named "${name}".${hint}`,
    near === undefined ? {} : { fixes: [{ span, text: near, safe: false }] },
  );
}
