// `may fail [because "…"]`: the failure is recorded, names captured here end here, and the run goes on.
import type { ClauseNode } from "../../language/tree.ts";
import type { Span } from "../../text/source.ts";
import { goesOn } from "../failure.ts";
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
  const [failure] = result.failures;
  frame.run.recorder.emit({
    type: "note",
    words: `${goesOn}: it may fail (${because}).`,
    ...contextOf(frame, span),
    ...(failure?.command === undefined ? {} : { command: failure.command }),
    ...(failure?.host === undefined ? {} : { host: failure.host }),
  });
  return { type: "ok", outcome: "done", changes: false };
}
