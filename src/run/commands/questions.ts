// Questions of a program: those that the runbook answers, those that a person answers, and those to which nothing is sent.
import { HostFailure } from "../../hosts/connection.ts";
import { evaluatePattern } from "../../plan/evaluate.ts";
import { Secret } from "../../secrets/secret.ts";
import type { Span } from "../../text/source.ts";
import { textOf } from "../../text/source.ts";
import type { OpenDialogue } from "../hosts/step-sessions.ts";
import { interruptOf, sentenceOf, type contextOf, type Frame } from "../interpret/frame.ts";
import { deviate, unlessAborted } from "../interpret/people.ts";
import { plainText } from "../interpret/values.ts";
import type { Act, Awaited } from "./converse.ts";
import type { Prepared } from "./settings.ts";

export interface Asking {
  readonly host: string;
  readonly span: Span;
  readonly context: ReturnType<typeof contextOf>;
  /** Whether records may show the screen; else only the question's own line. */
  readonly isKept: boolean;
}

/** An `answer … to P` or `by hand "…" at P` as something that is awaited. */
export function awaitPrepared(frame: Frame, prepared: Prepared, asking: Asking): Awaited {
  return {
    asks: prepared.asks,
    stands: prepared.stands,
    again: false,
    act: async (screen) => {
      const { recorder } = frame.run;
      recordQuestion(frame, asking, { screen, declared: true });
      if (prepared.type === "by-hand") return await byHandAt(frame, prepared, asking);
      await recorder.durable({
        type: "answer",
        question: prepared.question,
        ...replyFields(prepared.reply),
        from: "the runbook",
        host: asking.host,
        ...asking.context,
      });
      return { type: "send", reply: prepared.reply };
    },
  };
}

/** A question that nobody declared: a person answers it or stops; without one nothing is sent. Nor is it when the question has gone meanwhile. */
export async function askUndeclared(
  frame: Frame,
  screen: string,
  asking: Asking & { readonly stands: () => Promise<boolean> },
): Promise<Act> {
  const { recorder, given } = frame.run;
  const { person } = given;
  recordQuestion(frame, asking, { screen, declared: false });
  const shown = lastLineOf(screen);
  if (person === undefined) return unanswered(`${asking.host} asks a question that nobody foresaw, and`, shown);
  const hidden = asksForSecret(screen);
  const sentence = recorder.redact(textOf(sentenceOf(frame, asking.span)));
  const said = await unlessAborted(
    person.answer({ host: asking.host, sentence, screen: recorder.redact(screen), hidden }, interruptOf(frame)),
    interruptOf(frame),
  );
  if (said === undefined || said.type === "stop")
    return unanswered(
      `${asking.host} asked a question that nobody foresaw. ${said === undefined ? "The run was interrupted" : `${person.who} stopped`}, and`,
      shown,
    );
  if (!(await asking.stands())) {
    recorder.emit({
      type: "note",
      words: `The question was gone before ${person.who} had answered it, and nothing was sent: ${shown}`,
      host: asking.host,
      ...asking.context,
    });
    return { type: "read on" };
  }
  const reply = hidden ? new Secret(`typed by ${person.who}`, said.text) : said.text;
  if (typeof reply !== "string") given.redactor.add(reply);
  await deviate(frame, {
    what: `an answer typed at the terminal, to: ${shown}`,
    who: person.who,
    reason: "the runbook doesn't foresee this question",
    host: asking.host,
    ...asking.context,
  });
  await recorder.durable({
    type: "answer",
    question: shown,
    ...replyFields(reply),
    from: person.who,
    host: asking.host,
    ...asking.context,
  });
  return { type: "send", reply };
}

/** The way out that was taken, if any, and whether the prompt stands again; where it doesn't, the session is to be closed. */
export interface Left {
  readonly isPrompt: boolean;
  readonly sent: string | undefined;
}

/**
 * Leaves a question in a dialogue without answering it: the kind's `cancel`, only where its pattern stands in the question
 * and never at a password.
 */
