// Patterns: their values are looked up, their holes typed, and only a capture keeps what they find.
import type { PatternNode } from "../../language/tree.ts";
import type { Span } from "../../text/source.ts";
import { compilePattern, isCompiled } from "../../vocabulary/pattern.ts";
import { isDiagnostic, textType, typeFromNode, wordType } from "../../vocabulary/types.ts";
import type { Type } from "../../vocabulary/vocabulary.ts";
import { wrongType } from "../findings/wrong-type.ts";
import { groupNotKept, holeNotKept } from "../findings/hole-not-kept.ts";
import { readValuePart } from "./read-text.ts";
import type { Walk } from "./walk.ts";

export interface Hole {
  readonly name: string;
  readonly type: Type;
  readonly span: Span;
}

/** Checks a pattern; `keeps` says whether it stands in a capture. Its named holes come back, for one that does. */
export function checkPattern(
  pattern: PatternNode,
  walk: Walk,
  keeps: "keeps its holes" | "keeps nothing",
): readonly Hole[] {
  const spans = new Map<string, { readonly span: Span; readonly type: Type | undefined }>();
  let isPlain = pattern.form !== "regex";
  for (const part of pattern.parts) {
    if (part.type === "value") {
      const { type } = readValuePart(part, walk, "shown");
      if (type?.type === "list" || type?.type === "record" || type?.type === "group")
        walk.report(wrongType(part.span, type, { type: { type: "scalar", name: "text" }, place: "a pattern" }));
    }
    if (part.type !== "hole") continue;
    const type = part.holeType === undefined ? undefined : typeFromNode(part.holeType, walk.world.kinds);
    if (type !== undefined && isDiagnostic(type)) walk.report(type);
    if (part.name === undefined) continue;
    if (spans.has(part.name.text)) isPlain = false;
    if (keeps === "keeps nothing") walk.report(holeNotKept(part.span, part.name.text));
    spans.set(part.name.text, {
      span: part.name.span,
      type: type === undefined || isDiagnostic(type) ? undefined : type,
    });
  }
  // A string always compiles, unless two of its holes have one name; making its expression is slow, so `run` does that.
  if (isPlain) return [...spans].map(([name, { span, type }]) => ({ name, type: type ?? wordType, span }));
  const compiled = compilePattern(pattern, () => undefined);
  if (!isCompiled(compiled)) {
    walk.report(compiled);
    // What it was meant to keep is bound all the same: its uses are not wrong.
    return [...pattern.regex.matchAll(/\(\?<([A-Za-z]\w*)>/g)].map((found) => ({
      name: found[1] ?? "",
      type: textType,
      span: pattern.span,
    }));
  }
  const [hole] = compiled.holes;
  if (pattern.form === "regex" && keeps === "keeps nothing" && hole !== undefined)
    walk.report(groupNotKept(pattern.span, hole.name));
  return compiled.holes.map(({ name, type }) => ({ name, type: spans.get(name)?.type ?? type, span: pattern.span }));
}
