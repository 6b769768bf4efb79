// The questions of a runbook (`ask NAME: TYPE "…"`): --set answers them.
import type { Program, Statement } from "../../check/program.ts";
import type { Span } from "../../text/source.ts";
import type { Type } from "../../vocabulary/vocabulary.ts";

/** Every `ask` of the runbook and of the phrases that it may call, by its name; the first of one name counts. */
export function asksOf(program: Program): ReadonlyMap<string, { readonly of: Type; readonly span: Span }> {
  const found = new Map<string, { of: Type; span: Span }>();
  const look = (statements: readonly Statement[]): void => {
    for (const statement of statements) {
      if (statement.type === "ask" && !found.has(statement.name))
        found.set(statement.name, { of: statement.of, span: statement.span });
      else if (statement.type === "if") for (const branch of statement.branches) look(branch.block);
      else if (statement.type === "on-each" || statement.type === "for-each") look(statement.block);
    }
  };
  for (const step of program.steps) {
    look(step.statements);
    look(step.undo ?? []);
  }
  look(program.finally);
  for (const body of program.bodies.values()) look(body.statements);
  return found;
}