export async function leaveQuestion(
  frame: Frame,
  asking: Pick<Asking, "host" | "context"> & { readonly question: string; readonly dialogue: OpenDialogue },
): Promise<Left> {
  const { recorder, given } = frame.run;
  const asItStands: Left = { isPrompt: false, sent: undefined };
  if (asksForSecret(asking.question) || given.interrupt.second.aborted) return asItStands;
  const recent = asking.question.trimEnd().split("\n").slice(-questionLines).join("\n");
  for (const cancel of asking.dialogue.rules.cancels) {
    const pattern = evaluatePattern(cancel.at, frame.scope);
    if (pattern.type === "unknown" || pattern.value.first(recent) === undefined) continue;
    const text = plainText(cancel.send, frame.scope);
    await recorder.durable({
      type: "answer",
      question: lastLineOf(asking.question),
      text,
      from: "the kind's cancel",
      host: asking.host,
      ...asking.context,
    });
    try {
      await asking.dialogue.session.send(text, { echo: false });
    } catch (problem) {
      if (problem instanceof HostFailure) return asItStands; // the session went, and the question with it
      throw problem;
    }
    const halt = await asking.dialogue.session.next({ questions: [], idleMs: cancelMs, withinMs: cancelMs });
    return { isPrompt: halt.type === "prompt", sent: text };
  }
  return asItStands;
}

/** How far above the cursor the words of a question may stand. */
const questionLines = 15;
const cancelMs = 15_000;

function recordQuestion(
  frame: Frame,
  { host, context, isKept }: Asking,
  { screen, declared }: { readonly screen: string; readonly declared: boolean },
): void {
  const shown = isKept ? screen : lastLineOf(screen);
  frame.run.recorder.emit({ type: "question", screen: shown, declared, host, ...context });
}

async function byHandAt(frame: Frame, prepared: Prepared, asking: Asking): Promise<Act> {
  const { recorder, given } = frame.run;
  const { person } = given;
  if (person === undefined)
    return stop(
      `"${prepared.instruction}" is work for a person, and there is no terminal to ask at.`,
      "Run it at a terminal.",
    );
  const sinceMs = given.clock.monotonicMs();
  const question = {
    words: recorder.redact(prepared.instruction),
    role: undefined,
    host: asking.host,
    purpose: "by-hand" as const,
  };
  const done = await unlessAborted(person.byHand(question, interruptOf(frame)), interruptOf(frame));
  if (done === undefined) return stop("The run was interrupted while a person was asked.");
  await recorder.durable({
    type: done ? "by-hand" : "refused",
    words: prepared.instruction,
    who: person.who,
    identifiedBy: person.identifiedBy,
    durationMs: Math.round(given.clock.monotonicMs() - sinceMs),
    host: asking.host,
    ...asking.context,
  });
  return done ? { type: "read on" } : stop(`"${prepared.instruction}" was not done.`);
}

/** No answer was given. What the screen says of it is true of the way out, too, where one was taken. */
function unanswered(lead: string, shown: string): Act {
  return {
    type: "stop",
    because: "question",
    reason: `${lead} nothing was sent to it: ${shown}`,
    reasonWhenLeft: (sent) => `${lead} nothing was sent to it but "${sent}", the way out that its kind names: ${shown}`,
    wayOn: `If this question is expected, add under the line: answer VALUE to "${shown.replaceAll('"', "'")}"`,
  };
}

function stop(reason: string, wayOn?: string): Act {
  return { type: "stop", because: "question", reason, wayOn };
}

function replyFields(reply: string | Secret): { readonly text: string } | { readonly secret: string } {
  return typeof reply === "string" ? { text: reply } : { secret: reply.name };
}

/** Whether what is typed here would be a password: it is never shown, and never cancelled with a word. */
function asksForSecret(screen: string): boolean {
  return (
    /pass ?(word|phrase|code)|\bpin\b|secret|\bchallenge\b/i.test(lastLineOf(screen)) ||
    /pass ?(word|phrase|code)s?\s*:?\s*\n\s*>?\s*$/i.test(screen.trimEnd())
  );
}

function lastLineOf(screen: string): string {
  return (
    screen
      .trimEnd()
      .split("\n")
      .findLast((line) => /[^\s>]/.test(line))
      ?.trim() ?? ""
  );
}
