// What is known of one try of a command while it runs, and how it is recorded as over.
import type { Connection, Exit } from "../../hosts/connection.ts";
import type { ClauseNode } from "../../language/tree.ts";
import type { Given } from "../../plan/evaluate.ts";
import type { RenderedCommand } from "../../plan/render-command.ts";
import type { Secret } from "../../secrets/secret.ts";
import type { Span } from "../../text/source.ts";
import type { Output } from "../events/output-pieces.ts";
import { lastLinesOf } from "../failure.ts";
import type { OpenDialogue } from "../hosts/step-sessions.ts";
import { failed, type contextOf, type Frame, type ItemResult } from "../interpret/frame.ts";
import type { NumberedEvent } from "../record-table.ts";
import type { Check } from "./check.ts";
import { recordResult } from "./record-result.ts";
import type { Settings } from "./settings.ts";

export interface Attempt {
  readonly frame: Frame;
  readonly span: Span;
  readonly host: string;
  readonly rendered: RenderedCommand;
  readonly clauses: readonly ClauseNode[];
  readonly settings: Settings;
  readonly changes: boolean;
  readonly destroys: string | undefined;
  /** From 1. */
  readonly number: number;
  readonly given: Given;
  /** Where the command goes. */
  readonly through: Shell | { readonly type: "dialogue"; readonly dialogue: OpenDialogue };
}

export interface Shell {
  readonly type: "shell";
  readonly connection: Connection;
  readonly sudoPassword: Secret | undefined;
}

/** What was sent and what it belongs to, for the records that follow. */
export interface Told {
  readonly parts: Attempt;
  readonly command: NumberedEvent;
  readonly context: ReturnType<typeof contextOf>;
  readonly output: Output;
  /** Whether its output is recorded as it comes: else no record but the output's own may show what stands on the screen. */
  readonly isKept: boolean;
  readonly sinceMs: number;
  /** Whether the command itself has gone to the host. */
  readonly progress: { sent: boolean };
}

export interface Over {
  readonly outcome: "done" | "already so" | "failed" | "unknown" | "stopped for a person";
  readonly reason?: string | undefined;
  readonly wayOn?: string | undefined;
  readonly exit?: Exit | undefined;
  readonly checks?: readonly Check[];
  /** Another try could do harm. */
  readonly final?: boolean;
}

/** Records the result and makes of it what the interpreter goes on with. */
export function endAttempt(told: Told, over: Over, text: string): ItemResult {
  const { parts, command, context, output, sinceMs } = told;
  const { frame } = parts;
  const failure = recordResult({
    frame,
    span: parts.span,
    host: parts.host,
    command: command.n,
    sent: parts.rendered.text,
    context,
    sinceMs,
    bytes: output.bytes,
    outcome: over.outcome,
    reason: over.reason,
    wayOn: over.wayOn,
    exit: over.exit,
    checks: over.checks ?? [],
    lastLines: parts.settings.hidden || text.trim() === "" ? [] : lastLinesOf(text),
  });
  if (over.outcome === "done" || over.outcome === "already so")
    return { type: "ok", outcome: over.outcome, changes: parts.changes };
  if (failure === undefined) return failed(frame, parts.span, { reason: "It failed." });
  return {
    type: over.outcome === "stopped for a person" ? "stopped" : "failed",
    failures: [failure],
    final:
      over.final === true ||
      parts.settings.answersWithSecret ||
      frame.logsIn ||
      (over.outcome === "unknown" && parts.changes),
  };
}
