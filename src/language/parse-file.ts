// Reads a whole file: its declarations and statements, and everything that is wrong with how it is written.
import type { Diagnostic } from "../text/diagnostic.ts";
import { error } from "../text/diagnostic.ts";
import type { Source } from "../text/source.ts";
import type { DeclarationNode, FileNode, StatementNode } from "./tree.ts";
import { isLiterate } from "./literate.ts";
import { readLines } from "./read/blocks.ts";
import { readDeclaration } from "./read/declarations.ts";
import { LineReader } from "./read/line-reader.ts";
import type { Reading } from "./read/reading.ts";
import { readSections } from "./read/sections.ts";
import { readStatement } from "./read/statements.ts";

/** A file's tree, and what is wrong with how it is written, in the order of the text. */
export interface Parsed {
  readonly file: FileNode;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads a runbook, a vocabulary or an inventory. No text makes it throw: a line that can't be read is a finding,
 * and the lines around it are read all the same.
 */
export function parseFile(source: Source): Parsed {
  const declarations: DeclarationNode[] = [];
  const findings: Diagnostic[] = [];
  const makeReading = (first?: number, end?: number): Reading => {
    const reading: Reading = {
      lines: new LineReader(source, (finding) => findings.push(finding), first, end),
      findings,
      depth: 0,
      declare: (line) => {
        const node = readDeclaration(reading, line);
        if (node !== undefined) declarations.push(node);
      },
    };
    return reading;
  };
  const literate = isLiterate(source.path);
  const statements = literate ? readSections(source, makeReading, declarations) : readWhole(makeReading());
  sayNotLast(statements, findings);
  const diagnostics = findings.toSorted((a, b) => a.span.start - b.span.start);
  return { file: { source, declarations, statements, literate }, diagnostics };
}

function readWhole(reading: Reading): StatementNode[] {
  const statements: StatementNode[] = [];
  readLines(reading, { under: -1, column: 0 }, (line) => readStatement(reading, line, "top", statements));
  return statements;
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
