// One try of one command, from its intent to its verdict: the only place from which a runbook's lines reach a host.
import type { Connection, Exit, Session } from "../../hosts/connection.ts";
import { HostFailure } from "../../hosts/connection.ts";
import type { ClauseNode } from "../../language/tree.ts";
import type { Given } from "../../plan/evaluate.ts";
import type { Secret } from "../../secrets/secret.ts";
import type { RenderedCommand } from "../../plan/render-command.ts";
import { textOf, type Span } from "../../text/source.ts";
import type { DialogueKind } from "../../vocabulary/vocabulary.ts";
import { openOutput, type Output } from "../events/output-pieces.ts";
import { RecordingFailure } from "../events/recorder.ts";
import { lastLinesOf } from "../failure.ts";
import type { OpenDialogue } from "../hosts/step-sessions.ts";
import { contextOf, failed, failureAt, sentenceOf, type Frame, type ItemResult } from "../interpret/frame.ts";
import { learnSecrets } from "../interpret/values.ts";
import { shownValue } from "../scope.ts";
import type { NumberedEvent } from "../record-table.ts";
import { captureAll, capturesSecret } from "./captures.ts";
import { sentenceOf as sentenceOfCheck, type Check } from "./check.ts";
import { converse, type Awaited, type ConversationParts, type Ending } from "./converse.ts";
import { askUndeclared, awaitPrepared, leaveQuestion } from "./questions.ts";
import type { Settings } from "./settings.ts";
import { awaitSudo, withoutMarkerBytes, withoutMarkers } from "./sudo.ts";
import { checkConditions, verdictOf, withoutVerdictLine, type VerdictParts } from "./verdict.ts";

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

interface Shell {
  readonly type: "shell";
  readonly connection: Connection;
  readonly sudoPassword: Secret | undefined;
}

/** Records the intent, sends, reads, answers, judges, records the result. Rejects only with `RecordingFailure` or a bug. */
export async function attempt(parts: Attempt): Promise<ItemResult> {
  const { frame } = parts;
  const { recorder, given } = frame.run;
  const command = await recorder.durable(intentOf(parts));
  const sinceMs = given.clock.monotonicMs();
  const context = { ...contextOf(frame, parts.span), command: command.n };
  const output = openOutput({
    recorder,
    clock: given.clock,
    redactor: given.redactor,
    host: parts.host,
    context,
    hidden: parts.settings.hidden,
    held: capturesSecret(parts.clauses),
  });
  const told = { parts, command, context, output, sinceMs };
  let ending: Ending;
  try {
    ending =
      parts.through.type === "shell"
        ? await inShell(told, parts.through)
        : await inDialogue(told, parts.through.dialogue);
  } catch (problem) {
    output.end();
    if (problem instanceof RecordingFailure) {
      end(told, { outcome: "unknown", reason: problem.message }, "");
      throw problem;
    }
    if (!(problem instanceof HostFailure)) {
      end(
        told,
        {
          outcome: "unknown",
          reason: `ordo failed while the command ran: ${problem instanceof Error ? problem.message : String(problem)}`,
        },
        "",
      );
      throw problem;
    }
    return end(
      told,
      {
        outcome: "unknown",
        reason: `${problem.message} Whether the command did its work is not known.`,
        wayOn: problem.wayOn,
      },
      "",
    );
  }
  return judge(told, { ...ending, text: withoutMarkers(ending.text, parts.rendered.sudo) });
}

/** What was sent and what it belongs to, for the records that follow. */
interface Told {
  readonly parts: Attempt;
  readonly command: NumberedEvent;
  readonly context: ReturnType<typeof contextOf>;
  readonly output: Output;
  readonly sinceMs: number;
}

interface Over {
  readonly outcome: "done" | "already so" | "failed" | "unknown" | "stopped for a person";
  readonly reason?: string | undefined;
  readonly wayOn?: string | undefined;
  readonly exit?: Exit | undefined;
  readonly checks?: readonly Check[];
  /** Another try could do harm. */
  readonly final?: boolean;
}

