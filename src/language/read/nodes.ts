// Makes the small nodes of the tree from tokens.
import type { CommandNode, Name, PatternNode, TextNode } from "../tree.ts";
import { spanIn, type LineText } from "./line-text.ts";
import { patternParts, textParts } from "./parts.ts";
import { end, isLineToken } from "./tokens.ts";
import type { IToken } from "chevrotain";

const nameForm = /^[A-Za-z][A-Za-z0-9_-]*$/;

/** Whether a text is a name: ASCII letters, digits, `_`, `-`, a letter first. */
export function isName(text: string): boolean {
  return nameForm.test(text);
}

/** The name that a token is; whether it has a name's form is asked apart. */
export function nameOf(line: LineText, token: IToken): Name {
  return { text: token.image, span: tokenSpan(line, token) };
}

export function tokenSpan(line: LineText, token: IToken): TextNode["span"] {
  return spanIn(line, token.startOffset, end(token));
}

/** A word, a string or a text of several lines, with the values in it. */
export function textNode(line: LineText, token: IToken): TextNode {
  const from = token.startOffset;
  const to = end(token);
  const span = spanIn(line, from, to);
  const lines = isLineToken(token) ? token.lines : undefined;
  if (lines !== undefined) {
    const { body } = lines;
    return {
      type: "text",
      form: "lines",
      parts: textParts(body, 0, body.text.length),
      span: { ...span, end: Math.max(span.end, lines.end) },
    };
  }
  const first = token.image.charCodeAt(0);
  if (first !== 34 && first !== 39) {
    // A word without a brace is its own literal, and shares its span: most words are such.
    if (!token.image.includes("{"))
      return { type: "text", form: "word", parts: [{ type: "literal", text: token.image, span }], span };
    return { type: "text", form: "word", parts: textParts(line, from, to), span };
  }
  return { type: "text", form: "string", parts: textParts(line, from + 1, insideEnd(token)), span };
}

/** A command in a line, its values found. */
export function commandNode(line: LineText, from: number, to: number): CommandNode {
  return { type: "command", parts: textParts(line, from, to), span: spanIn(line, from, to) };
}

/** A quoted pattern, a regex, or a `{value}`; undefined for a plain word, which is none of these. */
export function patternNode(line: LineText, token: IToken, over: "line" | "text"): PatternNode | undefined {
  const span = tokenSpan(line, token);
  const first = token.image.charCodeAt(0);
  if (first === 47)
    return {
      type: "pattern",
      form: "regex",
      over,
      parts: [],
      regex: token.image.slice(1, closed(token.image) ? -1 : undefined),
      span,
    };
  if (first === 34 || first === 39)
    return {
      type: "pattern",
      form: "string",
      over,
      parts: patternParts(line, token.startOffset + 1, insideEnd(token)),
      regex: "",
      span,
    };
  const parts = textParts(line, token.startOffset, end(token));
  return parts.length === 1 && parts[0]?.type === "value"
    ? { type: "pattern", form: "value", over, parts, regex: "", span }
    : undefined;
}

/** Where the inside of a string token ends; an unclosed one goes to its end. */
export function insideEnd(token: IToken): number {
  return closed(token.image) ? end(token) - 1 : end(token);
}

function closed(image: string): boolean {
  return image.length > 1 && image.endsWith(image.charAt(0));
}
