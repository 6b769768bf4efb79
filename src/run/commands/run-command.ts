// A `run` line, or a command of a phrase: asked before it runs, tried as often as it may be, recorded either way.
import { HostFailure } from "../../hosts/connection.ts";
import type { PlanCommand } from "../../plan/plan.ts";
import { evaluateCondition, type Given } from "../../plan/evaluate.ts";
import { renderCommand, type RenderedCommand } from "../../plan/render-command.ts";
import { textOf } from "../../text/source.ts";
import type { HostLink } from "../hosts/host-link.ts";
import type { OpenDialogue } from "../hosts/step-sessions.ts";
import { secretFrom } from "../hosts/secret-from.ts";
import {
  contextOf,
  failed,
  failureAt,
  hostOf,
  isInterrupted,
  placeHere,
  sentenceOf,
  type Frame,
  type ItemResult,
} from "../interpret/frame.ts";
import { allowDestroy } from "../interpret/people.ts";
import { givenOn } from "../interpret/given-at.ts";
import { holdsOrThrow, plainText } from "../interpret/values.ts";
import { attempt } from "./attempt.ts";
import type { Attempt } from "./told.ts";
import { UnaskedQuestion, openDialogue, openingCommands } from "./open-dialogue.ts";
import { retrying } from "./retry.ts";
import { settingsOf, type Settings } from "./settings.ts";
import { recordUnsent, type Unsent } from "./unsent.ts";
import { lastClause } from "./clause.ts";

/** Carries out a command with its clauses. Throws `MissingValue` and `WrongValue`, `RecordingFailure`, and nothing else. */
export async function runCommand(item: PlanCommand, frame: Frame): Promise<ItemResult> {
  const host = hostOf(frame, item.place);
  const changes = !(item.changesNothing || frame.changesNothing);
  const prepared = prepare(item, frame, host);
  if ("type" in prepared) return prepared;
  const ready: Ready = { item, frame, host, changes, ...prepared };
  if (frame.run.given.options.rehearse && changes)
    return recordUnsent(frame, unsentOf(ready), {
      outcome: "skipped",
      reason: "A rehearsal runs only what changes nothing.",
    });
  const already = await alreadySo(ready);
  if (already !== undefined) return already;
  const destroys = destroysOf(item, frame);
  if (destroys !== undefined) {
    const refused = await allowDestroy(frame, {
      words: destroys,
      role: undefined,
      host,
      span: sentenceOf(frame, item.span),
    });
    if (refused !== undefined) return recordRefusal(ready, refused);
  }
  return await retrying(item.clauses, frame, (number) => tryOnce(ready, number, destroys));
}

interface Ready {
  readonly item: PlanCommand;
  readonly frame: Frame;
  readonly host: string;
  readonly changes: boolean;
  readonly link: HostLink;
  readonly rendered: RenderedCommand;
  readonly settings: Settings;
  readonly given: Given;
}

/** Everything that can be known to be wrong before anything is sent. */
function prepare(
  item: PlanCommand,
  frame: Frame,
  host: string,
): Pick<Ready, "link" | "rendered" | "settings" | "given"> | ItemResult {
  const { run } = frame;
  let link: HostLink;
  try {
    link = run.hosts.link(host);
  } catch (problem) {
    if (!(problem instanceof HostFailure)) throw problem;
    return failed(frame, item.span, { reason: problem.message, wayOn: problem.wayOn });
  }
  const place = placeHere(frame, item.place);
  const rendered = renderCommand({ ...item, place }, frame.scope, link.planned.kind, {
    sudoPassword: link.planned.host.sudoPassword !== undefined,
    marker: run.given.random(),
  });
  if (rendered.type === "refused") return failed(frame, item.span, { host, reason: rendered.reason, final: true });
  if (rendered.type === "unknown") return missing(frame, item);
  const settings = settingsOf(item.clauses, frame.scope, {
    dialogue: item.shell === "dialogue",
    redactor: run.given.redactor,
  });
  const folder = rendered.value.folder;
  return { link, rendered: rendered.value, settings, given: givenOn(frame, link, folder) };
}

async function alreadySo(ready: Ready): Promise<ItemResult | undefined> {
  const { item, frame } = ready;
  for (const clause of item.clauses) {
    if (clause.type !== "already-so-condition") continue;
    try {
      const decided = await evaluateCondition(clause.condition, frame.scope, ready.given);
      if (!holdsOrThrow(decided, clause.condition)) continue;
      return recordUnsent(frame, unsentOf(ready), {
        outcome: "already so",
        reason: "It was so already, and nothing was sent.",
        check: { what: textOf(clause.span), expected: decided.expected, seen: decided.seen, held: true },
      });
    } catch (problem) {
      if (!(problem instanceof HostFailure)) throw problem;
      // A file that isn't there can't say that it is so already.
      if (problem.reason === "file-missing") continue;
      return recordHostFailure(frame, unsentOf(ready), problem);
    }
  }
  return undefined;
}

/** Nothing is sent to a question that nobody foresaw: its session was closed, and the connection goes where nothing else uses it. */
const unanswered = "a question was left unanswered";

