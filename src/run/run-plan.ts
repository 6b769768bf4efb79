// The interpreter: from a plan and its hosts to one stream of events. It prints nothing and writes no files.
import { evaluateKnown } from "../plan/evaluate.ts";
import { setMaxListeners } from "node:events";
import type { Plan, PlanStep } from "../plan/plan.ts";
import type { Value } from "../plan/value.ts";
import { textOf } from "../text/source.ts";
import { Recorder, RecordingFailure } from "./events/recorder.ts";
import { embeddedExecutor } from "./executor.ts";
import type { Failure } from "./failure.ts";
import { HostLinks } from "./hosts/host-links.ts";
import type { ItemResult, Run, Surroundings } from "./interpret/frame.ts";
import { plainText } from "./interpret/values.ts";
import { oneAtATime } from "./person.ts";
import type { EventOf, NumberedEvent, OutcomeName } from "./record-table.ts";
import type { RunGiven, RunSummary } from "./run-given.ts";
import { Scope } from "./scope.ts";
import { endStep, outcomeOf, type StepEnd } from "./statements/step-records.ts";

/**
 * Runs a plan. The events come in order as things happen; the summary is what the generator returns. Whoever stops reading
 * ends the run as a second Ctrl-C does. Never throws for what a host, a person or a runbook does.
 */
export async function* runPlan(plan: Plan, given: RunGiven): AsyncGenerator<NumberedEvent, RunSummary> {
  const abandoned = new AbortController();
  const first = AbortSignal.any([given.interrupt.first, abandoned.signal]);
  const second = AbortSignal.any([given.interrupt.second, abandoned.signal]);
  setMaxListeners(0, first, second); // each host side by side listens, and Node would warn from the eleventh on
  const person = given.person === undefined ? undefined : oneAtATime(given.person);
  const inner: RunGiven = { ...given, person, interrupt: { first, second } };
  const recorder = new Recorder({
    clock: given.clock,
    redact: (text) => given.redactor.text(text),
    durable: given.durable,
  });
  const running = carryOut(plan, inner, recorder).finally(() => recorder.close());
  running.catch(() => undefined); // awaited below, when its events were read
  try {
    yield* recorder.events();
    return await running;
  } finally {
    abandoned.abort("the reader went away");
    await running.catch(() => undefined); // a bug was thrown above already
  }
}

async function carryOut(plan: Plan, given: RunGiven, recorder: Recorder): Promise<RunSummary> {
  for (const secret of given.secrets.values()) given.redactor.add(secret);
  const sinceMs = given.clock.monotonicMs();
  const hosts = new HostLinks(plan, given, recorder);
  const run: Run = {
    plan,
    given,
    recorder,
    hosts,
    operator: given.started.operator.name,
    executor: embeddedExecutor(() => run),
    rehearsal: { hasSkipped: false },
  };
  const id = uuidV7(given.clock.now(), given.random());
  const interrupts = recordInterrupts(run);
  recorder.emit(startOf(plan, given, id));
  for (const { name, value, from, secret } of plan.bindings)
    recorder.emit({ type: "bound", name, value, from, ...(secret ? { secret } : {}) });
  const tally = new Tally(run);
  try {
    await runSteps(run, tally);
  } catch (problem) {
    if (!(problem instanceof RecordingFailure)) throw problem;
    tally.breakOff(problem);
  } finally {
    interrupts.stop();
    await hosts.closeAll("the run is over");
  }
  const ended = tally.ended();
  const durationMs = Math.round(given.clock.monotonicMs() - sinceMs);
  recorder.emit({
    type: "run-ended",
    outcome: ended.outcome,
    ...(ended.reason === undefined ? {} : { reason: ended.reason }),
    counts: ended.counts,
    durationMs,
  });
  return { run: id, ...ended, failures: tally.failures, durationMs };
}

