// One try of one command, from its intent to its verdict: the only place from which a runbook's lines reach a host.
import type { Session } from "../../hosts/connection.ts";
import { HostFailure } from "../../hosts/connection.ts";
import { textOf } from "../../text/source.ts";
import { openOutput } from "../events/output-pieces.ts";
import { RecordingFailure } from "../events/recorder.ts";
import type { OpenDialogue } from "../hosts/step-sessions.ts";
import { contextOf, isInterrupted, sentenceOf, type Frame, type ItemResult } from "../interpret/frame.ts";
import { capturesSecret } from "./captures.ts";
import { converse, type Awaited, type ConversationParts, type Ending } from "./converse.ts";
import { askUndeclared, awaitPrepared, leaveQuestion } from "./questions.ts";
import { awaitSudo, withoutMarkerBytes, withoutMarkers } from "./sudo.ts";
import { judge } from "./judge.ts";
import { endAttempt, type Attempt, type Over, type Shell, type Told } from "./told.ts";
import { messageOf } from "../../text/message-of.ts";

/** Records the intent, sends, reads, answers, judges, records the result. Rejects only with `RecordingFailure` or a bug. */
export async function attempt(parts: Attempt): Promise<ItemResult> {
  const { frame } = parts;
  const { recorder, given } = frame.run;
  // Connecting and opening a dialogue took their time: an interrupt meanwhile lets no command begin.
  if (isInterrupted(frame)) return { type: "interrupted" };
  const command = await recorder.durable(intentOf(parts));
  const sinceMs = given.clock.monotonicMs();
  const context = { ...contextOf(frame, parts.span), command: command.n };
  const held = capturesSecret(parts.clauses) || frame.secretCaptures.length > 0;
  const output = openOutput({
    recorder,
    clock: given.clock,
    redactor: given.redactor,
    host: parts.host,
    context,
    hidden: parts.settings.hidden,
    held,
  });
  const told: Told = {
    parts,
    command,
    context,
    output,
    isKept: !held && !parts.settings.hidden,
    sinceMs,
    progress: { sent: false },
  };
  let ending: Ending;
  try {
    ending =
      parts.through.type === "shell"
        ? await inShell(told, parts.through)
        : await inDialogue(told, parts.through.dialogue);
  } catch (problem) {
    output.end();
    const ended = endAttempt(told, brokenOff(problem, told), "");
    if (!(problem instanceof HostFailure)) throw problem;
    return ended;
  }
  return judge(told, { ...ending, text: withoutMarkers(ending.text, parts.rendered.sudo) });
}

/** What stopped the conversation itself: nobody knows how far the command came, unless it was never sent. */
function brokenOff(problem: unknown, { parts, progress }: Told): Over {
  const said = messageOf(problem);
  if (problem instanceof RecordingFailure) return { outcome: "unknown", reason: said };
  if (!(problem instanceof HostFailure))
    return { outcome: "unknown", reason: `ordo failed while the command ran: ${said}` };
  // What the host refused to start, or this machine could not, has done nothing.
  const began = problem.reason !== "refused" && problem.reason !== "unsupported";
  if (!progress.sent && (!began || said.startsWith("Nothing was sent")))
    return { outcome: "failed", reason: said, wayOn: problem.wayOn, final: parts.changes };
  return { outcome: "unknown", reason: `${said} Whether the command did its work is not known.`, wayOn: problem.wayOn };
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
  told.progress.sent = true;
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
  dialogue.current = { output: told.output, context: told.context };
  let isUsable = false;
  try {
    await dialogue.session.send(told.parts.rendered.wire, { echo: true });
    told.progress.sent = true;
    const ending = await converse(conversation(told, dialogue.session, []));
    if (ending.type === "prompt") isUsable = true;
    if (ending.type !== "stopped") return ending;
    const left = await leaveQuestion(told.parts.frame, {
      host: told.parts.host,
      question: ending.question,
      dialogue,
      context: told.context,
    });
    isUsable = left.isPrompt;
    const { stop } = ending;
    const reason = left.sent === undefined ? undefined : stop.reasonWhenLeft?.(left.sent);
    return reason === undefined ? ending : { ...ending, stop: { ...stop, reason } };
  } finally {
    dialogue.current = undefined;
    dialogue.isSpent = !isUsable;
    if (!isUsable) await dialogue.session.close().catch(() => undefined); // nothing more is sent in it
  }
}

function conversation(told: Told, session: Session, first: readonly Awaited[]): ConversationParts {
  const { frame, settings, host, span } = told.parts;
  const { given } = frame.run;
  const asking = { host, span, context: told.context, isKept: told.isKept };
  return {
    session,
    clock: given.clock,
    awaited: [...first, ...settings.prepared.map((prepared) => awaitPrepared(frame, prepared, asking))],
    withinMs: Math.min(settings.withinMs, Math.max(0, frame.deadlineMs - given.clock.monotonicMs())),
    idleMs: settings.idleMs,
    closing: given.interrupt.second,
    undeclared: (screen, stands) => askUndeclared(frame, screen, { ...asking, stands }),
  };
}