async function tryOnce(ready: Ready, number: number, destroys: string | undefined): Promise<ItemResult> {
  const { item, frame, link } = ready;
  if (isInterrupted(frame)) return { type: "interrupted" };
  if (frame.run.given.clock.monotonicMs() >= frame.deadlineMs) {
    const reason = "The time that the phrase has (within) was over before this command, and it was not sent.";
    recordUnsent(frame, unsentOf(ready), { outcome: "failed", reason });
    return failed(frame, item.span, { host: ready.host, reason, final: true });
  }
  try {
    if (item.shell === "dialogue") {
      return await frame.sessions.withDialogue(ready.host, ready.rendered.account, async (dialogue) => {
        const parts = { ...attemptOf(ready, number, destroys), through: { type: "dialogue" as const, dialogue } };
        const result = await link.during(() => attempt(parts));
        if (result.type === "stopped" && dialogue.isSpent) await link.closeIfUnused(unanswered);
        return result;
      });
    }
    const connection = await link.connection();
    link.announce(connection, frame.step === undefined ? {} : { step: frame.step });
    const sudoPassword = secretFrom(frame.run.plan, link.planned.host.sudoPassword, frame.run.given.secrets);
    const through = { type: "shell" as const, connection, sudoPassword };
    const result = await link.during(() => attempt({ ...attemptOf(ready, number, destroys), through }));
    if (result.type === "stopped") await link.closeIfUnused(unanswered);
    return result;
  } catch (problem) {
    if (frame.run.given.interrupt.second.aborted) return { type: "interrupted" };
    const refused = notReached(frame, unsentOf(ready), problem);
    if (refused !== undefined) return refused;
    throw problem;
  }
}

/** A host that could not be reached, asked something while no command ran, or refused what its kind sends first; undefined for anything else. */
export function notReached(frame: Frame, unsent: Unsent, problem: unknown): ItemResult | undefined {
  if (problem instanceof OpeningFailed) return problem.result;
  if (problem instanceof HostFailure) return recordHostFailure(frame, unsent, problem);
  if (!(problem instanceof UnaskedQuestion)) return undefined;
  const reason = problem.message;
  const failure = failureAt(frame, unsent.span, {
    outcome: "stopped for a person",
    reason,
    host: unsent.host,
    lastLines: problem.screen.trimEnd().split("\n").slice(-12),
  });
  recordUnsent(frame, unsent, { outcome: "stopped for a person", reason });
  return { type: "stopped", failures: [failure], final: true };
}

function attemptOf(
  { item, frame, host, rendered, settings, changes, given }: Ready,
  number: number,
  destroys: string | undefined,
): Omit<Attempt, "through"> {
  return {
    frame: { ...frame, logsIn: frame.logsIn || item.logsIn },
    span: item.span,
    host,
    rendered,
    clauses: item.clauses,
    settings,
    changes,
    destroys,
    number,
    given,
  };
}

/** What the kind sends first failed: the dialogue can't be used. */
class OpeningFailed extends Error {
  readonly result: ItemResult;

  constructor(result: ItemResult) {
    super("What the kind sends first failed.");
    this.result = result;
  }
}

/** How a step's sessions are opened. */
export function dialogueOpener(
  run: Frame["run"],
  frameFor: () => Frame,
): (host: string, account: string | undefined) => Promise<OpenDialogue> {
  return async (host, account) => {
    const frame = frameFor();
    const link = run.hosts.link(host);
    const dialogue = await openDialogue(run, link, frame.step);
    for (const command of openingCommands(run, link, account !== undefined)) {
      const prepared = prepare(command, frame, host);
      if ("type" in prepared) throw new OpeningFailed(prepared);
      const ready: Ready = { item: command, frame, host, changes: false, ...prepared };
      const result = await attempt({ ...attemptOf(ready, 1, undefined), through: { type: "dialogue", dialogue } });
      if (result.type === "ok") continue;
      await dialogue.session.close().catch(() => undefined); // it was never usable
      throw new OpeningFailed(result);
    }
    return dialogue;
  };
}

function destroysOf(item: PlanCommand, frame: Frame): string | undefined {
  const own = lastClause(item.clauses, "destroys");
  const node = own?.what ?? item.destroys;
  return node === undefined ? undefined : plainText(node, frame.scope);
}

function unsentOf({ item, frame, host, rendered, changes }: Ready): Unsent {
  return {
    span: item.span,
    host,
    text: rendered.text,
    shell: rendered.shell,
    changes,
    context: contextOf(frame, item.span),
  };
}

function recordHostFailure(frame: Frame, unsent: Unsent, problem: HostFailure): ItemResult {
  const failure = failureAt(frame, unsent.span, { reason: problem.message, host: unsent.host, wayOn: problem.wayOn });
  recordUnsent(frame, unsent, {
    outcome: "failed",
    reason: problem.message,
    wayOn: problem.wayOn,
    likelyCause: failure.likelyCause,
  });
  const final = problem.reason === "login-refused" || problem.reason.startsWith("host-key");
  return { type: "failed", failures: [failure], final };
}

function recordRefusal(ready: Ready, refused: ItemResult): ItemResult {
  if (refused.type === "stopped") {
    const [failure] = refused.failures;
    recordUnsent(ready.frame, unsentOf(ready), {
      outcome: "stopped for a person",
      reason: failure?.reason ?? "It was refused.",
      wayOn: failure?.wayOn,
    });
  }
  return refused;
}

function missing(frame: Frame, item: PlanCommand): ItemResult {
  if (frame.run.given.options.rehearse) return { type: "ok", outcome: "skipped", changes: false };
  return failed(frame, item.span, {
    reason: "A value in this line is not known: the line that gives it did not run.",
    final: true,
  });
}
