// What a failure screen needs, as data. The interpreter gives it, and the same can be made again from the records.
import type { Place, Span } from "../text/source.ts";
import type { NumberedEvent } from "./record-table.ts";

export interface FailedCheck {
  readonly what: string;
  readonly expected: string;
  readonly seen: string;
  readonly nearest: string | undefined;
}

export interface Failure {
  readonly outcome: "failed" | "unknown" | "stopped for a person" | "interrupted";
  /** The sentence of the runbook that asked for it, and where it stands. */
  readonly sentence: string;
  readonly place: Place | undefined;
  /** Known in the process that ran it; undefined when made from records. */
  readonly span: Span | undefined;
  readonly step: number | undefined;
  readonly host: string | undefined;
  /** The `n` of the command's record, and what was sent. */
  readonly command: number | undefined;
  readonly sent: string | undefined;
  /** At most `lastLinesKept`, the newest last. */
  readonly lastLines: readonly string[];
  /** The checks that did not hold. */
  readonly checks: readonly FailedCheck[];
  readonly reason: string;
  readonly likelyCause: readonly string[];
  readonly wayOn: string | undefined;
}

export const lastLinesKept = 12;

/** The last lines of a text, without blank ones at its ends. */
export function lastLinesOf(text: string): readonly string[] {
  const lines = text.replace(/\s+$/, "").split(/\r?\n/);
  return lines.slice(-lastLinesKept).map((line) => line.trimEnd());
}

/** How the note begins that lets the run go on after a failure (`may fail`). */
export const goesOn = "The run goes on after this failure";

/**
 * The failures of a run, from its records alone: each failed statement of the runbook with the checks and the output of the
 * command that failed in it, and each step that failed without a command. What a later try made good, and what may fail,
 * is not among them.
 */
export function failuresOf(events: Iterable<NumberedEvent>): readonly Failure[] {
  const commands = new Map<number, Told>();
  let failures: { readonly statement: number | undefined; readonly failure: Failure }[] = [];
  let lastCheck: (NumberedEvent & { readonly type: "check" }) | undefined;
  for (const event of events) {
    const told = event.command === undefined ? undefined : commands.get(event.command);
    if (event.type === "command") {
      commands.set(event.n, { event, output: "", checks: [], children: [] });
      told?.children.push(event.n);
      if (event.attempt > 1) failures = failures.filter(({ failure }) => !isSameStatement(failure, event));
    } else if (event.type === "output" && told !== undefined) {
      told.output = (told.output + (event.text ?? "")).slice(-longestKept);
    } else if (event.type === "check" && !event.held) {
      lastCheck = event;
      told?.checks.push(event);
    } else if (
      event.type === "result" &&
      told !== undefined &&
      told.event.command === undefined &&
      isFailure(event.outcome)
    ) {
      failures.push({ statement: told.event.n, failure: ofCommand(event, event.outcome, told, commands) });
    } else if (event.type === "note" && event.words.startsWith(goesOn)) {
      failures = failures.filter(
        ({ statement, failure }) => statement !== event.command && failure.command !== event.command,
      );
    } else if (
      event.type === "step-ended" &&
      isFailure(event.outcome) &&
      !failures.some(({ failure }) => isOfStep(failure, event))
    ) {
      failures.push({ statement: undefined, failure: ofStep(event, event.outcome, lastCheck) });
    }
  }
  return failures.map(({ failure }) => failure);
}

const longestKept = 20_000;

interface Told {
  readonly event: NumberedEvent & { readonly type: "command" };
  output: string;
  readonly checks: (NumberedEvent & { readonly type: "check" })[];
  readonly children: number[];
}

function ofCommand(
  result: NumberedEvent & { readonly type: "result" },
  outcome: Failure["outcome"],
  told: Told,
  commands: ReadonlyMap<number, Told>,
): Failure {
  const last = lastIn(told, commands);
  return {
    outcome,
    sentence: told.event.sentence,
    place: told.event.source,
    span: undefined,
    step: told.event.step,
    host: told.event.host,
    command: last.event.n,
    sent: last.event.text,
    lastLines: last.output.trim() === "" ? [] : lastLinesOf(withoutEscapes(last.output)),
    checks: [...last.checks, ...(last === told ? [] : told.checks)].map(checkOf),
    reason: result.reason ?? "It failed.",
    likelyCause: result.likelyCause ?? [],
    wayOn: result.wayOn,
  };
}

/** A statement that sent nothing, such as `expect` or `fail`: the check that did not hold says where it stands. */
function ofStep(
  ended: NumberedEvent & { readonly type: "step-ended" },
  outcome: Failure["outcome"],
  check: (NumberedEvent & { readonly type: "check" }) | undefined,
): Failure {
  const own = check?.command === undefined && check?.step === ended.step ? check : undefined;
  return {
    outcome,
    sentence: own?.what ?? ended.title,
    place: own?.source ?? ended.source,
    span: undefined,
    step: ended.step,
    host: ended.host,
    command: undefined,
    sent: undefined,
    lastLines: [],
    checks: own === undefined ? [] : [checkOf(own)],
    reason: ended.reason ?? "It failed.",
    likelyCause: [],
    wayOn: undefined,
  };
}

function checkOf({ what, expected, seen, nearest }: NumberedEvent & { readonly type: "check" }): FailedCheck {
  return { what, expected, seen, nearest };
}

/** The command inside a phrase that has the last word on it. */
function lastIn(told: Told, commands: ReadonlyMap<number, Told>): Told {
  const last = told.children.at(-1);
  const child = last === undefined ? undefined : commands.get(last);
  return child === undefined ? told : lastIn(child, commands);
}

function isOfStep(failure: Failure, ended: NumberedEvent): boolean {
  return failure.step === ended.step && (ended.host === undefined || failure.host === ended.host);
}

function isSameStatement(failure: Failure, event: NumberedEvent & { readonly type: "command" }): boolean {
  const { place } = failure;
  return (
    failure.step === event.step &&
    failure.host === event.host &&
    place?.file === event.source?.file &&
    place?.line === event.source?.line &&
    place?.column === event.source?.column
  );
}

function isFailure(outcome: string): outcome is Failure["outcome"] {
  return outcome === "failed" || outcome === "unknown" || outcome === "stopped for a person";
}

/** Terminal output as lines, roughly: enough for a screen made from records, where nothing renders it. */
function withoutEscapes(text: string): string {
  // oxlint-disable-next-line no-control-regex -- escape sequences are what this takes away
  return text.replaceAll(/\u001b\[[0-9;?]*[ -/]*[@-~]|\u001b\][^\u0007]*\u0007|\r(?=\n)/g, "");
}
