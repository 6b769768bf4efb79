// How output and patterns are shown in checks: on one line, and not endlessly.
import type { PatternNode } from "../../language/tree.ts";
import { textOfValue } from "../../plan/as-value.ts";
import { lookUp } from "../../plan/evaluate.ts";
import type { Environment } from "../../plan/value.ts";
import { textOf } from "../../text/source.ts";

const longestShown = 300;

/** A text on one line, cut where it is very long. */
export function clip(text: string): string {
  const flat = text.replaceAll(/\s*\n\s*/g, " ⏎ ");
  return flat.length > longestShown ? `${flat.slice(0, longestShown - 1)}…` : flat;
}

/** A pattern with its values filled in, as a person reads it. */
export function shownPattern(node: PatternNode, environment: Environment): string {
  if (node.form === "regex") return `/${node.regex}/`;
  const text = node.parts
    .map((part) => {
      if (part.type === "literal") return part.text;
      if (part.type === "hole") return textOf(part.span);
      const value = lookUp(part, environment);
      return value.type === "known" ? textOfValue(value.value) : textOf(part.span);
    })
    .join("");
  return `"${text}"`;
}
