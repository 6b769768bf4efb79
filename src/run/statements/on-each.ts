// `on each NAME in GROUP, N at a time, stop after N failures`: the block for each host, side by side.
import type { PlanItem } from "../../plan/plan.ts";
import { isInterrupted, outcomeOfAll, surroundingsOf, type Frame, type ItemResult } from "../interpret/frame.ts";
import { endStep, outcomeOf } from "./step-records.ts";

/**
 * A host's failure, even of its connection, is that host's alone: what runs beside it goes on. After the N-th failure none is
 * begun; the statement has failed when any host has.
 */
export async function runOnEach(item: PlanItem & { readonly type: "on-each" }, frame: Frame): Promise<ItemResult> {
  const { given } = frame.run;
  const results: ItemResult[] = [];
  let next = 0;
  let failures = 0;
  const lane = async (): Promise<void> => {
    while (next < item.runs.length && failures < item.stopAfter && !isInterrupted(frame)) {
      const branch = item.runs[next++];
      if (branch === undefined) return;
      const result = await runBranch(item, branch, frame);
      results.push(result);
      if (result.type === "failed" || result.type === "stopped") failures += 1;
    }
  };
  const lanes = Math.max(1, Math.min(item.atATime, given.options.atMost ?? Infinity, item.runs.length));
  const settled = await Promise.allSettled(Array.from({ length: lanes }, lane));
  for (const { host } of item.runs.slice(next)) {
    endStep(frame.run, {
      step: frame.step,
      title: frame.title,
      host,
      outcome: "not reached",
      reason: undefined,
      sinceMs: undefined,
      span: item.span,
    });
  }
  const broken = settled.find((one) => one.status === "rejected");
  if (broken !== undefined) throw broken.reason;
  const wrong = results.flatMap((result) => (result.type === "failed" || result.type === "stopped" ? [result] : []));
  if (wrong.length > 0) {
    const type = wrong.some((result) => result.type === "failed") ? "failed" : "stopped";
    return { type, failures: wrong.flatMap((result) => result.failures), final: wrong.some(({ final }) => final) };
  }
  if (next < item.runs.length || results.some(({ type }) => type === "interrupted")) return { type: "interrupted" };
  return outcomeOfAll(results);
}

async function runBranch(
  item: PlanItem & { readonly type: "on-each" },
  branch: { readonly host: string; readonly items: readonly PlanItem[] },
  frame: Frame,
): Promise<ItemResult> {
  const { run, scope } = frame;
  const sinceMs = run.given.clock.monotonicMs();
  run.recorder.emit({
    type: "step-started",
    title: frame.title,
    host: branch.host,
    ...(frame.step === undefined ? {} : { step: frame.step }),
  });
  const values = scope.inner([[item.name, { type: "host", name: branch.host }]]).values;
  const { result } = await run.executor.carryOut({
    items: branch.items,
    values,
    surroundings: { ...surroundingsOf(frame), branch: branch.host },
  });
  endStep(run, {
    step: frame.step,
    title: frame.title,
    host: branch.host,
    ...outcomeOf(result),
    sinceMs,
    span: item.span,
  });
  return result;
}