/** Steps in their order, then `finally`, whatever happened: only when records can't be kept any more nothing is sent. */
async function runSteps(run: Run, tally: Tally): Promise<void> {
  const { plan, given } = run;
  let values: ReadonlyMap<string, Value> = fileValues(plan, given);
  const chosen = await chooseSteps(run);
  for (const step of plan.steps) {
    const title = titleOf(step, values, run);
    const about = { step: step.number, title, host: undefined, span: step.span };
    if (tally.stopped || given.interrupt.first.aborted) {
      tally.count({ ...about, outcome: "not reached", reason: undefined, sinceMs: undefined });
      if (!tally.stopped) tally.interrupt();
    } else if (!chosen(step, title)) {
      tally.count({ ...about, outcome: "skipped", reason: "It was left out on the command line.", sinceMs: undefined });
      values = withLets(step.items, values, run);
    } else {
      values = await runStep(run, tally, { ...about, items: step.items, values, isFinally: false });
    }
  }
  if (plan.finally.length === 0 || given.interrupt.second.aborted) return;
  await runStep(run, tally, {
    step: undefined,
    title: "finally",
    host: undefined,
    span: undefined,
    items: plan.finally,
    values,
    isFinally: true,
  });
}

/** What a step that is left out names by `let` is known all the same, where it asks no host: a later step may need it. */
function withLets(
  items: PlanStep["items"],
  values: ReadonlyMap<string, Value>,
  { hosts }: Run,
): ReadonlyMap<string, Value> {
  const scope = new Scope(values, hosts.fields);
  for (const item of items) {
    if (item.type !== "let") continue;
    const found = evaluateKnown(item.value, scope);
    if (found.type === "known") scope.bind(item.name, found.value);
  }
  return scope.values;
}

interface StepToRun extends Pick<StepEnd, "step" | "title" | "host" | "span"> {
  readonly items: PlanStep["items"];
  readonly values: ReadonlyMap<string, Value>;
  readonly isFinally: boolean;
}

async function runStep(
  run: Run,
  tally: Tally,
  { items, values, isFinally, ...about }: StepToRun,
): Promise<ReadonlyMap<string, Value>> {
  const sinceMs = run.given.clock.monotonicMs();
  run.recorder.emit({
    type: "step-started",
    title: about.title,
    ...(about.step === undefined ? {} : { step: about.step }),
  });
  const surroundings: Surroundings = {
    step: about.step,
    title: about.title,
    branch: undefined,
    sentence: undefined,
    parent: undefined,
    changesNothing: false,
    logsIn: false,
    deadlineMs: Infinity,
    around: undefined,
    allowed: [],
    isFinally,
    unmet: [],
  };
  const done = await run.executor.carryOut({ items, values, surroundings });
  tally.take(done.result);
  tally.count({ ...about, ...outcomeOf(done.result), sinceMs });
  return done.values;
}

/** What the names of the whole file stand for: inputs, hosts, secrets. */
function fileValues(plan: Plan, given: RunGiven): ReadonlyMap<string, Value> {
  const secrets = plan.secrets.flatMap(({ name }): [string, Value][] => {
    const secret = given.secrets.get(name);
    return secret === undefined ? [] : [[name, { type: "secret", secret }]];
  });
  return new Map([...secrets, ...plan.values]);
}

/** `--from` and `--only`: which steps run. Leaving steps out leaves the runbook, and is recorded so. */
async function chooseSteps(run: Run): Promise<(step: PlanStep, title: string) => boolean> {
  const { from, only } = run.given.options;
  const deviate = async (what: string): Promise<void> => {
    await run.recorder.durable({ type: "deviation", what, who: run.operator, reason: "given on the command line" });
  };
  if (only !== undefined) {
    await deviate(`--only ${only}: no other step is run`);
    return (step, title) => isStep(step, title, only);
  }
  if (from === undefined) return () => true;
  await deviate(`--from ${from}: no earlier step is run`);
  let reached = false;
  return (step, title) => (reached ||= isStep(step, title, from));
}

