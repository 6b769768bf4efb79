// Transcripts made for tests: a small run on two hosts, written by the real writer.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { transcriptText } from "../../src/report/text.ts";
import type { EventOf, EventType, NumberedEvent } from "../../src/run/record-table.ts";
import { openTranscript, type TranscriptWriter } from "../../src/transcript/writer.ts";

export const now = Date.parse("2026-11-25T14:03:22.000Z");

const folders: string[] = [];

/** A new empty folder in the system's place for such. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "ordo-transcript-test-"));
  folders.push(folder);
  return folder;
}

/** For `afterAll`: removes all folders that were asked for. */
export function removeTemporaryFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

export async function openSample(parent = temporaryFolder()): Promise<TranscriptWriter> {
  return openTranscript({
    place: { parent, slug: "exchange certificates" },
    sources: [
      { path: "/home/anna/exchange.runbook", bytes: Buffer.from('step "Look"\r\n  run hostname\n') },
      { path: "hosts.runbook", bytes: Buffer.from([0xff, 0x00, 0x41]) },
    ],
    now,
    readable: transcriptText,
  });
}

/** Numbers events and gives each the time of its number. */
export class Numbering {
  #n = 0;
  next<T extends EventType>(event: EventOf<T>): NumberedEvent {
    this.#n++;
    // A numbered event is an event with these three fields; the compiler can't follow the union through T.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as said
    return {
      n: this.#n,
      at: new Date(now + this.#n * 7).toISOString(),
      ms: this.#n * 7,
      ...event,
    } as unknown as NumberedEvent;
  }
}

export function started(writer: TranscriptWriter, more: Partial<EventOf<"run-started">> = {}): EventOf<"run-started"> {
  return {
    type: "run-started",
    format: "ordo transcript 1",
    run: "019aba3c-0000-7000-8000-000000000001",
    title: "Exchange certificates",
    version: "2",
    owner: "crypto",
    sources: writer.sources,
    ordo: { version: "0.1.0", build: "abc" },
    runner: { machine: "jump1", account: "anna", system: "Linux 6.1", node: "20.20.2" },
    clock: { source: "system", synchronised: "unknown" },
    operator: { name: "anna", identifiedBy: "the account" },
    commandLine: ["ordo", "run", "exchange.runbook"],
    ...more,
  };
}

/** Everything of a small run but its first and last record. */
export function* middle(numbering: Numbering): Generator<NumberedEvent> {
  yield numbering.next({ type: "bound", name: "partition", value: "ade_partition", from: "--set" });
  yield numbering.next({ type: "step-started", step: 1, title: "Look" });
  yield numbering.next({
    type: "connected",
    step: 1,
    host: "luna",
    address: "127.0.0.1",
    port: 22,
    account: "admin",
    authenticated: "password",
    hostKey: "SHA256:abc",
    trustedBecause: "pinned in the inventory",
    weak: ["ssh-rsa"],
  });
  const source = { file: "exchange.runbook", line: 2, column: 3 };
  const a = numbering.next({
    type: "command",
    step: 1,
    host: "luna",
    source,
    sentence: "run hostname",
    text: "hostname",
    shell: "lunash",
    changes: false,
    attempt: 1,
  });
  yield a;
  const b = numbering.next({
    type: "command",
    step: 1,
    host: "web1",
    source,
    sentence: "run hostname",
    text: "hostname",
    wire: "exec hostname",
    shell: "sh",
    changes: true,
    attempt: 2,
    destroys: "nothing",
  });
  yield b;
  yield numbering.next({
    type: "output",
    step: 1,
    host: "luna",
    command: a.n,
    stream: "screen",
    text: "\u001b[2Kluna \u009b\u202e\u2028ü 😀\r\nhalf",
  });
  yield numbering.next({ type: "output", step: 1, host: "web1", command: b.n, stream: "out", text: "web1\n" });
  yield numbering.next({ type: "output", step: 1, host: "web1", command: b.n, stream: "err", base64: "/wA=" });
  yield numbering.next({
    type: "question",
    step: 1,
    host: "luna",
    command: a.n,
    screen: "Proceed?\n> ",
    declared: true,
  });
  yield numbering.next({
    type: "answer",
    step: 1,
    host: "luna",
    command: a.n,
    question: "Proceed?",
    secret: "password",
    from: "the runbook",
  });
  yield numbering.next({
    type: "output",
    step: 1,
    host: "luna",
    command: a.n,
    stream: "screen",
    text: " a line\r\n",
    redacted: 1,
  });
  yield numbering.next({
    type: "check",
    step: 1,
    host: "luna",
    command: a.n,
    what: "exit status",
    expected: "0",
    seen: "0",
    held: true,
  });
  yield numbering.next({
    type: "captured",
    step: 1,
    host: "luna",
    command: a.n,
    name: "facts",
    value: { list: [1, "b", null, true], __proto__x: { "1": 2 } },
  });
  yield numbering.next({
    type: "result",
    step: 1,
    host: "luna",
    command: a.n,
    exit: 0,
    outcome: "done",
    durationMs: 12,
    bytes: 40,
  });
  yield numbering.next({
    type: "result",
    step: 1,
    host: "web1",
    command: b.n,
    unknown: true,
    outcome: "unknown",
    reason: "reset",
    durationMs: 12,
    bytes: 4,
  });
  yield numbering.next({
    type: "confirmed",
    step: 1,
    words: "It looks right",
    role: "witness",
    who: "berta",
    identifiedBy: "the terminal",
    durationMs: 3000,
  });
  yield numbering.next({ type: "disconnected", step: 1, host: "luna", reason: "the step is over" });
}

export function lastTwo(numbering: Numbering): NumberedEvent[] {
  return [
    numbering.next({ type: "step-ended", step: 1, title: "Look", outcome: "done", durationMs: 100 }),
    numbering.next({ type: "run-ended", outcome: "done", counts: { done: 1 }, durationMs: 120 }),
  ];
}

/** A whole sealed transcript with one file of evidence; gives its folder. */
export async function sealedSample(
  options: { readonly parent?: string; readonly started?: Partial<EventOf<"run-started">> } = {},
): Promise<string> {
  const parent = options.parent ?? temporaryFolder();
  const writer = await openSample(parent);
  const numbering = new Numbering();
  writer.write(numbering.next(started(writer, options.started)));
  for (const event of middle(numbering)) writer.write(event);
  const original = join(temporaryFolder(), "server.pem");
  writeFileSync(original, "-----BEGIN CERTIFICATE-----\n");
  const kept = await writer.keep("luna", "ser ver.pem", original);
  writer.write(numbering.next({ type: "evidence", step: 1, host: "luna", from: "luna:server.pem", ...kept }));
  for (const event of lastTwo(numbering)) writer.write(event);
  await writer.end();
  return writer.folder;
}
