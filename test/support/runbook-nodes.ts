// Small syntax trees for tests of later stages, without the parser: `{name}` becomes a value, the rest is literal.
import type { CommandNode, PatternNode, TextNode, TextPart } from "../../src/language/tree.ts";
import { makeSource, type Span } from "../../src/text/source.ts";

/** A span over the whole of a text. */
export function spanOf(text: string): Span {
  return { source: makeSource("test.runbook", text), start: 0, end: text.length };
}

/** The parts of a text with `{name}` and `{name.field}`. */
export function parts(text: string): TextPart[] {
  const source = makeSource("test.runbook", text);
  const out: TextPart[] = [];
  let at = 0;
  const literal = (to: number) => {
    if (to > at) out.push({ type: "literal", text: text.slice(at, to), span: { source, start: at, end: to } });
  };
  for (const match of text.matchAll(/\{([A-Za-z][\w-]*)((?:\.[A-Za-z][\w-]*)*)\}/g)) {
    literal(match.index);
    const span = { source, start: match.index, end: match.index + match[0].length };
    const fields = (match[2] ?? "").split(".").slice(1);
    out.push({
      type: "value",
      name: { text: match[1] ?? "", span },
      fields: fields.map((field) => ({ text: field, span })),
      span,
    });
    at = span.end;
  }
  literal(text.length);
  return out;
}

export function word(text: string): TextNode {
  return { type: "text", form: "word", parts: parts(text), span: spanOf(text) };
}

export function string(text: string): TextNode {
  return { type: "text", form: "string", parts: parts(text), span: spanOf(`"${text}"`) };
}

export function command(text: string): CommandNode {
  return { type: "command", parts: parts(text), span: spanOf(text) };
}

export function pattern(text: string, over: "line" | "text" = "text"): PatternNode {
  return { type: "pattern", form: "string", over, parts: parts(text), regex: "", span: spanOf(`"${text}"`) };
}
