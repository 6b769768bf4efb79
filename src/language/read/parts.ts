// Plain words are literal, `{braces}` are values, `<angles>` are holes: section 3 of the contract, exactly.
import type { Name, PatternPart, TextPart, TypeNode } from "../tree.ts";
import { spanIn, type LineText } from "./line-text.ts";

const value = /\{(\\?)([A-Za-z][A-Za-z0-9_-]*)(?:\.([A-Za-z][A-Za-z0-9_-]*))?\}/y;
const hole =
  /<(\\?)(_|[A-Za-z][A-Za-z0-9_-]*)(?::[ \t]+((?:list[ \t]+of[ \t]+){0,4}[A-Za-z][A-Za-z0-9_-]*(?:[ \t]+or[ \t]+[A-Za-z][A-Za-z0-9_-]*)*)[ \t]*)?>/y;

/** Literal text and `{values}` of `line.text.slice(from, to)`: words, strings, commands. */
export function textParts(line: LineText, from: number, to: number): TextPart[] {
  const brace = line.text.indexOf("{", from);
  if (brace === -1 || brace >= to)
    return from >= to ? [] : [{ type: "literal", text: line.text.slice(from, to), span: spanIn(line, from, to) }];
  return scan(line, from, to, false).filter((part) => part.type !== "hole");
}

/** The same with `<holes>`: patterns, and the facts of a phrase. */
export function patternParts(line: LineText, from: number, to: number): PatternPart[] {
  return scan(line, from, to, true);
}

/** `<name: type>` alone, as a phrase's slot; undefined where the text is none. */
export function readSlot(
  line: LineText,
  from: number,
  to: number,
): { name: Name; slotType: TypeNode | undefined } | undefined {
  hole.lastIndex = from;
  const found = hole.exec(line.text);
  if (found === null || found.index + found[0].length !== to || found[1] !== "") return undefined;
  const part = holePart(line, from, found);
  return part.type === "hole" && part.name !== undefined ? { name: part.name, slotType: part.holeType } : undefined;
}

function scan(line: LineText, from: number, to: number, holes: boolean): PatternPart[] {
  const { text } = line;
  const parts: PatternPart[] = [];
  let literal = "";
  let literalFrom = from;
  let kept = from;
  const flush = (end: number): void => {
    literal += text.slice(kept, end);
    if (literal !== "") parts.push({ type: "literal", text: literal, span: spanIn(line, literalFrom, end) });
  };
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    const isBrace = code === 123 && !isShielded(text, at, from);
    if (!isBrace && !(holes && code === 60)) continue;
    const form = isBrace ? value : hole;
    form.lastIndex = at;
    const found = form.exec(text);
    if (found === null || at + found[0].length > to) continue;
    const end = at + found[0].length;
    if (found[1] === "\\") {
      literal += text.slice(kept, at) + found[0].replace("\\", "");
    } else {
      flush(at);
      parts.push(isBrace ? valuePart(line, at, found) : holePart(line, at, found));
      literal = "";
      literalFrom = end;
    }
    kept = end;
    at = end - 1;
  }
  flush(to);
  return parts;
}

/** A brace after `$`, `%` or `{` is text: `${HOME}`, `%{http_code}`, `{{.State}}`. */
function isShielded(text: string, at: number, from: number): boolean {
  if (at === from) return false;
  const before = text.charCodeAt(at - 1);
  return before === 36 || before === 37 || before === 123;
}

function valuePart(line: LineText, at: number, found: RegExpExecArray): PatternPart {
  const name = found[2] ?? "";
  const field = found[3];
  const fieldAt = at + 2 + name.length;
  return {
    type: "value",
    name: { text: name, span: spanIn(line, at + 1, at + 1 + name.length) },
    fields: field === undefined ? [] : [{ text: field, span: spanIn(line, fieldAt, fieldAt + field.length) }],
    span: spanIn(line, at, at + found[0].length),
  };
}

function holePart(line: LineText, at: number, found: RegExpExecArray): PatternPart {
  const name = found[2] ?? "";
  const type = found[3];
  return {
    type: "hole",
    name: name === "_" ? undefined : { text: name, span: spanIn(line, at + 1, at + 1 + name.length) },
    holeType: type === undefined ? undefined : typeIn(line, line.text.indexOf(type, at + 1 + name.length), type),
    span: spanIn(line, at, at + found[0].length),
  };
}

/** A type inside a hole; the hole's form has already seen to its grammar. */
function typeIn(line: LineText, at: number, text: string): TypeNode {
  const list = /^list[ \t]+of[ \t]+/.exec(text);
  const span = spanIn(line, at, at + text.length);
  if (list !== null)
    return { type: "list-type", of: typeIn(line, at + list[0].length, text.slice(list[0].length)), span };
  const names: Name[] = [];
  for (const found of text.matchAll(/[A-Za-z][A-Za-z0-9_-]*/g))
    if (found[0] !== "or" || found.index === 0)
      names.push({ text: found[0], span: spanIn(line, at + found.index, at + found.index + found[0].length) });
  return { type: "named-type", names, span };
}
