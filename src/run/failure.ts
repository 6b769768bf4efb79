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

/**
 * The failures of a run, from its records alone: each failed statement of the runbook with the checks and the output of the
 * command that failed in it, and each step that failed without a command.
 */
export function failuresOf(events: Iterable<NumberedEvent>): readonly Failure[] {
  const commands = new Map<number, Told>();
  const failures: Failure[] = [];
  const failedSteps = new Set<string>();
  for (const event of events) {
    if (event.type === "command") {
      commands.set(event.n, { event, output: "", checks: [], children: [] });
      if (event.command !== undefined) commands.get(event.command)?.children.push(event.n);
    }
    const told = event.command === undefined ? undefined : commands.get(event.command);
    if (event.type === "output" && told !== undefined) told.output = (told.output + (event.text ?? "")).slice(-20_000);
    if (event.type === "check" && told !== undefined && !event.held) told.checks.push(event);
    if (event.type === "result" && told !== undefined && told.event.command === undefined && isFailure(event.outcome)) {
      const last = lastFailing(told, commands);
      failures.push({
        outcome: event.outcome,
        sentence: told.event.sentence,
        place: told.event.source,
        span: undefined,
        step: told.event.step,
        host: told.event.host,
        command: last.event.n,
        sent: last.event.text,
        lastLines: last.output === "" ? [] : lastLinesOf(withoutEscapes(last.output)),
        checks: [...last.checks, ...(last === told ? [] : told.checks)].map((check) => ({
          ...check,
          nearest: check.nearest,
        })),
        reason: event.reason ?? "It failed.",
        likelyCause: event.likelyCause ?? [],
        wayOn: event.wayOn,
      });
      failedSteps.add(stepKey(event));
    }
    if (
      event.type === "step-ended" &&
      isFailure(event.outcome) &&
      !failedSteps.has(stepKey(event)) &&
      !failedSteps.has(`${event.step ?? ""}`)
    ) {
      failures.push({
        outcome: event.outcome,
        sentence: event.title,
        place: event.source,
        span: undefined,
        step: event.step,
        host: event.host,
        command: undefined,
        sent: undefined,
        lastLines: [],
        checks: [],
        reason: event.reason ?? "It failed.",
        likelyCause: [],
        wayOn: undefined,
      });
    }
    if (event.type === "step-ended" && isFailure(event.outcome)) failedSteps.add(`${event.step ?? ""}`);
  }
  return failures;
}

interface Told {
  readonly event: NumberedEvent & { readonly type: "command" };
  output: string;
  readonly checks: (NumberedEvent & { readonly type: "check" })[];
  readonly children: number[];
}

/** The command inside a phrase that has the last word on it. */
function lastFailing(told: Told, commands: ReadonlyMap<number, Told>): Told {
  const last = told.children.at(-1);
  const child = last === undefined ? undefined : commands.get(last);
  return child === undefined ? told : lastFailing(child, commands);
}

function isFailure(outcome: string): outcome is Failure["outcome"] {
  return outcome === "failed" || outcome === "unknown" || outcome === "stopped for a person";
}

function stepKey(event: NumberedEvent): string {
  return `${event.step ?? ""} ${event.host ?? ""}`;
}

/** Terminal output as lines, roughly: enough for a screen made from records, where nothing renders it. */
function withoutEscapes(text: string): string {
  // oxlint-disable-next-line no-control-regex -- escape sequences are what this takes away
  return text.replaceAll(/\u001b\[[0-9;?]*[ -/]*[@-~]|\u001b\][^\u0007]*\u0007|\r(?=\n)/g, "");
}
