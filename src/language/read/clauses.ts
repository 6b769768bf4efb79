// What is indented under a phrase or a `run`: clauses, and nothing else.
import { error } from "../../text/diagnostic.ts";
import { nearest } from "../../text/nearest.ts";
import type { ClauseNode } from "../tree.ts";
import { indentationOf, readBlock, readFlat } from "./blocks.ts";
import type { Line } from "./line-reader.ts";
import { firstWord } from "./line-text.ts";
import { passLine, readLine, wordSpan, type Reading } from "./reading.ts";
import { clauseForm, clauseForms, isFirstWord } from "./usages.ts";

/** Under which form a clause stands. */
export type Owner = "run" | "phrase";

const underPhrase = new Set<ClauseNode["type"]>([
  "expect-pattern",
  "expect-exit",
  "expect-nothing",
  "expect-condition",
  "capture-pattern",
  "capture-each",
  "capture-output",
  "capture-name",
  "retry",
  "within",
  "may-fail",
]);

/**
 * The clauses under a line. A statement among them is one finding, and goes to `stray`, to be read where it was meant.
 */
export function readClauses(reading: Reading, header: Line, owner: Owner, stray: (line: Line) => void): ClauseNode[] {
  const clauses: ClauseNode[] = [];
  let saidStray = false;
  readFlat(reading, header, (line) => {
    const word = firstWord(line.text);
    if (clauseForm(word) !== undefined) {
      const clause = readClause(reading, line, owner);
      if (clause !== undefined) clauses.push(clause);
      return;
    }
    const near = isFirstWord(word) ? undefined : nearest(word, clauseForms);
    if (near !== undefined) {
      const span = wordSpan(line, word);
      reading.findings.push(
        error("unknown-clause", span, `No clause begins with "${word}". The nearest is: ${near}`, {
          fixes: [{ span, text: near, safe: false }],
        }),
      );
      passUnder(reading, line);
      return;
    }
    if (!saidStray) {
      saidStray = true;
      const span = wordSpan(line, word);
      reading.findings.push(
        error(
          "misplaced",
          span,
          `Under a ${owner === "run" ? '"run"' : "phrase"} stand only clauses, such as expect or within, and "${word}" begins none.\nBegin this line in column ${header.indent + 1}, below the ${owner === "run" ? "command" : "phrase"}.`,
          { fixes: line.tabbed ? [] : [{ span: indentationOf(line), text: " ".repeat(header.indent), safe: false }] },
        ),
      );
    }
    stray(line);
  });
  return clauses;
}

/** One clause; said and left out where its owner takes none such. */
export function readClause(reading: Reading, line: Line, owner: Owner): ClauseNode | undefined {
  const word = firstWord(line.text);
  const clause = readLine(reading, line, clauseForm(word) ?? "expect", (grammar) => grammar.clause());
  if (clause === undefined) return undefined;
  if (owner === "phrase" && !underPhrase.has(clause.type)) {
    reading.findings.push(
      error(
        "misplaced",
        wordSpan(line, word),
        `"${word}" speaks of one command, and a phrase may have several: under a phrase stand only expect, capture, retry, within and may fail.\nPut it under the phrase's own "run", in its vocabulary.`,
      ),
    );
    return undefined;
  }
  if (owner === "run" && clause.type === "capture-name") {
    reading.findings.push(
      error(
        "misplaced",
        wordSpan(line, word),
        `This takes a name that a phrase's body binds, and under a "run" there is none.\nWrite capture line "… <${clause.name.text}: word>", or capture output as ${clause.name.text}`,
      ),
    );
    return undefined;
  }
  return clause;
}

/** Passes what stands under a line that could not be read. */
export function passUnder(reading: Reading, header: Line): void {
  readBlock(reading, header, (line) => {
    passLine(reading, line);
    passUnder(reading, line);
  });
}
