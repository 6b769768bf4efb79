// A file from one host to another, by way of the runner: with a SHA-256 on either side, and nothing sent where it is there already.
import { basename } from "node:path";
import { rm } from "node:fs/promises";
import { HostFailure, type Connection, type FileFacts } from "../../hosts/connection.ts";
import type { PlanCall } from "../../plan/plan.ts";
import type { Value } from "../../plan/value.ts";
import { textOf } from "../../text/source.ts";
import type { Check } from "../commands/check.ts";
import { recordResult } from "../commands/record-result.ts";
import { recordUnsent } from "../commands/unsent.ts";
import type { HostLink } from "../hosts/host-link.ts";
import {
  contextOf,
  failureAt,
  isInterrupted,
  placeHere,
  sentenceOf,
  type Frame,
  type ItemResult,
} from "../interpret/frame.ts";
import { filesOn } from "../interpret/given-at.ts";
import { inTime } from "../interpret/in-time.ts";
import { plainText } from "../interpret/values.ts";
import { factsOfLocalFile, missingFile, pathOn, temporaryPath, type FilesOf } from "../readings/given.ts";
import { messageOf } from "../../text/message-of.ts";

export interface CoreCall {
  readonly item: PlanCall;
  readonly slots: ReadonlyMap<string, Value>;
  readonly frame: Frame;
  /** Which try it is, from 1. */
  readonly number: number;
}

export interface Copy {
  readonly verb: "fetch" | "send";
  readonly from: End;
  readonly to: End;
  /** Whether the file becomes evidence. */
  readonly keep: boolean;
}

interface End {
  readonly host: string;
  /** As the runbook says it. */
  readonly file: string;
  /** Where the statement stands: `in DIR` holds for this end. */
  readonly isCurrent: boolean;
}

/** What fills a slot of the phrase; empty where nothing does. */
export function textSlot({ slots }: CoreCall, name: string): string {
  const value = slots.get(name);
  return value?.type === "scalar" ? value.text : "";
}

/** Copies, records, and judges. Rejects only with `RecordingFailure` or a bug. */
export async function copyFile(call: CoreCall, copy: Copy): Promise<ItemResult> {
  const { item, frame, number } = call;
  const { run } = frame;
  const changes = !frame.changesNothing;
  const as = copy.to.file === copy.from.file ? "" : ` as ${copy.to.file}`;
  const text =
    copy.verb === "fetch"
      ? `fetch ${copy.from.file} from ${copy.from.host}${as}`
      : `send ${copy.from.file} to ${copy.to.host}${as}`;
  const host = copy.verb === "fetch" ? copy.to.host : copy.from.host;
  const unsent = { span: item.span, host, text, shell: "file", changes, context: contextOf(frame, item.span) };
  if (run.given.options.rehearse && changes)
    return recordUnsent(frame, unsent, { outcome: "skipped", reason: "A rehearsal runs only what changes nothing." });
  let ends: Ends;
  try {
    ends = await connectBoth(frame, item, copy);
  } catch (problem) {
    if (!(problem instanceof HostFailure)) throw problem;
    if (run.given.interrupt.second.aborted) return { type: "interrupted" };
    const failure = failureAt(frame, item.span, { reason: problem.message, host, wayOn: problem.wayOn });
    recordUnsent(frame, unsent, {
      outcome: "failed",
      reason: problem.message,
      wayOn: problem.wayOn,
      likelyCause: failure.likelyCause,
    });
    return {
      type: "failed",
      failures: [failure],
      final: problem.reason === "login-refused" || problem.reason.startsWith("host-key"),
    };
  }
  if (isInterrupted(frame)) return { type: "interrupted" }; // while it was connected
  const remote = ends.from.link.planned.host.here ? ends.to.link : ends.from.link;
  const shell = remote.planned.host.here ? "file" : remote.planned.kind.files;
  const command = await run.recorder.durable({
    type: "command",
    sentence: textOf(sentenceOf(frame, item.span)),
    text,
    shell,
    changes,
    attempt: number,
    host,
    ...contextOf(frame, item.span),
  });
  const told: Told = { call, copy, text, host, n: command.n, changes, sinceMs: run.given.clock.monotonicMs() };
  const local = ends.from.link.planned.host.here ? undefined : temporaryPath(run.given.temporaryFolder);
  try {
    return await inTime(
      frame,
      { links: [ends.from.link, ends.to.link], untilMs: frame.deadlineMs, late },
      during(ends, () => carry(told, ends, local)),
    );
  } catch (problem) {
    if (!(problem instanceof HostFailure)) throw problem;
    const over = { outcome: "failed" as const, reason: problem.message, wayOn: problem.wayOn, checks: [], bytes: 0 };
    if (!run.given.interrupt.second.aborted) return end(told, over);
    end(told, { ...over, outcome: "unknown" });
    return { type: "interrupted" };
  } finally {
    if (local !== undefined) await rm(local, { force: true });
  }
}

const late = { message: "The file was not copied within its time.", wayOn: "If it may take longer: within 30m" };

interface Side {
  readonly link: HostLink;
  readonly connection: Connection;
  readonly files: FilesOf;
  readonly path: string;
}

interface Ends {
  readonly from: Side;
  readonly to: Side;
}

