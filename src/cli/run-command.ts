import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { personNeeds, type PersonNeed } from "../plan/needs-person.ts";
import type { Plan } from "../plan/plan.ts";
import { transcriptText } from "../report/text.ts";
import { machineClock } from "../run/clock.ts";
import type { RunSummary } from "../run/run-given.ts";
import type { NumberedEvent } from "../run/record-table.ts";
import { runPlan } from "../run/run-plan.ts";
import { Redactor } from "../secrets/redactor.ts";
import type { Secret } from "../secrets/secret.ts";
import { openTranscript, type TranscriptWriter } from "../transcript/writer.ts";
import { chosenSteps, unknownSteps } from "./chosen-step.ts";
import { connectOptions } from "./connect-options.ts";
import { exitStatus } from "./exit-status.ts";
import { failureScreen } from "./failure-screen.ts";
import { takeInterrupts, type Interrupts } from "./interrupts.ts";
import { loadPlan } from "./load-program.ts";
import type { Output } from "./output.ts";
import { makePerson, operatorName, type TerminalPerson } from "./person.ts";
import { readSecrets } from "./read-secrets.ts";
import { describeRun } from "./run-started.ts";
import { makeLineView, makeLiveView, shortDuration, type RunView } from "./run-view.ts";
import { signRun } from "./sign-run.ts";
import { shellWord, shortPath } from "./shell-word.ts";
import { wayOn } from "./way-on.ts";
import { messageOf } from "../text/message-of.ts";

export interface RunCommandOptions {
  readonly set?: ReadonlyMap<string, string>;
  readonly hosts?: string;
  readonly rehearse?: true;
  readonly from?: string;
  readonly only?: string;
  readonly yes?: true;
  readonly allowDestroy?: readonly string[];
  readonly transcript?: string;
  readonly sign?: string;
  readonly operator?: string;
  readonly atMost?: number;
  readonly json?: true;
}

/** `ordo run FILE`: checks, plans, runs, and leaves a sealed transcript, whatever happened. */
export async function runCommand(file: string, options: RunCommandOptions, output: Output): Promise<number> {
  if (options.sign !== undefined && !existsSync(options.sign)) {
    output.err(
      `The key ${options.sign} is not there: name a private key's file, or the public key's file of one that the agent holds.`,
    );
    return exitStatus.usage;
  }
  // Asked for now: where the folder is gone, this says so before anything runs.
  const startFolder = process.cwd();
  const view = options.json
    ? silentView
    : output.live && process.stdout.isTTY
      ? makeLiveView(output)
      : makeLineView(output);
  const interrupts = takeInterrupts((sentence) => {
    view.clear();
    output.err(sentence);
  });
  try {
    const person = options.json
      ? undefined
      : await makePerson(options.operator, { before: view.clear, interrupted: () => interrupts.interrupt("SIGINT") });
    const plan = await loadPlan(file, options, output, person?.askInput);
    if (typeof plan === "number") return interrupts.first.aborted ? exitStatus.interrupted : plan;
    const unknown = unknownSteps(plan, options);
    if (unknown.length > 0) {
      for (const line of unknown) output.err(line);
      return exitStatus.usage;
    }
    const uncovered =
      person === undefined
        ? personNeeds(plan, chosenSteps(plan, options)).filter((need) => !isCovered(need, options))
        : [];
    if (uncovered.length > 0) return refuseWithoutPerson(uncovered, output);
    const secrets = await readSecrets(plan, person?.askSecret);
    if (interrupts.first.aborted) {
      output.err("It was interrupted before the first command; nothing was run.");
      return exitStatus.interrupted;
    }
    if ("problems" in secrets) {
      for (const problem of secrets.problems) output.err(problem);
      return exitStatus.notSo;
    }
    for (const warning of secrets.warnings) output.err(warning);
    return await runIt({
      file,
      plan,
      person,
      secrets: secrets.secrets,
      options,
      view,
      interrupts,
      output,
      startFolder,
    });
  } finally {
    view.clear();
    interrupts.release();
  }
}

interface Running {
  readonly file: string;
  readonly plan: Plan;
  readonly person: TerminalPerson | undefined;
  readonly secrets: ReadonlyMap<string, Secret>;
  readonly options: RunCommandOptions;
  readonly view: RunView;
  readonly interrupts: Interrupts;
  readonly output: Output;
  readonly startFolder: string;
}

async function runIt(running: Running): Promise<number> {
  const { file, plan, options, output } = running;
  const redactor = new Redactor(running.secrets.values());
  let writer: TranscriptWriter;
  try {
    writer = await openTranscript({
      place:
        options.transcript === undefined
          ? { parent: "transcripts", slug: slugOf(file) }
          : { directory: options.transcript },
      sources: plan.program.sources.map(({ path, text, bytes }) => ({ path, bytes: bytes ?? Buffer.from(text) })),
      now: Date.now(),
      readable: transcriptText,
      redactor,
    });
  } catch (problem) {
    output.err(`${messageOf(problem)}\nNothing was run. Name another place with --transcript DIRECTORY.`);
    return exitStatus.notSo;
  }
  const temporaryFolder = mkdtempSync(join(tmpdir(), "ordo-"));
  try {
    const summary = await follow(running, writer, redactor, temporaryFolder);
    return await finish(running, writer, summary);
  } finally {
    rmSync(temporaryFolder, { recursive: true, force: true });
  }
}

