// What can be wrong with a `use` line.
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

/** `use "./nowhere.runbook"` */
export function unknownFile(span: Span, problem: string): Diagnostic {
  return error("unknown-file", span, `${problem} A path in a "use" line starts at the file that says it.`);
}

/** Files that use each other. */
export function circularUse(span: Span, path: readonly string[]): Diagnostic {
  return error(
    "circular-use",
    span,
    `These files use each other in a circle: ${path.join(" uses ")}. Take one of the "use" lines out, or move what both need into a third file.`,
  );
}

/** A used file that has steps of its own. */
export function useOfSteps(span: Span, path: string, step: Span): Diagnostic {
  return error(
    "use-of-steps",
    span,
    `${path} has steps, and a file that is used may hold only vocabularies and inventories: its steps would never run. Move its phrases into a file of their own.`,
    { notes: [{ message: "Its first statement is here", span: step }] },
  );
}
