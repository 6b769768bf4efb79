// `retry N times every D` and `retry for D every D`: again while the verdict is a failure, never after a failed login.
import type { ClauseNode } from "../../language/tree.ts";
import { interruptOf, isInterrupted, type Frame, type ItemResult } from "../interpret/frame.ts";
import { count, milliseconds } from "../interpret/values.ts";
import { lastClause } from "./clause.ts";

/** Carries `once` out as often as the clauses allow; `once` is told which try it is, from 1. */
export async function retrying(
  clauses: readonly ClauseNode[],
  frame: Frame,
  once: (number: number) => Promise<ItemResult>,
): Promise<ItemResult> {
  const { clock } = frame.run.given;
  const retry = lastClause(clauses, "retry");
  if (retry === undefined) return await once(1);
  const everyMs = milliseconds(retry.every, frame.scope);
  const times = retry.limit.type === "times" ? count(retry.limit.count, frame.scope) : Infinity;
  const untilMs =
    retry.limit.type === "for" ? clock.monotonicMs() + milliseconds(retry.limit.duration, frame.scope) : Infinity;
  for (let number = 1; ; number++) {
    const result = await once(number);
    if (result.type !== "failed" || result.final) return result;
    // What a skipped line would have made so doesn't come about by waiting.
    if (frame.run.rehearsal.hasSkipped) return result;
    // N times again, after the first; and no try is begun after the time is over.
    if (number > times || clock.monotonicMs() + everyMs > Math.min(untilMs, frame.deadlineMs)) return result;
    await clock.wait(everyMs, interruptOf(frame));
    if (isInterrupted(frame)) return { type: "interrupted" };
  }
}