function intentOf({
  frame,
  span,
  host,
  rendered,
  changes,
  destroys,
  number,
}: Attempt): Parameters<Frame["run"]["recorder"]["durable"]>[0] {
  return {
    type: "command",
    sentence: textOf(sentenceOf(frame, span)),
    text: rendered.text,
    ...(rendered.wire === rendered.text ? {} : { wire: rendered.wire }),
    shell: rendered.shell,
    ...(rendered.account === undefined ? {} : { account: rendered.account }),
    ...(rendered.folder === undefined ? {} : { folder: rendered.folder }),
    changes,
    ...(destroys === undefined ? {} : { destroys }),
    attempt: number,
    host,
    ...contextOf(frame, span),
  };
}

async function inShell(told: Told, { connection, sudoPassword }: Shell): Promise<Ending> {
  const { rendered, settings, host } = told.parts;
  const { sudo } = rendered;
  const terminal = settings.prepared.length > 0;
  let session: Session | undefined;
  const sudoAwaits =
    sudo === undefined
      ? []
      : awaitSudo({
          ...sudo,
          password: sudoPassword,
          host,
          input: [rendered.preamble, settings.input].filter((one) => one !== undefined),
          session: () => {
            if (session === undefined) throw new Error("sudo answered before it was started");
            return session;
          },
          endsInput: !terminal,
          record: (name) => recordSudo(told, name),
        });
  session = await connection.run({
    line: rendered.wire,
    terminal,
    ...(sudo === undefined && rendered.preamble !== undefined ? { preamble: rendered.preamble } : {}),
    ...(sudo === undefined && settings.input !== undefined ? { input: settings.input } : {}),
    // sudo asks before anything may be written to the command's own input.
    ...(sudo === undefined ? {} : { holdInput: true }),
    onChunk: (chunk) =>
      told.output.take(sudo === undefined ? chunk : { ...chunk, bytes: withoutMarkerBytes(chunk.bytes, sudo) }),
  });
  let hasEnded = false;
  try {
    const ending = await converse(conversation(told, session, sudoAwaits));
    hasEnded = ending.type === "ended";
    return ending;
  } finally {
    if (!hasEnded) await session.close().catch(() => undefined); // it is cut off, and may be gone already
  }
}

async function recordSudo(told: Told, name: string): Promise<void> {
  const { recorder } = told.parts.frame.run;
  await recorder.durable({
    type: "answer",
    question: "the password of sudo",
    secret: name,
    from: "the inventory",
    host: told.parts.host,
    ...told.context,
  });
}

async function inDialogue(told: Told, dialogue: OpenDialogue): Promise<Ending> {
  dialogue.output = told.output;
  let isUsable = false;
  try {
    await dialogue.session.send(told.parts.rendered.wire, { echo: true });
    const ending = await converse(conversation(told, dialogue.session, []));
    if (ending.type === "prompt") isUsable = true;
    if (ending.type === "stopped")
      isUsable = await leaveQuestion(told.parts.frame, {
        host: told.parts.host,
        question: ending.question,
        dialogue,
        context: told.context,
      });
    return ending;
  } finally {
    dialogue.output = undefined;
    dialogue.isSpent = !isUsable;
    if (!isUsable) await dialogue.session.close().catch(() => undefined); // nothing more is sent in it
  }
}

function conversation(told: Told, session: Session, first: readonly Awaited[]): ConversationParts {
  const { frame, settings, host, span } = told.parts;
  const { given } = frame.run;
  const asking = { host, span, context: told.context };
  return {
    session,
    clock: given.clock,
    awaited: [...first, ...settings.prepared.map((prepared) => awaitPrepared(frame, prepared, asking))],
    withinMs: Math.min(settings.withinMs, Math.max(0, frame.deadlineMs - given.clock.monotonicMs())),
    idleMs: settings.idleMs,
    closing: given.interrupt.second,
    undeclared: (screen) => askUndeclared(frame, screen, asking),
  };
}

async function judge(told: Told, ending: Ending): Promise<ItemResult> {
  const { output } = told;
  switch (ending.type) {
    case "timeout":
      output.end();
      return end(
        told,
        {
          outcome: "unknown",
          reason: `It was not over within its time, and was cut off. Whether the command did its work is not known.`,
          wayOn: "If it may take longer: within 30m",
        },
        ending.text,
      );
    case "stopped": {
      const { because, reason, wayOn } = ending.stop;
      output.end();
      return end(
        told,
        { outcome: because === "question" ? "stopped for a person" : "failed", reason, wayOn, final: true },
        ending.text,
      );
    }
    case "cut":
      output.end();
      end(
        told,
        {
          outcome: "unknown",
          reason: "It was interrupted and cut off. Whether the command did its work is not known.",
        },
        ending.text,
      );
      return { type: "interrupted" };
    case "ended":
    case "prompt":
      return await judgeOutput(told, ending);
  }
}

