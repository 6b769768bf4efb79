// The way in: a source becomes a syntax tree and findings.
import type { Diagnostic } from "../text/diagnostic.ts";
import type { Source } from "../text/source.ts";
import { readFile } from "./read/whole-file.ts";
import type { FileNode } from "./tree.ts";

/** A file's tree, and what is wrong with how it is written, in the order of the text. */
export interface Parsed {
  readonly file: FileNode;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads a runbook, a vocabulary or an inventory. No text makes it throw: a line that can't be read is a finding,
 * and the lines around it are read all the same.
 *
 * A condition that can't be read is an `all` of no conditions; any other such statement is `unreadable`, and such
 * declarations and clauses are left out.
 */
export function parseFile(source: Source): Parsed {
  return readFile(source);
}