/** Whether the command line's words name this step: its number or its title. */
export function isStep(step: Pick<PlanStep, "number">, title: string, words: string): boolean {
  return words === String(step.number) || words === title;
}

function titleOf(step: PlanStep, values: ReadonlyMap<string, Value>, run: Run): string {
  if (typeof step.title === "string") return step.title;
  try {
    return plainText(step.title, new Scope(values, run.hosts.fields));
  } catch {
    return textOf(step.title.span); // a name that an earlier, skipped step would have bound
  }
}

function startOf(plan: Plan, given: RunGiven, run: string): EventOf<"run-started"> {
  return {
    type: "run-started",
    format: "ordo transcript 1",
    run,
    title: plan.title,
    ...(plan.program.version === undefined ? {} : { version: plan.program.version }),
    ...(plan.program.owner === undefined ? {} : { owner: plan.program.owner }),
    ...given.started,
    ...(given.options.rehearse ? { rehearsal: true } : {}),
  };
}

/** UUID version 7: milliseconds, then what `random` gave. */
function uuidV7(now: Date, random: string): string {
  const time = now.getTime().toString(16).padStart(12, "0");
  const rest = random.replaceAll(/[^0-9a-f]/gi, "").padEnd(19, "0");
  const variant = ((Number.parseInt(rest[3] ?? "0", 16) & 3) | 8).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${rest.slice(0, 3)}-${variant}${rest.slice(4, 7)}-${rest.slice(7, 19)}`;
}

function recordInterrupts(run: Run): { readonly stop: () => void } {
  const { first, second } = run.given.interrupt;
  const onFirst = (): void => void run.recorder.emit({ type: "interrupted", signal: nameOf(first) });
  const onSecond = (): void => {
    run.recorder.emit({ type: "interrupted", signal: `${nameOf(second)} a second time: everything is closed now` });
    void run.hosts.closeAll("interrupted a second time");
  };
  first.addEventListener("abort", onFirst, { once: true });
  second.addEventListener("abort", onSecond, { once: true });
  return {
    stop: () => {
      first.removeEventListener("abort", onFirst);
      second.removeEventListener("abort", onSecond);
    },
  };
}

function nameOf(signal: AbortSignal): string {
  return typeof signal.reason === "string" ? signal.reason : "SIGINT";
}

/** How the run stands: its failures, and its steps by outcome. */
class Tally {
  readonly failures: Failure[] = [];
  readonly #run: Run;
  readonly #counts: Partial<Record<OutcomeName, number>> = {};
  #outcome: RunSummary["outcome"] = "done";
  #reason: string | undefined;

  constructor(run: Run) {
    this.#run = run;
  }

  /** No further step is begun. */
  get stopped(): boolean {
    return this.#outcome !== "done";
  }

  take(result: ItemResult): void {
    if (result.type === "interrupted") return this.interrupt();
    if (result.type === "ok") return;
    this.failures.push(...result.failures);
    if (this.#outcome === "failed" || this.#outcome === "interrupted") return;
    if (this.#outcome !== "done" && result.type === "stopped") return;
    this.#outcome = this.#run.given.interrupt.second.aborted
      ? "interrupted"
      : result.type === "failed"
        ? "failed"
        : "stopped for a person";
    this.#reason = result.failures[0]?.reason;
  }

  interrupt(): void {
    if (this.#outcome === "done") {
      this.#outcome = "interrupted";
      this.#reason = "The run was interrupted.";
    }
  }

  count(end: StepEnd): void {
    this.#counts[end.outcome] = (this.#counts[end.outcome] ?? 0) + 1;
    endStep(this.#run, end);
  }

  breakOff(problem: RecordingFailure): void {
    this.#outcome = "failed";
    this.#reason = problem.message;
  }

  ended(): Pick<RunSummary, "outcome" | "reason"> & { readonly counts: Readonly<Record<string, number>> } {
    return { outcome: this.#outcome, reason: this.#reason, counts: this.#counts };
  }
}