async function judgeOutput(told: Told, ending: Ending & { readonly type: "ended" | "prompt" }): Promise<ItemResult> {
  const { parts, output, context } = told;
  const { frame } = parts;
  const { recorder, given } = frame.run;
  const dialogue: DialogueKind | undefined =
    parts.through.type === "dialogue" ? parts.through.dialogue.rules : undefined;
  const exit: Exit | undefined = ending.type === "ended" ? ending.exit : undefined;
  const judged: VerdictParts = {
    output: ending.text,
    exit,
    clauses: parts.clauses,
    dialogue,
    environment: frame.scope,
    given: parts.given,
    hidden: parts.settings.hidden,
  };
  const captured = captureAll(parts.clauses, { whole: ending.text, own: withoutVerdictLine(judged) }, frame.scope);
  // What was captured as a secret is one before any of the output is written down.
  for (const { value } of captured.names) learnSecrets(value, given.redactor);
  output.end();
  frame.last.command = {
    n: told.command.n,
    host: parts.host,
    sent: parts.rendered.text,
    output: ending.text,
    hidden: parts.settings.hidden,
  };
  if (exit?.type === "lost" || (dialogue !== undefined && exit !== undefined)) {
    const why = exit.type === "lost" ? exit.reason : "the session ended";
    return end(
      told,
      {
        outcome: "unknown",
        reason: `The connection was lost before the host said how it ended (${why}). Whether the command did its work is not known.`,
      },
      ending.text,
    );
  }
  const verdict = verdictOf(judged);
  const checks = [...verdict.checks];
  if (verdict.outcome === "done") {
    checks.push(...captured.missing.map((check) => (parts.settings.hidden ? hiddenCheck(check) : check)));
    if (captured.missing.length === 0) {
      for (const { name, value } of captured.names) frame.scope.bind(name, value);
      checks.push(...(await checkConditions({ ...judged, environment: frame.scope })));
    }
  }
  for (const check of checks) recorder.emit({ type: "check", ...check, host: parts.host, ...context });
  const broken = checks.find((check) => !check.held);
  if (verdict.outcome === "done" && broken === undefined) {
    for (const { name, value } of captured.names)
      recorder.emit({ type: "captured", name, value: shownValue(value), host: parts.host, ...context });
  }
  const outcome = verdict.outcome === "done" && broken !== undefined ? "failed" : verdict.outcome;
  return end(
    told,
    { outcome, reason: verdict.reason ?? (broken === undefined ? undefined : sentenceOfCheck(broken)), exit, checks },
    ending.text,
  );
}

/** Records the result and makes of it what the interpreter goes on with. */
function end(told: Told, over: Over, text: string): ItemResult {
  const { parts, command, context, output, sinceMs } = told;
  const { frame } = parts;
  const { exit } = over;
  const failure =
    over.outcome === "done" || over.outcome === "already so"
      ? undefined
      : failureAt(frame, parts.span, {
          outcome: over.outcome,
          reason: over.reason ?? "It failed.",
          host: parts.host,
          command: command.n,
          sent: parts.rendered.text,
          lastLines: parts.settings.hidden || text.trim() === "" ? [] : lastLinesOf(text),
          checks: (over.checks ?? [])
            .filter((check) => !check.held)
            .map((check) => ({ ...check, nearest: check.nearest })),
          wayOn: over.wayOn,
        });
  frame.run.recorder.emit({
    type: "result",
    ...(exit?.type === "status" ? { exit: exit.status } : {}),
    ...(exit?.type === "signal" ? { signal: exit.signal } : {}),
    ...(over.outcome === "unknown" ? { unknown: true } : {}),
    outcome: over.outcome,
    ...(over.reason === undefined ? {} : { reason: over.reason }),
    ...(failure === undefined || failure.likelyCause.length === 0 ? {} : { likelyCause: failure.likelyCause }),
    ...(over.wayOn === undefined ? {} : { wayOn: over.wayOn }),
    durationMs: Math.round(frame.run.given.clock.monotonicMs() - sinceMs),
    bytes: output.bytes,
    host: parts.host,
    ...context,
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

function hiddenCheck({ what, expected, held }: Check): Check {
  return { what, expected, held, seen: "(hidden output)" };
}
