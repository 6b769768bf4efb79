// The literate form: Markdown whose fenced blocks tagged `runbook` are the runbook, and whose prose is its narrative.
import type { Source } from "../text/source.ts";
import { lineText } from "../text/source.ts";

/** A heading with all that follows it up to the next one; the first section may have none. */
export interface Section {
  readonly heading: Heading | undefined;
  /** Lines of each fenced block tagged `runbook`, from 0, its fences left out. */
  readonly blocks: readonly { readonly first: number; readonly end: number }[];
  /** What is neither the heading nor such a block. */
  readonly prose: string;
}

export interface Heading {
  /** Offsets of its text, without the `#`s. */
  readonly start: number;
  readonly end: number;
}

/** Whether a path names a literate runbook. */
export function isLiterate(path: string): boolean {
  return path.endsWith(".runbook.md");
}

/** The sections of a Markdown file. Headings are lines that begin with `#`s; a fence that nothing closes goes to the file's end. */
export function sectionsOf(source: Source): Section[] {
  const sections: Section[] = [];
  let heading: Heading | undefined;
  let blocks: { first: number; end: number }[] = [];
  let prose: string[] = [];
  const close = (): void => {
    if (heading !== undefined || blocks.length > 0 || prose.some((line) => line.trim() !== ""))
      sections.push({ heading, blocks, prose: prose.join("\n").trim() });
    blocks = [];
    prose = [];
  };
  const count = source.lineStarts.length;
  for (let line = 0; line < count; line++) {
    const text = lineText(source, line + 1);
    const fence = /^[ \t]*(`{3,}|~{3,})[ \t]*([^\s`]*)[^`]*$/.exec(text);
    if (fence !== null) {
      const end = endOfFence(source, line + 1, fence[1] ?? "```");
      if (fence[2] === "runbook") blocks.push({ first: line + 1, end });
      else for (let at = line; at <= Math.min(end, count - 1); at++) prose.push(lineText(source, at + 1));
      line = end;
      continue;
    }
    const found = /^ {0,3}#{1,6}(?=[ \t]|$)[ \t]*/.exec(text);
    if (found === null) {
      prose.push(text);
      continue;
    }
    close();
    const start = (source.lineStarts[line] ?? 0) + found[0].length;
    heading = { start, end: start + withoutClosingMarks(text.slice(found[0].length)).length };
  }
  close();
  return sections;
}

/** The line with the closing fence, or the number of lines where there is none. */
function endOfFence(source: Source, from: number, fence: string): number {
  for (let line = from; line < source.lineStarts.length; line++) {
    const text = lineText(source, line + 1).trim();
    if (text.length >= fence.length && text === fence.charAt(0).repeat(text.length)) return line;
  }
  return source.lineStarts.length;
}

/** A heading may be closed by `#`s. */
function withoutClosingMarks(text: string): string {
  const trimmed = text.trimEnd();
  const closed = trimmed.replace(/#+$/, "");
  return closed === "" || /[ \t]$/.test(closed) ? closed.trimEnd() : trimmed;
}
