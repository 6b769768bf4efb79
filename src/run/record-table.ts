// The one table of records: what each type of event says. Types, strict reading and grammar/transcript.schema.json come from it.
import { boolean, integer, json, list, map, object, oneOf, optional, text, type ShapedFields } from "./record-shape.ts";

const sourcePlace = object({ file: text, line: integer, column: integer });

/** Fields that any event may carry, where they apply. */
export const commonFields = {
  /** Number of the step, from 1; undefined outside any. */
  step: optional(integer),
  host: optional(text),
  /** The sentence that asked for it. */
  source: optional(sourcePlace),
  /** `n` of the command that this belongs to. */
  command: optional(integer),
} as const;

export const outcomes = [
  "done",
  "already so",
  "failed",
  "skipped",
  "stopped for a person",
  "not reached",
  "unknown",
] as const;
const outcome = oneOf(...outcomes);

export const recordTable = {
  "run-started": {
    format: oneOf("ordo transcript 1"),
    run: text,
    title: text,
    version: optional(text),
    owner: optional(text),
    sources: list(object({ path: text, from: text, sha256: text })),
    ordo: object({ version: text, build: text }),
    runner: object({ machine: text, account: text, system: text, node: text }),
    clock: object({ source: text, synchronised: oneOf("yes", "no", "unknown"), offsetMs: optional(integer) }),
    operator: object({ name: text, identifiedBy: text }),
    /** Whose signature is expected once it is sealed: `--sign KEY` at the end of the run (the key as `SHA256:…`), roles that sign. */
    signers: optional(list(object({ name: text, role: text, key: optional(text) }))),
    commandLine: list(text),
    rehearsal: optional(boolean),
    ticket: optional(text),
    approval: optional(text),
    register: optional(object({ head: text })),
    continues: optional(object({ run: text, head: text })),
  },
  bound: { name: text, value: text, from: text, secret: optional(boolean) },
  connected: {
    address: text,
    port: integer,
    account: text,
    authenticated: text,
    hostKey: optional(text),
    trustedBecause: optional(text),
    serverVersion: optional(text),
    algorithms: optional(map(text)),
    weak: optional(list(text)),
    through: optional(list(text)),
    hostVersion: optional(text),
  },
  disconnected: { reason: text },
  "step-started": { title: text },
  "step-ended": { title: text, outcome, reason: optional(text), durationMs: integer },
  command: {
    sentence: text,
    /** What is sent, as a person reads it; secrets by name. */
    text: text,
    /** What reaches the host, where it differs. */
    wire: optional(text),
    shell: text,
    account: optional(text),
    folder: optional(text),
    changes: boolean,
    destroys: optional(text),
    /** 1 for the first try; higher under `retry`. */
    attempt: integer,
  },
  output: {
    stream: oneOf("out", "err", "screen"),
    text: optional(text),
    base64: optional(text),
    hidden: optional(integer),
    redacted: optional(integer),
  },
  question: { screen: text, declared: boolean },
  answer: { question: text, text: optional(text), secret: optional(text), from: text },
  check: { what: text, expected: text, seen: text, held: boolean, nearest: optional(text) },
  captured: { name: text, value: json },
  result: {
    exit: optional(integer),
    signal: optional(text),
    unknown: optional(boolean),
    outcome,
    reason: optional(text),
    /** What probably made it fail, one sentence each: facts that nothing established, a host's own words. */
    likelyCause: optional(list(text)),
    /** What the operator can do, in one sentence. */
    wayOn: optional(text),
    durationMs: integer,
    bytes: integer,
  },
  confirmed: { words: text, role: optional(text), who: text, identifiedBy: text, durationMs: integer },
  refused: { words: text, role: optional(text), who: text, identifiedBy: text, durationMs: integer },
  "by-hand": { words: text, role: optional(text), who: text, identifiedBy: text, durationMs: integer },
  asked: { name: text, words: text, value: text, who: text, identifiedBy: text, durationMs: integer },
  evidence: { path: text, from: text, bytes: integer, sha256: text },
  deviation: { what: text, who: text, reason: text },
  note: { words: text },
  interrupted: { signal: text },
  "run-ended": {
    outcome: oneOf("done", "failed", "stopped for a person", "interrupted"),
    reason: optional(text),
    counts: map(integer),
    durationMs: integer,
  },
} as const;

export type EventType = keyof typeof recordTable;

/** An event: what happened. A record is an event with its number, time, salt and place in the chain. */
export type EventOf<T extends EventType> = { readonly type: T } & ShapedFields<(typeof recordTable)[T]> &
  ShapedFields<typeof commonFields>;

export type RunEvent = { readonly [T in EventType]: EventOf<T> }[EventType];

export type OutcomeName = (typeof outcomes)[number];

/** An event with its number in the run (1, 2, 3…), the wall clock (UTC, milliseconds) and the monotonic time since the start. */
export type NumberedEvent = { readonly n: number; readonly at: string; readonly ms: number } & RunEvent;
