// Patterns made by hand, so that what is matched does not depend on how a file is read.
import type { HolePart, PatternNode, PatternPart, TypeNode } from "../../src/language/tree.ts";
import { makeSource, type Span } from "../../src/text/source.ts";
import { compilePattern, isCompiled, type CompiledPattern } from "../../src/vocabulary/pattern.ts";

const source = makeSource("test.runbook", "");
const span: Span = { source, start: 0, end: 0 };

/** `registered client <_: number>: {name}` as a node: holes with a type of one word or `list of` one, values by name. */
export function patternNode(written: string, over: "line" | "text"): PatternNode {
  const parts: PatternPart[] = [];
  for (const piece of written.split(/(<[^>]+>|\{[^}]+\})/)) {
    const hole = /^<([^:>]+)(?:: ([^>]+))?>$/.exec(piece);
    if (hole !== null) parts.push(holePart(hole[1] ?? "", hole[2]));
    else if (/^\{.+\}$/.test(piece))
      parts.push({ type: "value", name: { text: piece.slice(1, -1), span }, fields: [], span });
    else if (piece !== "") parts.push({ type: "literal", text: piece, span });
  }
  return { type: "pattern", form: "string", over, parts, regex: "", span };
}

export function regexNode(regex: string, over: "line" | "text"): PatternNode {
  return { type: "pattern", form: "regex", over, parts: [], regex, span };
}

/** Compiles; a finding is a failed test. */
export function compiled(node: PatternNode, values: Readonly<Record<string, string>> = {}): CompiledPattern {
  const pattern = compilePattern(node, (value) => values[value.name.text]);
  if (!isCompiled(pattern)) throw new Error(pattern.message);
  return pattern;
}

export function line(written: string, values: Readonly<Record<string, string>> = {}): CompiledPattern {
  return compiled(patternNode(written, "line"), values);
}

export function text(written: string, values: Readonly<Record<string, string>> = {}): CompiledPattern {
  return compiled(patternNode(written, "text"), values);
}

export function typeNode(written: string): TypeNode {
  if (written.startsWith("list of "))
    return { type: "list-type", of: typeNode(written.slice("list of ".length)), span };
  const names = written.split(" or ").map((name) => ({ text: name, span }));
  return { type: "named-type", names, span };
}

function holePart(name: string, type: string | undefined): HolePart {
  return {
    type: "hole",
    name: name === "_" ? undefined : { text: name, span },
    holeType: type === undefined ? undefined : typeNode(type),
    span,
  };
}
