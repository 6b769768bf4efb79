// How a command or a copy is recorded as over: the same fields, and the same failure made of them.
import type { Exit } from "../../hosts/connection.ts";
import type { Span } from "../../text/source.ts";
import type { Failure } from "../failure.ts";
import { failureAt, type Frame, type contextOf } from "../interpret/frame.ts";
import type { Check } from "./check.ts";

export interface ResultParts {
  readonly frame: Frame;
  readonly span: Span;
  readonly host: string;
  /** Number of the command's record, and what it sent. */
  readonly command: number;
  readonly sent: string;
  readonly context: ReturnType<typeof contextOf>;
  /** Monotonic time at which the command was recorded. */
  readonly sinceMs: number;
  readonly bytes: number;
  readonly outcome: "done" | "already so" | "failed" | "unknown" | "stopped for a person";
  readonly reason: string | undefined;
  readonly wayOn: string | undefined;
  readonly exit: Exit | undefined;
  readonly checks: readonly Check[];
  readonly lastLines: readonly string[];
}

/** Records the result; gives the failure that it is, if it is one. */
export function recordResult(parts: ResultParts): Failure | undefined {
  const { frame, outcome, reason, wayOn, exit } = parts;
  const failure =
    outcome === "done" || outcome === "already so"
      ? undefined
      : failureAt(frame, parts.span, {
          outcome,
          reason: reason ?? "It failed.",
          host: parts.host,
          command: parts.command,
          sent: parts.sent,
          lastLines: parts.lastLines,
          checks: parts.checks.filter((check) => !check.held).map((check) => ({ ...check, nearest: check.nearest })),
          wayOn,
        });
  frame.run.recorder.emit({
    type: "result",
    ...(exit?.type === "status" ? { exit: exit.status } : {}),
    ...(exit?.type === "signal" ? { signal: exit.signal } : {}),
    ...(outcome === "unknown" ? { unknown: true } : {}),
    outcome,
    ...(reason === undefined ? {} : { reason }),
    ...(failure === undefined || failure.likelyCause.length === 0 ? {} : { likelyCause: failure.likelyCause }),
    ...(wayOn === undefined ? {} : { wayOn }),
    durationMs: Math.round(frame.run.given.clock.monotonicMs() - parts.sinceMs),
    bytes: parts.bytes,
    host: parts.host,
    ...parts.context,
  });
  return failure;
}
