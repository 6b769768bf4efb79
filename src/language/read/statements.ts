// Statements and their blocks (section 6). The first word of a line says which form it is.
import { error } from "../../text/diagnostic.ts";
import type { ConditionNode, IfNode, StatementNode } from "../tree.ts";
import { readBlock, sayEmpty, sayNothingUnder } from "./blocks.ts";
import { passUnder } from "./clauses.ts";
import { isOutputCheck, readCall, readRun, readStrayClause, type ReadStatement } from "./commands.ts";
import type { Line } from "./line-reader.ts";
import { firstWord, secondWord } from "./line-text.ts";
import { lineSpan, passLine, readLine, wordSpan, type Reading } from "./reading.ts";
import { clauseForm, declarationForm, type Form } from "./usages.ts";

/** Where a statement stands: `top` is the outermost level, `section` a literate file's, `inside` anything else. */
export type Where = "top" | "section" | "inside";

/** The statements of a block, and its `undo` where one may stand. */
export interface Body {
  readonly statements: StatementNode[];
  readonly undo: StatementNode[] | undefined;
  readonly lines: number;
}

/** Reads the statement at `line`, with what is beneath it, to the end of `out`. */
export function readStatement(reading: Reading, line: Line, where: Where, out: StatementNode[]): void {
  const word = firstWord(line.text);
  if (declarationForm(word) !== undefined) {
    if (where === "inside") sayOutermost(reading, line, word);
    reading.declare(line);
    return;
  }
  switch (word) {
    case "run":
      readRun(reading, line, out, readInsideOf(reading));
      return;
    case "on":
      readOn(reading, line, out);
      return;
    case "step":
      readStep(reading, line, where, out);
      return;
    case "let":
    case "ask":
      readSimple(reading, line, word, out);
      return;
    case "if":
      readIf(reading, line, out);
      return;
    case "otherwise":
      readOtherwise(reading, line, out);
      return;
    case "for":
      readForEach(reading, line, out);
      return;
    case "note":
    case "attach":
    case "wait":
    case "fail":
    case "confirm":
    case "by":
      readWords(reading, line, word === "by" ? "byHand" : word, out);
      return;
    case "finally":
      readFinally(reading, line, where, out);
      return;
    case "undo":
      sayMisplaced(
        reading,
        line,
        word,
        '"undo" is the last block of a step, or of a phrase\'s block for a kind, and stands in the column of its other lines.',
      );
      out.push({ type: "unreadable", block: readInside(reading, line), span: lineSpan(line) });
      return;
    case "before":
    case "after":
    case "ends":
      sayMisplaced(
        reading,
        line,
        word,
        `"${word}" is a fact of a phrase, and stands directly in the phrase's block for a kind.\nIn a runbook, say what must be so with assume, under its "runbook" line.`,
      );
      passLine(reading, line);
      passUnder(reading, line);
      return;
    case "expect":
      if (!isOutputCheck(line.text)) {
        readExpect(reading, line, out);
        return;
      }
      readStrayClause(reading, line, word, out);
      return;
    default:
      if (clauseForm(word) === undefined) readCall(reading, line, out, readInsideOf(reading));
      else readStrayClause(reading, line, word, out);
  }
}

/** The statements under a line; `undo` may end them. */
export function readBody(reading: Reading, header: Line): Body {
  const statements: StatementNode[] = [];
  let undo: StatementNode[] | undefined;
  let undoLine: Line | undefined;
  let said = false;
  const lines = readBlock(reading, header, (line) => {
    if (undoLine !== undefined && !said) {
      said = true;
      sayMisplaced(
        reading,
        undoLine,
        "undo",
        '"undo" is the last block, and other lines follow this one.\nMove it below them.',
      );
    }
    if (firstWord(line.text) !== "undo") {
      readStatement(reading, line, "inside", statements);
      return;
    }
    undoLine ??= line;
    undo ??= [];
    readUndo(reading, line, undo);
  });
  return { statements, undo, lines };
}

