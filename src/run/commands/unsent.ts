// A statement that sent nothing still has its line in the records: it was so already, was skipped, or could not begin.
import { textOf, type Span } from "../../text/source.ts";
import { sentenceOf, type contextOf, type Frame, type ItemResult } from "../interpret/frame.ts";
import type { Check } from "./check.ts";

export interface Unsent {
  readonly span: Span;
  readonly host: string;
  readonly text: string;
  readonly shell: string;
  readonly changes: boolean;
  readonly context: ReturnType<typeof contextOf>;
}

export interface UnsentOutcome {
  readonly outcome: "already so" | "skipped" | "failed" | "stopped for a person";
  readonly reason: string;
  readonly wayOn?: string | undefined;
  readonly likelyCause?: readonly string[];
  readonly check?: Check;
}

/** Records the pair of command and result. For `already so` and `skipped` the result is what the run goes on with. */
export function recordUnsent(frame: Frame, unsent: Unsent, over: UnsentOutcome): ItemResult {
  const { recorder } = frame.run;
  if (over.outcome === "skipped" && unsent.changes && frame.run.given.options.rehearse)
    frame.run.rehearsal.hasSkipped = true;
  const command = recorder.emit({
    type: "command",
    sentence: textOf(sentenceOf(frame, unsent.span)),
    text: unsent.text,
    shell: unsent.shell,
    changes: unsent.changes,
    attempt: 1,
    host: unsent.host,
    ...unsent.context,
  });
  const context = { ...unsent.context, command: command.n, host: unsent.host };
  if (over.check !== undefined) recorder.emit({ type: "check", ...over.check, ...context });
  recorder.emit({
    type: "result",
    outcome: over.outcome,
    reason: over.reason,
    ...(over.wayOn === undefined ? {} : { wayOn: over.wayOn }),
    ...(over.likelyCause === undefined || over.likelyCause.length === 0 ? {} : { likelyCause: over.likelyCause }),
    durationMs: 0,
    bytes: 0,
    ...context,
  });
  const outcome = over.outcome === "already so" ? "already so" : "skipped";
  return { type: "ok", outcome, changes: unsent.changes };
}
