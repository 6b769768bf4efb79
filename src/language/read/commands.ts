// Commands: `run`, phrase calls, and the clauses that belong to them.
import { error } from "../../text/diagnostic.ts";
import type { CallNode, ClauseNode, RunNode, ScriptNode, StatementNode } from "../tree.ts";
import { passUnder, readClause, readClauses } from "./clauses.ts";
import type { Line } from "./line-reader.ts";
import { isBlankCode, spanIn, type LineText } from "./line-text.ts";
import { commandNode } from "./nodes.ts";
import { lineSpan, passLine, readLine, wordSpan, type Reading } from "./reading.ts";
import { maybeDamaged, repairCommand } from "./typography.ts";

/** Reads a statement that stands among clauses, to the end of `out`. */
export type ReadStatement = (line: Line, out: StatementNode[]) => void;

/** `run` with its command or script and its clauses. */
export function readRun(reading: Reading, line: Line, out: StatementNode[], read: ReadStatement): void {
  let text: LineText = line;
  if (maybeDamaged(line.text)) {
    const repaired = repairCommand(line, 3);
    for (const finding of repaired.findings) reading.findings.push(finding);
    text = { ...line, text: repaired.text };
  }
  let from = 3;
  while (from < text.text.length && isBlankCode(text.text.charCodeAt(from))) from++;
  let to = text.text.length;
  while (to > from && isBlankCode(text.text.charCodeAt(to - 1))) to--;
  const span = lineSpan(line);
  let command: RunNode["command"] | undefined;
  if (text.text.charCodeAt(3) === 58) {
    reading.findings.push(
      error(
        "syntax",
        spanIn(line, 3, 4),
        'A command follows "run" after a blank, without a colon.\nWrite: run COMMAND',
        { fixes: [{ span: spanIn(line, 3, 4), text: "", safe: true }] },
      ),
    );
  } else if (text.text.slice(from, to) === '"""') {
    command = readScript(reading, line, from);
  } else if (from >= to) {
    reading.findings.push(
      error(
        "syntax",
        spanIn(line, 0, 3),
        'No command follows "run".\nWrite: run COMMAND, or a script of several lines after run """',
      ),
    );
  } else command = commandNode(text, from, to);
  const stray: StatementNode[] = [];
  const clauses = readClauses(reading, line, "run", (child) => read(child, stray));
  reading.lastClauses = clauses;
  out.push(command === undefined ? { type: "unreadable", block: [], span } : { type: "run", command, clauses, span });
  for (const statement of stray) out.push(statement);
}

function readScript(reading: Reading, line: Line, at: number): ScriptNode {
  const { body, end } = reading.lines.takeText(line, at);
  const opener = spanIn(line, at, at + 3);
  return { type: "script", text: body.text, span: { ...opener, end: Math.max(opener.end, end) } };
}

/** A line that calls a phrase, with its clauses. */
export function readCall(reading: Reading, line: Line, out: StatementNode[], read: ReadStatement): void {
  const call = readLine(reading, line, "call", (grammar) => grammar.call());
  const stray: StatementNode[] = [];
  const clauses: ClauseNode[] = readClauses(reading, line, "phrase", (child) => read(child, stray));
  const node: CallNode | undefined = call === undefined ? undefined : { ...call, clauses };
  out.push(node ?? { type: "unreadable", block: [], span: lineSpan(line) });
  reading.lastClauses = clauses;
  for (const statement of stray) out.push(statement);
}

/** A clause in the column of its command: said, and read as that command's where it follows one. */
export function readStrayClause(reading: Reading, line: Line, word: string, out: StatementNode[]): void {
  const before = out.at(-1);
  const span = { source: line.source, start: line.offset, end: line.offset };
  const follows = before?.type === "run" || before?.type === "call";
  reading.findings.push(
    error(
      "misplaced",
      wordSpan(line, word),
      follows
        ? `"${word}" is a clause, and stands indented under the ${before.type === "run" ? '"run"' : "phrase"} that it speaks of.\nIndent it by two blanks more.`
        : `"${word}" is a clause: it stands indented under a "run" or a phrase, and none stands before it.\nMove it under the command that it speaks of.`,
      { fixes: follows && !line.tabbed ? [{ span, text: "  ", safe: false }] : [] },
    ),
  );
  if (!follows) {
    passLine(reading, line);
    passUnder(reading, line);
    return;
  }
  const said = reading.findings.length;
  const clause = readClause(reading, line, before.type === "run" ? "run" : "phrase");
  passUnder(reading, line);
  // That it stands in the wrong place is what is said of this line.
  reading.findings.length = said;
  if (clause !== undefined && reading.lastClauses === before.clauses) reading.lastClauses.push(clause);
}

/** `expect line "…"` and its like, which speak of a command's output, not of values. */
export function isOutputCheck(text: string): boolean {
  return /^expect[ \t]+(?:(?:no[ \t]+)?(?:line|text)[ \t]+["'/{]|exit[ \t]+\d|nothing[ \t]*(?:#|$))/.test(text);
}