/** Reads the block of an `undo` line into `block`. */
export function readUndo(reading: Reading, line: Line, block: StatementNode[]): void {
  const header = readLine(reading, line, "undo", (grammar) => grammar.wordsLine());
  const count = readBlock(reading, line, (child) => readStatement(reading, child, "inside", block));
  if (count === 0 && header !== undefined) sayEmpty(reading, line, "undo");
}

/** Says that a form stands where it can't. */
export function sayMisplaced(reading: Reading, line: Line, word: string, message: string): void {
  reading.findings.push(error("misplaced", wordSpan(line, word), message));
}

export function sayOutermost(reading: Reading, line: Line, word: string): void {
  sayMisplaced(
    reading,
    line,
    word,
    `"${word}" stands at the outermost level, and this line is inside a block.\nBegin it in column 1. A phrase that begins with "${word}" can't be: the word makes its line a declaration.`,
  );
}

/** The statements under a line whose form has one block. */
function readInside(reading: Reading, header: Line): StatementNode[] {
  const block: StatementNode[] = [];
  readBlock(reading, header, (line) => readStatement(reading, line, "inside", block));
  return block;
}

/** The same; a block without a line is said, if the header could be read. */
function readBlockOf(reading: Reading, header: Line, form: string, isRead: boolean): StatementNode[] {
  const block: StatementNode[] = [];
  const count = readBlock(reading, header, (line) => readStatement(reading, line, "inside", block));
  if (count === 0 && isRead) sayEmpty(reading, header, form);
  return block;
}

/** What stands under a statement that has no block: said once, and read as if it stood beside it. */
function readBeside(reading: Reading, header: Line, word: string, out: StatementNode[]): void {
  let said = false;
  readBlock(reading, header, (line) => {
    const own = firstWord(line.text);
    const isClause = clauseForm(own) !== undefined && own !== "by" && (own !== "expect" || isOutputCheck(line.text));
    if (!said) {
      said = true;
      if (isClause)
        sayMisplaced(
          reading,
          line,
          own,
          `"${own}" is a clause, and stands under a "run" or a phrase, not under "${word}".`,
        );
      else sayNothingUnder(reading, header, line);
    }
    if (isClause) {
      passLine(reading, line);
      passUnder(reading, line);
    } else readStatement(reading, line, "inside", out);
  });
}

function readOn(reading: Reading, line: Line, out: StatementNode[]): void {
  const isEach = secondWord(line.text) === "each";
  const on = readLine(reading, line, isEach ? "onEach" : "on", (grammar) => grammar.on());
  const block = readBlockOf(reading, line, isEach ? "on each" : "on", on !== undefined);
  out.push(on === undefined ? { type: "unreadable", block, span: lineSpan(line) } : { ...on, block });
}

function readStep(reading: Reading, line: Line, where: Where, out: StatementNode[]): void {
  if (where === "inside")
    sayMisplaced(
      reading,
      line,
      "step",
      'A "step" stands at the outermost level, and this one is inside a block.\nBegin it in column 1, after the block.',
    );
  if (where === "section")
    sayMisplaced(
      reading,
      line,
      "step",
      "In a Markdown runbook a heading is the step.\nWrite the title as a heading above this block.",
    );
  const header = readLine(reading, line, "step", (grammar) => grammar.step());
  const body = readBody(reading, line);
  if (body.lines === 0 && header !== undefined) sayEmpty(reading, line, "step");
  // A step inside a block is read for its findings; where it is meant to stand isn't known.
  if (header === undefined || where !== "top")
    out.push({ type: "unreadable", block: body.statements, span: lineSpan(line) });
  else
    out.push({
      type: "step",
      title: header.title,
      on: header.on,
      block: body.statements,
      undo: body.undo,
      narrative: undefined,
      span: lineSpan(line),
    });
}

function readSimple(reading: Reading, line: Line, form: Form, out: StatementNode[]): void {
  const statement = readLine(reading, line, form, (grammar) => grammar.binding());
  out.push(statement ?? { type: "unreadable", block: [], span: lineSpan(line) });
  readBeside(reading, line, form, out);
}

