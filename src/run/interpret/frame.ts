// Where a statement stands while it is carried out: the run, what names mean here, and what surrounds it.
import type { ClauseNode } from "../../language/tree.ts";
import type { Plan, PlanItem, PlannedPlace } from "../../plan/plan.ts";
import type { Value } from "../../plan/value.ts";
import { placeOf, sentenceText, type Span } from "../../text/source.ts";
import type { Recorder } from "../events/recorder.ts";
import type { Failure } from "../failure.ts";
import type { HostLinks } from "../hosts/host-links.ts";
import type { StepSessions } from "../hosts/step-sessions.ts";
import type { RunEvent } from "../record-table.ts";
import type { RunGiven } from "../run-given.ts";
import type { Scope } from "../scope.ts";

/** One run: shared by every statement. */
export interface Run {
  readonly plan: Plan;
  readonly given: RunGiven;
  readonly recorder: Recorder;
  readonly hosts: HostLinks;
  /** The person or account in whose name options were given. */
  readonly operator: string;
  readonly executor: Executor;
  /** Whether a rehearsal has left out a line that changes something: what it would have made so is missing from then on. */
  readonly rehearsal: { hasSkipped: boolean };
}

/** The work of a step, or of a step on one host of its `on each`: plain data in, records and values out. */
export interface StepWork {
  readonly items: readonly PlanItem[];
  /** What names stand for when it begins. */
  readonly values: ReadonlyMap<string, Value>;
  readonly surroundings: Surroundings;
}

export interface StepDone {
  readonly result: ItemResult;
  /** What names stand for when it is over. */
  readonly values: ReadonlyMap<string, Value>;
}

/** Whoever carries out the work of steps: this process, or one day a queue that many machines serve. */
export interface Executor {
  carryOut(work: StepWork): Promise<StepDone>;
}

/** What the last command of a phrase's body said: clauses under the phrase look at it. */
export interface LastCommand {
  readonly n: number;
  readonly host: string;
  readonly sent: string;
  readonly output: string;
  readonly hidden: boolean;
}

/** What surrounds a statement: plain data, so that the work of a step can be handed to another machine. */
export interface Surroundings {
  /** Undefined: in `finally`. */
  readonly step: number | undefined;
  readonly title: string;
  /** The host of the `on each` around it. */
  readonly branch: string | undefined;
  /** The runbook's own sentence, where this is inside a phrase. */
  readonly sentence: Span | undefined;
  /** The phrase's record that commands belong to. */
  readonly parent: number | undefined;
  /** Inside a phrase that changes nothing. */
  readonly changesNothing: boolean;
  /** Inside a phrase that opens a session: never tried twice. */
  readonly logsIn: boolean;
  /** Monotonic time at which a phrase's `within` is over; Infinity: never. */
  readonly deadlineMs: number;
  /** Host, user and folder of the call around this: they hold in the phrase's body too. */
  readonly around: PlannedPlace | undefined;
  /** Words of `destroys` that were allowed for the statement around this. */
  readonly allowed: readonly string[];
  /** In `finally`: goes on after the first Ctrl-C. */
  readonly isFinally: boolean;
  /** Facts that nothing established: the likely cause if this fails. */
  readonly unmet: readonly string[];
}

/** Clauses under a phrase that make secrets of what its last command says, and where their values are looked up. */
export interface SecretCaptures {
  readonly clauses: readonly ClauseNode[];
  readonly scope: Scope;
}

export interface Frame extends Surroundings {
  readonly run: Run;
  readonly scope: Scope;
  readonly sessions: StepSessions;
  /** Of the phrases around this, the outermost first: no output is recorded before they have looked at it. */
  readonly secretCaptures: readonly SecretCaptures[];
  readonly last: { command: LastCommand | undefined };
}

/** Only what surrounds a frame's statements: what work for an executor takes along. */
export function surroundingsOf(frame: Frame): Surroundings {
  const {
    run: _run,
    scope: _scope,
    sessions: _sessions,
    secretCaptures: _captures,
    last: _last,
    ...surroundings
  } = frame;
  return surroundings;
}

export type ItemResult =
  | { readonly type: "ok"; readonly outcome: OkOutcome; readonly changes: boolean }
  | {
      readonly type: "failed" | "stopped";
      readonly failures: readonly Failure[];
      /** Trying again could do harm. */ readonly final: boolean;
    }
  | { readonly type: "interrupted" };

