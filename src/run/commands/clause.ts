// Looking for a clause among those under a line: of two of a kind the later counts.
import type { ClauseNode } from "../../language/tree.ts";

export type Clause<T extends ClauseNode["type"]> = ClauseNode & { readonly type: T };

/** The last clause of a type; undefined: there is none. */
export function lastClause<T extends ClauseNode["type"]>(
  clauses: readonly ClauseNode[],
  type: T,
): Clause<T> | undefined {
  return clauses.findLast((clause): clause is Clause<T> => clause.type === type);
}