function readWords(reading: Reading, line: Line, form: Form, out: StatementNode[]): void {
  const read = readLine(reading, line, form, (grammar) => grammar.wordsLine());
  if (read?.at !== undefined)
    reading.findings.push(
      error(
        "misplaced",
        read.at.span,
        `What follows "at" is a question of a command, and this stands under none.\nIndent this line under the "run" that asks, or leave "at" out.`,
      ),
    );
  out.push(read?.statement ?? { type: "unreadable", block: [], span: lineSpan(line) });
  readBeside(reading, line, form === "byHand" ? "by hand" : form, out);
}

function readExpect(reading: Reading, line: Line, out: StatementNode[]): void {
  const choice = readLine(reading, line, "expectValues", (grammar) => grammar.choice());
  const span = lineSpan(line);
  out.push(
    choice?.condition === undefined
      ? { type: "unreadable", block: [], span }
      : { type: "expect", condition: choice.condition, span },
  );
  readBeside(reading, line, "expect", out);
}

function readIf(reading: Reading, line: Line, out: StatementNode[]): void {
  const choice = readLine(reading, line, "if", (grammar) => grammar.choice());
  const block = readBlockOf(reading, line, "if", choice !== undefined);
  const span = lineSpan(line);
  const branches: IfNode["branches"][number][] = [{ condition: choice?.condition ?? unread(span), block, span }];
  reading.branches.set(branches, branches);
  out.push({ type: "if", branches, span });
}

function readOtherwise(reading: Reading, line: Line, out: StatementNode[]): void {
  const isLast = secondWord(line.text) !== "if";
  const choice = readLine(reading, line, "otherwise", (grammar) => grammar.choice());
  const block = readBlockOf(reading, line, isLast ? "otherwise" : "otherwise if", choice !== undefined);
  const span = lineSpan(line);
  const before = out.at(-1);
  if (before?.type !== "if") {
    sayMisplaced(
      reading,
      line,
      "otherwise",
      'No "if" stands directly before this "otherwise", in its column.\nMove it to the end of its "if", or take it out.',
    );
    out.push({ type: "unreadable", block, span });
    return;
  }
  const condition = choice === undefined ? (isLast ? undefined : unread(span)) : choice.condition;
  if (before.branches.at(-1)?.condition === undefined)
    sayMisplaced(
      reading,
      line,
      "otherwise",
      'An "otherwise" without a condition stands before this one, and takes every case that is left.\nMove that one to the end, or give it a condition.',
    );
  reading.branches.get(before.branches)?.push({ condition, block, span });
}

/** Stands for a condition that could not be read: it asks for nothing, so that nothing more is said of it. */
function unread(span: StatementNode["span"]): ConditionNode {
  return { type: "all", conditions: [], span };
}

function readForEach(reading: Reading, line: Line, out: StatementNode[]): void {
  const header = readLine(reading, line, "for", (grammar) => grammar.forEach());
  const block = readBlockOf(reading, line, "for each", header !== undefined);
  const span = lineSpan(line);
  out.push(header === undefined ? { type: "unreadable", block, span } : { type: "for-each", ...header, block, span });
}

function readFinally(reading: Reading, line: Line, where: Where, out: StatementNode[]): void {
  if (where === "inside")
    sayMisplaced(
      reading,
      line,
      "finally",
      '"finally" stands at the outermost level, as the last block of the runbook, and this one is inside a block.\nBegin it in column 1, after everything else.',
    );
  const header = readLine(reading, line, "finally", (grammar) => grammar.wordsLine());
  const block = readBlockOf(reading, line, "finally", header !== undefined);
  out.push({
    type: header === undefined || where === "inside" ? "unreadable" : "finally",
    block,
    span: lineSpan(line),
  });
}

/** Reads a statement that was found among clauses. */
function readInsideOf(reading: Reading): ReadStatement {
  return (line, out) => readStatement(reading, line, "inside", out);
}