/** Pulls the run's events: each goes into the transcript, then to whoever watches. */
async function follow(
  { plan, person, secrets, options, view, interrupts, output, startFolder }: Running,
  writer: TranscriptWriter,
  redactor: Redactor,
  temporaryFolder: string,
): Promise<RunSummary> {
  const operator = operatorName(options.operator);
  const events = runPlan(plan, {
    connect: (await import("../hosts/connect.ts")).connect,
    connectOptions: connectOptions(),
    random: () => randomBytes(16).toString("hex"),
    secrets,
    redactor,
    clock: machineClock,
    durable: (event) => writer.durable(event.n),
    keep: (host, name, path) => writer.keep(host, name, path),
    person,
    started: describeRun({ sources: writer.sources, operator, redactor, signs: options.sign !== undefined }),
    options: {
      rehearse: options.rehearse === true,
      yes: options.yes === true,
      allowDestroy: options.allowDestroy ?? [],
      set: options.set ?? new Map(),
      from: options.from,
      only: options.only,
      atMost: options.atMost,
    },
    interrupt: { first: interrupts.first, second: interrupts.second },
    temporaryFolder,
    startFolder,
  });
  for (;;) {
    const next = await events.next();
    if (next.done) return next.value;
    for (const event of next.value.type === "run-ended" ? await withFoundSecrets(next.value, writer) : [next.value]) {
      writer.write(event);
      if (options.json) output.out(JSON.stringify(event));
      view.show(event);
    }
  }
}

/** The last search before the seal: a record that holds a secret all the same is withheld, and a note before the end says which. */
async function withFoundSecrets(ended: NumberedEvent, writer: TranscriptWriter): Promise<NumberedEvent[]> {
  // A transcript that can't be written is said at its end.
  const found = writer.failure === undefined ? await writer.withholdSecrets().catch(() => []) : [];
  const notes = found.map(({ record, secret, form, withheld }, index): NumberedEvent => ({
    n: ended.n + index,
    at: ended.at,
    ms: ended.ms,
    type: "note",
    words: `The secret ${secret} was found in record ${record} (${form}); the record is ${withheld ? "withheld" : "the first, which can't be withheld"}.`,
  }));
  return [...notes, { ...ended, n: ended.n + notes.length }];
}

async function finish(
  { options, output, view, interrupts, file, plan }: Running,
  writer: TranscriptWriter,
  summary: RunSummary,
): Promise<number> {
  view.clear();
  for (const failure of summary.failures)
    for (const line of failureScreen(failure, output.paint, output.columns)) output.err(line);
  const folder = shortPath(writer.folder);
  let status = statusOf(summary);
  try {
    const { head } = await writer.end();
    const signed =
      options.sign === undefined
        ? undefined
        : await signRun(writer.folder, options.sign, operatorName(options.operator).name);
    if (!options.json) {
      output.err("");
      output.out(summaryLine(summary, output));
      output.out(
        `transcript ${folder}  head ${head.slice(0, 16)}${signed !== undefined && "path" in signed ? `  signed ${signed.fingerprint}` : ""}`,
      );
    }
    if (signed !== undefined && "failure" in signed) {
      output.err(`The transcript is sealed and not signed: ${signed.failure}`);
      status = status === exitStatus.ok ? exitStatus.notSo : status;
    }
    if (!options.json) {
      const step = summary.failures.find((failure) => failure.step !== undefined)?.step;
      if (step !== undefined)
        output.err(output.paint.dim(`go on, once it is mended:  ${wayOn(file, options, plan, step)}`));
      output.err(output.paint.dim(`ordo verify ${shellWord(folder)}`));
    }
  } catch (problem) {
    output.err(
      `${messageOf(problem)}\nThe transcript ${folder} is not sealed; "ordo verify ${shellWord(folder)}" says how far it is whole.`,
    );
    status = status === exitStatus.ok ? exitStatus.notSo : status;
  }
  if (status === exitStatus.notSo && summary.failures.length === 0 && summary.reason !== undefined)
    output.err(summary.reason);
  if (interrupts.first.aborted)
    output.err(`It was interrupted: ${file} can be run again; what is already so stays as it is.`);
  return status;
}

function statusOf(summary: RunSummary): number {
  switch (summary.outcome) {
    case "done":
      return exitStatus.ok;
    case "failed":
      return exitStatus.notSo;
    case "stopped for a person":
      return exitStatus.person;
    case "interrupted":
      return exitStatus.interrupted;
  }
}

function summaryLine(summary: RunSummary, output: Output): string {
  const counts = Object.entries(summary.counts)
    .filter(([, count]) => count > 0)
    .map(([outcome, count]) => `${count} ${outcome}`)
    .join(", ");
  const colour = summary.outcome === "done" ? output.outPaint.good : output.outPaint.error;
  return `${colour(summary.outcome)}  ${counts === "" ? "no step" : counts} in ${shortDuration(summary.durationMs)}`;
}

function isCovered(need: PersonNeed, options: RunCommandOptions): boolean {
  switch (need.type) {
    case "confirm":
      return options.yes === true || options.rehearse === true; // a rehearsal asks nobody
    case "ask":
      return options.set?.has(need.name) === true;
    case "destroys":
      return options.rehearse === true || options.allowDestroy?.some((text) => need.covers(text)) === true;
    case "by-hand":
      return options.rehearse === true;
  }
}

function refuseWithoutPerson(needs: readonly PersonNeed[], output: Output): number {
  output.err("This run may need a person, and there is no terminal; nothing was run.");
  for (const need of needs) output.err(`  ${need.sentence}`);
  return exitStatus.person;
}

/** With `--json` the events are the output. */
const silentView: RunView = { show: () => {}, clear: () => {} };

function slugOf(file: string): string {
  return basename(file).replace(/\.runbook(\.md)?$/, "");
}
