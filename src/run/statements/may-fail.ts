// `may fail [because "…"]`: the failure is recorded, names captured here end here, and the run goes on.
import type { ClauseNode } from "../../language/tree.ts";
import type { Span } from "../../text/source.ts";
import { goesOn, type Failure } from "../failure.ts";
import { contextOf, type Frame, type ItemResult } from "../interpret/frame.ts";
import { plainText } from "../interpret/values.ts";
import { lastClause } from "../commands/clause.ts";

/** Carries `once` out in a frame whose names end with it, where the clause stands; else in the frame itself. */
export async function mayFail(
  clauses: readonly ClauseNode[],
  frame: Frame,
  span: Span,
  once: (frame: Frame) => Promise<ItemResult>,
): Promise<ItemResult> {
  const clause = lastClause(clauses, "may-fail");
  if (clause === undefined) return await once(frame);
  const result = await once({ ...frame, scope: frame.scope.inner() });
  if (result.type !== "failed") return result;
  const because = clause.because === undefined ? "no reason is given" : plainText(clause.because, frame.scope);
  return goOn({ frame, span, failure: result.failures[0], because: `it may fail (${because})`, outcome: "done" });
}

/**
 * In a rehearsal, what was looked at after a line was skipped that changes something may miss just that change: such a failure of
 * expectations is recorded and judges nothing. A host that can't be reached, or a question, is what it is.
 */
export function judgedInRehearsal(result: ItemResult, frame: Frame, span: Span): ItemResult {
  if (result.type !== "failed" || !frame.run.rehearsal.hasSkipped) return result;
  if (!result.failures.every(({ outcome, checks }) => outcome === "failed" && checks.length > 0)) return result;
  const because = "a rehearsal can't judge it, since lines before it that change something were skipped";
  return goOn({ frame, span, failure: result.failures[0], because, outcome: "skipped" });
}

interface GoingOn {
  readonly frame: Frame;
  readonly span: Span;
  readonly failure: Failure | undefined;
  readonly because: string;
  readonly outcome: "done" | "skipped";
}

function goOn({ frame, span, failure, because, outcome }: GoingOn): ItemResult {
  frame.run.recorder.emit({
    type: "note",
    words: `${goesOn}: ${because}.`,
    ...contextOf(frame, span),
    ...(failure?.command === undefined ? {} : { command: failure.command }),
    ...(failure?.host === undefined ? {} : { host: failure.host }),
  });
  return { type: "ok", outcome, changes: false };
}
