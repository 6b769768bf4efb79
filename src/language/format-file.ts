// The one layout: blocks indented by two blanks, at most one blank line in a row, no blanks at a line's end, LF.
import type { Diagnostic } from "../text/diagnostic.ts";
import { lineText, makeSource, type Source } from "../text/source.ts";
import { isLiterate, sectionsOf } from "./literate.ts";
import type { LayoutItem } from "./read/line-reader.ts";
import { readFile } from "./read/whole-file.ts";
import type { FileNode } from "./tree.ts";

/**
 * A file in the one layout, or the errors that keep it from being read.
 *
 * What stands within a line is left as it is, as are the bodies of texts and scripts and the prose of a literate
 * runbook. What comes out is read again, and given only if it says the same.
 */
export function formatSource(source: Source): string | Diagnostic[] {
  const layout: LayoutItem[] = [];
  const { file, diagnostics } = readFile(source, layout);
  const errors = diagnostics.filter((finding) => finding.severity === "error");
  if (errors.length > 0) return errors;
  const formatted = layOut(source, layout);
  return saysTheSame(file, readFile(makeSource(source.path, formatted)).file) ? formatted : source.text;
}

function layOut(source: Source, layout: readonly LayoutItem[]): string {
  if (!isLiterate(source.path)) {
    const lines = layOutLines(source, layout, { first: 0, end: source.lineStarts.length, base: "" });
    return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
  }
  const out: string[] = [];
  let next = 0;
  let item = 0;
  for (const { first, end } of sectionsOf(source).flatMap((section) => section.blocks)) {
    for (; next < first; next++) out.push(proseLine(source, next));
    const base = /^ */.exec(lineText(source, first))?.[0] ?? "";
    const from = item;
    while (item < layout.length && (layout[item]?.first ?? end) < end) item++;
    const items = layout.slice(from, item);
    for (const line of layOutLines(source, items, { first, end, base })) out.push(line);
    next = end;
  }
  for (; next < source.lineStarts.length; next++) out.push(proseLine(source, next));
  return out.join("\n");
}

/** Markdown's own lines stay: two blanks at the end are a line break there. */
function proseLine(source: Source, line: number): string {
  return lineText(source, line + 1).replace(/\r+$/, "");
}

/** Lays out the physical lines `first` to `end`; `base` stands before each that isn't part of a text. */
function layOutLines(
  source: Source,
  layout: readonly LayoutItem[],
  range: { first: number; end: number; base: string },
): string[] {
  const out: string[] = [];
  /** The columns of the open blocks, and of the line before. */
  let columns: number[] = [];
  let indentation = range.base;
  let at = range.first;
  for (const item of layout) {
    if (item.type === "text") {
      for (at = item.first; at < item.end; at++) out.push(lineText(source, at + 1));
      out.push(`${indentation}"""`);
      at = item.end + 1;
      continue;
    }
    const outer = columns;
    columns = [...columns.filter((column) => column < item.indent), item.indent];
    layOutBetween(
      source,
      {
        from: at,
        to: item.first,
        columns: [...outer.filter((column) => column !== item.indent), item.indent],
        next: columns,
        base: range.base,
      },
      out,
    );
    indentation = range.base + "  ".repeat(columns.length - 1);
    out.push(indentation + trimmed(lineText(source, item.first + 1)));
    const shift = indentation.length - item.indent;
    for (let line = item.first + 1; line < item.end; line++) out.push(shifted(lineText(source, line + 1), shift));
    at = item.end;
  }
  layOutBetween(source, { from: at, to: range.end, columns, next: [], base: range.base }, out);
  while (out.at(-1) === "") out.pop();
  return out;
}

interface Between {
  readonly from: number;
  readonly to: number;
  /** Every column in which a comment may stand: of the blocks before it, and of the line after it. */
  readonly columns: readonly number[];
  /** The columns of the line after it. */
  readonly next: readonly number[];
  readonly base: string;
}

/** Comments and blank lines between two statements. */
function layOutBetween(source: Source, between: Between, out: string[]): void {
  for (let line = between.from; line < between.to; line++) {
    const text = lineText(source, line + 1);
    const rest = trimmed(text);
    if (rest === "") {
      if (out.length > 0 && out.at(-1) !== "") out.push("");
      continue;
    }
    // A first line `#!` has its meaning only there.
    if (line === 0 && text.startsWith("#!")) {
      out.push(text.trimEnd());
      continue;
    }
    out.push(between.base + "  ".repeat(depthOf(text.length - text.trimStart().length, between)) + rest);
  }
}

/** A comment stands in the deepest block that its column reaches. */
function depthOf(column: number, between: Between): number {
  const own = between.next.at(-1);
  if (own !== undefined && own === column) return between.next.length - 1;
  const reached = between.columns.filter((known) => known <= column);
  return Math.max(0, reached.length - 1);
}

function trimmed(text: string): string {
  return text.trim();
}

/** A continued line keeps its place beside the one that it continues. */
function shifted(text: string, by: number): string {
  const rest = text.trim();
  const column = text.length - text.trimStart().length;
  return rest === "" ? "" : " ".repeat(Math.max(0, column + by)) + rest;
}

/** Whether two trees are equal apart from their places. */
function saysTheSame(a: FileNode, b: FileNode): boolean {
  return withoutPlaces(a) === withoutPlaces(b);
}

function withoutPlaces(file: FileNode): string {
  return JSON.stringify([file.declarations, file.statements], (_key, value: unknown) =>
    typeof value === "object" && value !== null && "start" in value && "end" in value ? "here" : value,
  );
}
