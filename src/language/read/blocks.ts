// Blocks by indentation: the lines of one block begin in one column.
import { error } from "../../text/diagnostic.ts";
import type { Span } from "../../text/source.ts";
import { firstWord, spanIn } from "./line-text.ts";
import type { Line } from "./line-reader.ts";
import { lineSpan, passLine, type Reading } from "./reading.ts";

/** No procedure is this deep, and what reads the tree after us walks it by recursion. */
const deepest = 64;

/**
 * Reads every line that is indented deeper than `header`, each by `read`, which takes what is beneath it.
 * A line in a column of its own is one finding, and is read as a line of the block.
 * @returns how many lines the block itself has
 */
export function readBlock(reading: Reading, header: Line, read: (line: Line) => void): number {
  return readLines(reading, { under: header.indent, column: undefined }, read);
}

/** Reads the lines of a block whose column may be known; `under` is the indentation of what it belongs to. */
export function readLines(
  reading: Reading,
  where: { under: number; column: number | undefined },
  read: (line: Line) => void,
): number {
  let { column } = where;
  let oddColumn = -1;
  let count = 0;
  if (reading.depth >= deepest) return passDeep(reading, where.under);
  reading.depth++;
  for (let line = reading.lines.peek(); line !== undefined && line.indent > where.under; line = reading.lines.peek()) {
    column ??= line.indent;
    if (line.indent === column) oddColumn = -1;
    else if (line.indent !== oddColumn) {
      oddColumn = line.indent;
      // Tabs were said already, and their width is a guess.
      if (!line.tabbed) sayColumn(reading, line, column);
    }
    reading.lines.next();
    read(line);
    count++;
  }
  reading.depth--;
  return count;
}

/** Reads the lines of a block none of which has lines of its own; those that do are said, and read as lines of the block. */
export function readFlat(reading: Reading, header: Line, read: (line: Line) => void): number {
  return readBlock(reading, header, (line) => {
    read(line);
    readBeneath(reading, line, read);
  });
}

/** Reads what is indented under a line that has nothing under it, each line by `read`; the first is said. */
export function readBeneath(reading: Reading, header: Line, read: (line: Line) => void): void {
  let said = false;
  readBlock(reading, header, (line) => {
    if (!said) sayNothingUnder(reading, header, line);
    said = true;
    read(line);
    readBeneath(reading, line, read);
  });
}

/** Says that nothing stands under a form such as `note`. */
export function sayNothingUnder(reading: Reading, header: Line, line: Line): void {
  const word = firstWord(header.text);
  const shown = /^["'\u2018-\u201f]/.test(word) ? "this text" : `"${word}"`;
  const span = indentationOf(line);
  reading.findings.push(
    error(
      "indentation",
      span,
      `Nothing can be indented under ${shown}.\nBegin this line in column ${header.indent + 1}.`,
      {
        fixes: line.tabbed ? [] : [{ span, text: " ".repeat(header.indent), safe: false }],
      },
    ),
  );
}

/** The blanks before a line. */
export function indentationOf(line: Line): Span {
  return { source: line.source, start: line.offset - Math.min(line.indent, line.offset), end: line.offset };
}

/** Says that a form which has a block has none. */
export function sayEmpty(reading: Reading, line: Line, form: string): void {
  reading.findings.push(
    error(
      "empty-block",
      lineSpan(line),
      `Nothing is indented under this "${form}", so it would do nothing.\nIndent the lines that belong to it by two blanks more than it.`,
    ),
  );
}

function sayColumn(reading: Reading, line: Line, column: number): void {
  const span = indentationOf(line);
  reading.findings.push(
    error(
      "indentation",
      line.indent === 0 ? spanIn(line, 0, 1) : span,
      `This line begins in column ${line.indent + 1}, and the lines of its block begin in column ${column + 1}.\nBegin it in column ${column + 1}, or where the lines of the block begin that it belongs to.`,
      { fixes: [{ span, text: " ".repeat(column), safe: false }] },
    ),
  );
}

function passDeep(reading: Reading, under: number): number {
  let count = 0;
  for (let line = reading.lines.peek(); line !== undefined && line.indent > under; line = reading.lines.peek()) {
    if (count === 0)
      reading.findings.push(
        error(
          "indentation",
          lineSpan(line),
          `Blocks stand in one another ${deepest} deep here, and what is deeper is not read.\nMove part of them into a phrase of its own.`,
        ),
      );
    reading.lines.next();
    passLine(reading, line);
    count++;
  }
  return count;
}
