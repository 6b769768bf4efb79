// Names from a command's output.
import type { ClauseNode } from "../../language/tree.ts";
import { valueOf } from "../../plan/as-value.ts";
import { evaluatePattern } from "../../plan/evaluate.ts";
import type { Environment, Value } from "../../plan/value.ts";
import { textOf } from "../../text/source.ts";
import type { Captured, CompiledPattern } from "../../vocabulary/pattern.ts";
import type { Check } from "./check.ts";
import { clip, shownPattern } from "./shown.ts";

export interface CaptureResult {
  readonly names: readonly { readonly name: string; readonly value: Value }[];
  /** Checks that did not hold: a pattern that found nothing is a failure. */
  readonly missing: readonly Check[];
}

/** Carries out the `capture` clauses of a command; `own` is the output without the host's verdict line. */
export function captureAll(
  clauses: readonly ClauseNode[],
  output: { readonly whole: string; readonly own: string },
  environment: Environment,
): CaptureResult {
  const names: { name: string; value: Value }[] = [];
  const missing: Check[] = [];
  for (const clause of clauses) {
    if (clause.type === "capture-output")
      names.push({ name: clause.as.text, value: { type: "scalar", of: "text", text: trimmed(output.own) } });
    if (clause.type !== "capture-pattern" && clause.type !== "capture-each") continue;
    const pattern = evaluatePattern(clause.pattern, environment);
    const what = textOf(clause.span);
    const expected = `${clause.pattern.over} ${shownPattern(clause.pattern, environment)}`;
    if (pattern.type === "unknown") {
      missing.push({ what, expected, seen: "a value in it is not known", held: false });
      continue;
    }
    const found =
      clause.type === "capture-each"
        ? pattern.value.each(output.whole)
        : [pattern.value.first(output.whole)].filter((one) => one !== undefined);
    const [first] = found;
    if (first === undefined) {
      const nearest = pattern.value.nearest(output.whole)?.trim();
      const seen = output.whole.trim() === "" ? "no output" : "nothing like it";
      missing.push({ what, expected, seen, held: false, ...(nearest === undefined ? {} : { nearest: clip(nearest) }) });
    } else if (clause.type === "capture-each") {
      const items = found.map((one): Value => ({
        type: "record",
        fields: Object.fromEntries(captureHoles(pattern.value, one)),
      }));
      names.push({ name: clause.as.text, value: { type: "list", items } });
    } else {
      for (const [name, value] of captureHoles(pattern.value, first)) names.push({ name, value });
    }
  }
  return { names, missing };
}

/** The holes of a match as values of their types; what isn't one of its type after all is text. */
export function captureHoles(pattern: CompiledPattern, found: Captured): readonly (readonly [string, Value])[] {
  return pattern.holes.map(({ name, type }) => {
    const text = found[name] ?? "";
    const made = valueOf(type, text, name);
    return [name, made.ok ? made.value : { type: "scalar", of: "text", text }] as const;
  });
}

/** Whether a name captured here will be a secret: then no piece of the output may be recorded before it is known. */
export function capturesSecret(clauses: readonly ClauseNode[]): boolean {
  return clauses.some(
    (clause) =>
      (clause.type === "capture-pattern" || clause.type === "capture-each") &&
      clause.pattern.parts.some(
        (part) =>
          part.type === "hole" &&
          part.holeType?.type === "named-type" &&
          part.holeType.names.some(({ text }) => text === "secret"),
      ),
  );
}

/** Without blank lines at its ends and the last line's end. */
function trimmed(text: string): string {
  return text.replace(/^(?:[ \t]*\n)+/, "").replace(/\s+$/, "");
}