interface Told {
  readonly call: CoreCall;
  readonly copy: Copy;
  readonly text: string;
  readonly host: string;
  readonly n: number;
  readonly changes: boolean;
  readonly sinceMs: number;
}

interface Over {
  readonly outcome: "done" | "already so" | "failed" | "unknown";
  readonly reason?: string;
  readonly wayOn?: string;
  readonly checks: readonly Check[];
  readonly bytes: number;
}

async function connectBoth(frame: Frame, item: PlanCall, copy: Copy): Promise<Ends> {
  const place = placeHere(frame, item.place);
  const folder = place.in === undefined ? undefined : plainText(place.in, frame.scope);
  const side = async (wanted: End): Promise<Side> => {
    const link = frame.run.hosts.link(wanted.host);
    const files = filesOn(frame, link, wanted.isCurrent ? folder : undefined);
    return { link, files, connection: await files.connection(), path: pathOn(files, wanted.file) };
  };
  return { from: await side(copy.from), to: await side(copy.to) };
}

async function carry(told: Told, { from, to }: Ends, temporary: string | undefined): Promise<ItemResult> {
  const { copy } = told;
  let source: FileFacts;
  if (temporary === undefined) source = await factsHere(from, copy.from.file);
  else source = await from.connection.fetch(from.path, temporary);
  const local = temporary ?? from.path;
  if (copy.keep) await keep(told, from, local);
  const before = await statOrNothing(to);
  const what = `SHA-256 of ${copy.to.file} on ${copy.to.host}`;
  if (before?.sha256 === source.sha256) {
    return end(told, {
      outcome: "already so",
      reason: "The same file is there already.",
      checks: [{ what, expected: source.sha256, seen: before.sha256, held: true }],
      bytes: source.sizeBytes,
    });
  }
  if (before !== undefined)
    note(
      told,
      `${copy.to.file} on ${copy.to.host} is replaced; it was ${before.sizeBytes} bytes with the SHA-256 ${before.sha256}.`,
    );
  const arrived = await to.connection.send(local, to.path);
  const check: Check = { what, expected: source.sha256, seen: arrived.sha256, held: arrived.sha256 === source.sha256 };
  if (check.held) return end(told, { outcome: "done", checks: [check], bytes: source.sizeBytes });
  return end(told, {
    outcome: "failed",
    reason: `What lies on ${copy.to.host} is not what was sent.`,
    checks: [check],
    bytes: source.sizeBytes,
  });
}

/** Both connections are in use while the file is on its way. */
function during<T>({ from, to }: Ends, work: () => Promise<T>): Promise<T> {
  return from.link.during(() => to.link.during(work));
}

async function factsHere(from: Side, file: string): Promise<FileFacts> {
  try {
    return await factsOfLocalFile(from.path);
  } catch (problem) {
    if (problem instanceof Error && "code" in problem && problem.code === "ENOENT")
      throw missingFile(from.link.name, file);
    throw new HostFailure(
      "file-refused",
      `${file} on ${from.link.name} can't be read: ${messageOf(problem)}`,
      "Look at its permissions.",
    );
  }
}

/** A host that can't say what it has is written to all the same. */
async function statOrNothing(to: Side): Promise<FileFacts | undefined> {
  try {
    return await to.connection.stat(to.path);
  } catch (problem) {
    if (
      problem instanceof HostFailure &&
      (problem.reason === "unsupported" || problem.reason === "file-missing" || problem.reason === "file-refused")
    )
      return undefined;
    throw problem;
  }
}

/** Evidence that can't be kept (it holds a secret) is no failure of the copy: the records say so. */
async function keep(told: Told, from: Side, local: string): Promise<void> {
  const { frame, item } = told.call;
  const { given, recorder } = frame.run;
  const context = { ...contextOf(frame, item.span), command: told.n, host: from.link.name };
  try {
    const kept = await given.keep(from.link.name, basename(told.copy.from.file.replaceAll("\\", "/")), local);
    recorder.emit({ type: "evidence", ...kept, from: told.copy.from.file, ...context });
  } catch (problem) {
    recorder.emit({
      type: "note",
      words: `${told.copy.from.file} of ${from.link.name} was not kept as evidence: ${messageOf(problem)}`,
      ...context,
    });
  }
}

function note(told: Told, words: string): void {
  const { frame, item } = told.call;
  frame.run.recorder.emit({
    type: "note",
    words,
    host: told.copy.to.host,
    ...contextOf(frame, item.span),
    command: told.n,
  });
}

function end(told: Told, over: Over): ItemResult {
  const { frame, item } = told.call;
  const context = { ...contextOf(frame, item.span), command: told.n, host: told.host };
  for (const check of over.checks) frame.run.recorder.emit({ type: "check", ...check, ...context });
  const failure = recordResult({
    frame,
    span: item.span,
    host: told.host,
    command: told.n,
    sent: told.text,
    context,
    sinceMs: told.sinceMs,
    bytes: over.bytes,
    outcome: over.outcome,
    reason: over.reason,
    wayOn: over.wayOn,
    exit: undefined,
    checks: over.checks,
    lastLines: [],
  });
  if (over.outcome === "done" || over.outcome === "already so")
    return { type: "ok", outcome: over.outcome, changes: told.changes };
  return { type: "failed", failures: failure === undefined ? [] : [failure], final: false };
}
