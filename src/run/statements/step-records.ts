// How a step, or a step on one host, ended: one record.
import { placeOf, type Span } from "../../text/source.ts";
import type { ItemResult, Run } from "../interpret/frame.ts";
import type { OutcomeName } from "../record-table.ts";

export interface StepEnd {
  readonly step: number | undefined;
  readonly title: string;
  /** A host of an `on each`. */
  readonly host: string | undefined;
  readonly outcome: OutcomeName;
  readonly reason: string | undefined;
  /** Monotonic time of its begin; undefined: it never began. */
  readonly sinceMs: number | undefined;
  readonly span: Span | undefined;
}

/** Records a step's end. */
export function endStep(run: Run, { step, title, host, outcome, reason, sinceMs, span }: StepEnd): void {
  run.recorder.emit({
    type: "step-ended",
    title,
    outcome,
    ...(reason === undefined ? {} : { reason }),
    durationMs: sinceMs === undefined ? 0 : Math.round(run.given.clock.monotonicMs() - sinceMs),
    ...(step === undefined ? {} : { step }),
    ...(host === undefined ? {} : { host }),
    ...(span === undefined ? {} : { source: placeOf(span) }),
  });
}

/** A result as the outcome of a step. */
export function outcomeOf(result: ItemResult): Pick<StepEnd, "outcome" | "reason"> {
  switch (result.type) {
    case "ok":
      return { outcome: result.outcome === "quiet" ? "done" : result.outcome, reason: undefined };
    case "failed":
      return { outcome: "failed", reason: result.failures[0]?.reason };
    case "stopped":
      return { outcome: "stopped for a person", reason: result.failures[0]?.reason };
    case "interrupted":
      return { outcome: "not reached", reason: "The run was interrupted before it was over." };
  }
}
