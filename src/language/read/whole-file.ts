// Reads a whole file: its declarations and statements, and everything that is wrong with how it is written.
import { error, type Diagnostic } from "../../text/diagnostic.ts";
import type { Source } from "../../text/source.ts";
import { isLiterate } from "../literate.ts";
import type { DeclarationNode, FileNode, StatementNode } from "../tree.ts";
import { readLines } from "./blocks.ts";
import { readDeclaration } from "./declarations.ts";
import { LineReader, type LayoutItem, type LineRange } from "./line-reader.ts";
import type { Reading } from "./reading.ts";
import { readSections } from "./sections.ts";
import { readStatement } from "./statements.ts";

/** The tree of a file and its findings in the order of the text; `layout` is told what its lines hold. */
export function readFile(source: Source, layout?: LayoutItem[]): { file: FileNode; diagnostics: Diagnostic[] } {
  const declarations: DeclarationNode[] = [];
  const findings: Diagnostic[] = [];
  const statements: StatementNode[] = [];
  const makeReading = (range: LineRange): Reading => {
    const reading: Reading = {
      lines: new LineReader(source, (finding) => findings.push(finding), { ...range, layout }),
      findings,
      depth: 0,
      lastClauses: [],
      branches: new WeakMap(),
      declare: (line) => {
        const node = readDeclaration(reading, line);
        if (node !== undefined) declarations.push(node);
      },
      outermost: (line) => readStatement(reading, line, "top", statements),
    };
    return reading;
  };
  const literate = isLiterate(source.path);
  if (literate) readSections(source, makeReading, { declarations, statements });
  else {
    const reading = makeReading({});
    readLines(reading, { under: -1, column: 0 }, (line) => reading.outermost(line));
  }
  sayNotLast(statements, findings);
  const diagnostics = findings.toSorted((a, b) => a.span.start - b.span.start);
  return { file: { source, declarations, statements, literate }, diagnostics };
}

/** `finally` is the last block of a runbook, and there is one. */
function sayNotLast(statements: readonly StatementNode[], findings: Diagnostic[]): void {
  const at = statements.findIndex((statement) => statement.type === "finally");
  const [first, next] = at === -1 ? [] : statements.slice(at, at + 2);
  if (first === undefined || next === undefined) return;
  findings.push(
    error(
      "misplaced",
      first.span,
      '"finally" is the last block of a runbook, and other lines follow it.\nMove it below them.',
      {
        notes: [{ message: "This follows it.", span: next.span }],
      },
    ),
  );
}