/** `quiet`: a statement without an outcome of its own, such as `let`. */
export type OkOutcome = "done" | "already so" | "skipped" | "quiet";

export const quiet: ItemResult = { type: "ok", outcome: "quiet", changes: false };

/**
 * The outcome of several statements: `already so` when everything that may change something was so already; a line that
 * only reads doesn't make it `done`.
 */
export function outcomeOfAll(results: readonly ItemResult[]): ItemResult {
  const oks = results.flatMap((result) => (result.type === "ok" && result.outcome !== "quiet" ? [result] : []));
  const ran = oks.filter(({ outcome }) => outcome !== "skipped");
  if (ran.length === 0)
    return { type: "ok", outcome: oks.length > 0 ? "skipped" : "quiet", changes: oks.some(({ changes }) => changes) };
  const changing = ran.filter(({ changes }) => changes);
  const deciding = changing.length > 0 ? changing : ran;
  return {
    type: "ok",
    outcome: deciding.every(({ outcome }) => outcome === "already so") ? "already so" : "done",
    changes: changing.length > 0,
  };
}

/** The sentence of the runbook that asked for a statement. */
export function sentenceOf(frame: Frame, span: Span): Span {
  return frame.sentence ?? span;
}

/** What every record of a statement says of where it comes from. */
export function contextOf(frame: Frame, span: Span): Pick<RunEvent, "step" | "source" | "command"> {
  return {
    ...(frame.step === undefined ? {} : { step: frame.step }),
    source: placeOf(sentenceOf(frame, span)),
    ...(frame.parent === undefined ? {} : { command: frame.parent }),
  };
}

export interface FailureParts {
  readonly outcome?: Failure["outcome"];
  readonly reason: string;
  readonly host?: string | undefined;
  readonly command?: number | undefined;
  readonly sent?: string | undefined;
  readonly lastLines?: readonly string[];
  readonly checks?: Failure["checks"];
  readonly wayOn?: string | undefined;
}

/** A failure at a statement, redacted like everything that is shown. */
export function failureAt(frame: Frame, span: Span, parts: FailureParts): Failure {
  const sentence = sentenceOf(frame, span);
  const redact = (text: string): string => frame.run.recorder.redact(text);
  return {
    outcome: parts.outcome ?? "failed",
    sentence: redact(sentenceText(sentence)),
    place: placeOf(sentence),
    span: sentence,
    step: frame.step,
    host: parts.host,
    command: parts.command,
    sent: parts.sent === undefined ? undefined : redact(parts.sent),
    lastLines: (parts.lastLines ?? []).map(redact),
    checks: (parts.checks ?? []).map(({ what, expected, seen, nearest }) => ({
      what: redact(what),
      expected: redact(expected),
      seen: redact(seen),
      nearest: nearest === undefined ? undefined : redact(nearest),
    })),
    reason: redact(parts.reason),
    likelyCause: frame.unmet.map((fact) => redact(`Nothing before this line makes it so that ${fact}.`)),
    wayOn: parts.wayOn === undefined ? undefined : redact(parts.wayOn),
  };
}

export function failed(frame: Frame, span: Span, parts: FailureParts & { readonly final?: boolean }): ItemResult {
  const failure = failureAt(frame, span, parts);
  return {
    type: failure.outcome === "stopped for a person" ? "stopped" : "failed",
    failures: [failure],
    final: parts.final ?? false,
  };
}

/** Whether no new statement may be begun. */
export function isInterrupted(frame: Frame): boolean {
  const { first, second } = frame.run.given.interrupt;
  return second.aborted || (first.aborted && !frame.isFinally);
}

/** What ends a wait or a question of a person here. */
export function interruptOf(frame: Frame): AbortSignal {
  const { first, second } = frame.run.given.interrupt;
  return frame.isFinally ? second : first;
}

/** The name of the host where an item happens: what a name in scope stands for, else a host of the plan. */
export function hostOf(frame: Frame, place: PlannedPlace): string {
  const value = frame.scope.values.get(place.host);
  return value?.type === "host" ? value.name : place.host;
}

/** The place with its host's name, and with the user and folder of the call around it where it has none of its own. */
export function placeHere(frame: Frame, place: PlannedPlace): PlannedPlace {
  const host = hostOf(frame, place);
  const around = frame.around?.host === host ? frame.around : undefined;
  return { host, as: place.as ?? around?.as, in: place.in ?? around?.in };
}

export type ItemRunner = (items: readonly PlanItem[], frame: Frame) => Promise<ItemResult>;
