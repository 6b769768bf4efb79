// The literate form's sections: the first heading is the title, each further one with a statement is a step.
import type { Source, Span } from "../../text/source.ts";
import { sectionsOf, type Heading, type Section } from "../literate.ts";
import type { DeclarationNode, OnEachNode, OnNode, StatementNode, TextNode } from "../tree.ts";
import { readLines } from "./blocks.ts";
import { firstWord } from "./line-text.ts";
import type { Line, LineRange } from "./line-reader.ts";
import { textParts } from "./parts.ts";
import { readLine, type Reading } from "./reading.ts";
import { readStatement, readUndo, sayMisplaced } from "./statements.ts";

/** Reads every section; the title becomes a `runbook` declaration, in the order of the text. */
export function readSections(
  source: Source,
  makeReading: (range: LineRange) => Reading,
  into: { readonly declarations: DeclarationNode[]; readonly statements: StatementNode[] },
): void {
  const { declarations, statements } = into;
  let isTitled = false;
  for (const section of sectionsOf(source)) {
    const { heading } = section;
    const isTitle = heading !== undefined && !isTitled;
    if (isTitle) {
      isTitled = true;
      declarations.push({ type: "runbook", title: titleOf(source, heading), lines: [], span: spanOf(source, heading) });
    }
    const read = readBlocks(section, makeReading);
    if (heading === undefined || isTitle) {
      for (const statement of read.statements) statements.push(statement);
      continue;
    }
    const last = read.statements.at(-1);
    const ending = last?.type === "finally" ? [last] : [];
    const block = read.statements.slice(0, read.statements.length - ending.length);
    if (block.length > 0 || read.on !== undefined || read.undo !== undefined) {
      const narrative = section.prose === "" ? undefined : section.prose;
      statements.push({
        type: "step",
        title: titleOf(source, heading),
        on: read.on,
        block,
        undo: read.undo,
        narrative,
        span: spanOf(source, heading),
      });
    }
    statements.push(...ending);
  }
}

interface SectionBody {
  readonly on: OnNode | OnEachNode | undefined;
  readonly statements: StatementNode[];
  readonly undo: StatementNode[] | undefined;
}

function readBlocks(section: Section, makeReading: (range: LineRange) => Reading): SectionBody {
  const statements: StatementNode[] = [];
  let on: OnNode | OnEachNode | undefined;
  let undo: StatementNode[] | undefined;
  let isFirst = true;
  for (const { first, end } of section.blocks) {
    const reading = makeReading({ first, end });
    readLines(reading, { under: -1, column: undefined }, (line) => {
      const word = firstWord(line.text);
      if (word === "undo") {
        if (undo !== undefined) sayMisplaced(reading, line, "undo", "A step has one undo, as its last block.");
        undo ??= [];
        readUndo(reading, line, undo);
      } else if (word === "on" && isFirst && section.heading !== undefined && isAlone(reading, line)) {
        on = readLine(reading, line, "on", (grammar) => grammar.on());
      } else readStatement(reading, line, section.heading === undefined ? "top" : "section", statements);
      isFirst = false;
    });
  }
  return { on, statements, undo };
}

/** Whether nothing is indented under a line: then its `on` holds for the whole step. */
function isAlone(reading: Reading, line: Line): boolean {
  const next = reading.lines.peek();
  return next === undefined || next.indent <= line.indent;
}

function titleOf(source: Source, heading: Heading): TextNode {
  const text = source.text.slice(heading.start, heading.end);
  const line = { source, text, offset: heading.start, pieces: undefined };
  return { type: "text", form: "string", parts: textParts(line, 0, text.length), span: spanOf(source, heading) };
}

function spanOf(source: Source, heading: Heading): Span {
  return { source, start: heading.start, end: heading.end };
}
