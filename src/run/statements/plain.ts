// Statements of one line that reach no shell: let, expect, ask, confirm, by hand, note, attach, wait, fail.
import { basename } from "node:path";
import { rm } from "node:fs/promises";
import { HostFailure } from "../../hosts/connection.ts";
import { valueOf } from "../../plan/as-value.ts";
import { evaluateCondition, evaluateValue } from "../../plan/evaluate.ts";
import type { PlanItem } from "../../plan/plan.ts";
import { textOf } from "../../text/source.ts";
import { sentenceOf } from "../commands/check.ts";
import { readAs } from "../../vocabulary/types.ts";
import {
  contextOf,
  failed,
  hostOf,
  interruptOf,
  isInterrupted,
  quiet,
  type Frame,
  type ItemResult,
} from "../interpret/frame.ts";
import { filesAt, givenAt } from "../interpret/given-at.ts";
import { byHand, confirm, unlessAborted } from "../interpret/people.ts";
import { learnSecrets, milliseconds, MissingValue, plainText } from "../interpret/values.ts";
import { pathOn, temporaryPath } from "../readings/given.ts";
import { shownValue } from "../scope.ts";
import { messageOf } from "../../text/message-of.ts";

type Item<T extends PlanItem["type"]> = PlanItem & { readonly type: T };

export async function runLet(item: Item<"let">, frame: Frame): Promise<ItemResult> {
  const { recorder, given } = frame.run;
  const value = await evaluateValue(item.value, frame.scope, givenAt(frame, item.place).reading);
  if (value.type === "unknown") throw new MissingValue(textOf(item.value.span));
  learnSecrets(value.value, given.redactor);
  frame.scope.bind(item.name, value.value);
  const host = item.value.type === "reading" ? { host: hostOf(frame, item.place) } : {};
  recorder.emit({
    type: "captured",
    name: item.name,
    value: shownValue(value.value),
    ...host,
    ...contextOf(frame, item.span),
  });
  return quiet;
}

export async function runExpect(item: Item<"expect">, frame: Frame): Promise<ItemResult> {
  const decided = await evaluateCondition(item.condition, frame.scope, givenAt(frame, item.place));
  const what = textOf(item.span);
  if (decided.undecided === "missing" && frame.run.given.options.rehearse) throw new MissingValue(what);
  const check = { what, expected: decided.expected, seen: decided.seen, held: decided.holds };
  frame.run.recorder.emit({ type: "check", ...check, ...contextOf(frame, item.span) });
  if (decided.holds) return { type: "ok", outcome: "done", changes: false };
  return failed(frame, item.span, {
    reason: sentenceOf(check),
    checks: [{ ...check, nearest: undefined }],
  });
}

/** A value from `--set`, else from the person at the terminal. */
export async function runAsk(item: Item<"ask">, frame: Frame): Promise<ItemResult> {
  const { given, recorder, operator } = frame.run;
  const { person } = given;
  const words = recorder.redact(plainText(item.question, frame.scope));
  const sinceMs = given.clock.monotonicMs();
  const set = given.options.set.get(item.name);
  const problem = (text: string): string | undefined => {
    const read = readAs(item.of, text);
    return read.ok ? undefined : read.problem;
  };
  const wayOn = `Give it on the command line: --set ${item.name}=VALUE`;
  if (set === undefined && person === undefined) {
    return failed(frame, item.span, {
      outcome: "stopped for a person",
      reason: `"${words}" is to be asked, and there is no terminal to ask at.`,
      wayOn,
    });
  }
  const text =
    set ??
    (await unlessAborted(
      person?.ask({ name: item.name, words, type: item.of, problem }, interruptOf(frame)) ?? Promise.resolve(undefined),
      interruptOf(frame),
    ));
  if (text === undefined && isInterrupted(frame)) return { type: "interrupted" };
  if (text === undefined)
    return failed(frame, item.span, { outcome: "stopped for a person", reason: `"${words}" was not answered.`, wayOn });
  const made = valueOf(item.of, text, item.name);
  if (!made.ok) return failed(frame, item.span, { reason: made.problem, wayOn });
  learnSecrets(made.value, given.redactor);
  const shown = shownValue(made.value);
  await recorder.durable({
    type: "asked",
    name: item.name,
    words,
    value: typeof shown === "string" ? shown : JSON.stringify(shown),
    who: set === undefined ? (person?.who ?? operator) : operator,
    identifiedBy: set === undefined ? (person?.identifiedBy ?? "") : "--set on the command line",
    durationMs: Math.round(given.clock.monotonicMs() - sinceMs),
    ...contextOf(frame, item.span),
  });
  frame.scope.bind(item.name, made.value);
  return quiet;
}

/** `confirm` and `by hand`. A rehearsal asks nobody: nothing of it counts. */
export async function runConfirm(item: Item<"confirm" | "by-hand">, frame: Frame): Promise<ItemResult> {
  if (frame.run.given.options.rehearse) return { type: "ok", outcome: "skipped", changes: false };
  const asked = { words: plainText(item.words, frame.scope), role: item.by, host: undefined, span: item.span };
  const refused = item.type === "confirm" ? await confirm(frame, asked) : await byHand(frame, asked);
  return refused ?? { type: "ok", outcome: "done", changes: false };
}

export function runNote(item: Item<"note">, frame: Frame): ItemResult {
  frame.run.recorder.emit({ type: "note", words: plainText(item.words, frame.scope), ...contextOf(frame, item.span) });
  return quiet;
}

/** A file of the current host, kept as evidence. */
export async function runAttach(item: Item<"attach">, frame: Frame): Promise<ItemResult> {
  const { given, recorder } = frame.run;
  const files = filesAt(frame, item.place);
  const name = plainText(item.file, frame.scope);
  const local = temporaryPath(given.temporaryFolder);
  try {
    const connection = await files.connection();
    await files.inTime(connection.fetch(pathOn(files, name), local));
    const kept = await given.keep(files.name, basename(name.replaceAll("\\", "/")), local).catch((problem: unknown) => {
      throw new HostFailure(
        "file-refused",
        `${name} of ${files.name} can't be attached: ${messageOf(problem)}`,
        "A file that holds a secret, or that can't be stored, is no evidence.",
      );
    });
    recorder.emit({ type: "evidence", ...kept, from: name, host: files.name, ...contextOf(frame, item.span) });
  } finally {
    await rm(local, { force: true });
  }
  return { type: "ok", outcome: "done", changes: false };
}

/** A rehearsal doesn't wait: nothing was changed that would need time. */
export async function runWait(item: Item<"wait">, frame: Frame): Promise<ItemResult> {
  const ms = milliseconds(item.duration, frame.scope);
  if (!frame.run.given.options.rehearse) await frame.run.given.clock.wait(ms, interruptOf(frame));
  return isInterrupted(frame) ? { type: "interrupted" } : quiet;
}

export function runFail(item: Item<"fail">, frame: Frame): ItemResult {
  return failed(frame, item.span, { reason: plainText(item.reason, frame.scope), final: true });
}
