// The run's one stream of events: numbered, timed and redacted here and nowhere else.
import type { Clock } from "../clock.ts";
import type { NumberedEvent, RunEvent } from "../record-table.ts";
import { redactEvent } from "./redact-event.ts";
import { messageOf } from "../../text/message-of.ts";

/** Replaces every known secret in a text. */
export type Redact = (text: string) => string;

export interface RecorderParts {
  readonly clock: Clock;
  readonly redact: Redact;
  /** Resolves when the event is where a crash can't take it. */
  readonly durable: (event: NumberedEvent) => Promise<void>;
}

/** A record could not be kept: from here on nothing is sent to any host. The message says which record was the last safe one. */
export class RecordingFailure extends Error {
  constructor(message: string) {
    super(message);
    this.name = "RecordingFailure";
  }
}

/** How much of one host may wait to be written before it isn't read any more. */
const waitingLimitBytes = 4 * 1024 * 1024;

/** What writes a host's waiting output; called before any other event of that host. */
export type FlushOutput = () => void;

/** Takes events from the interpreter and gives them to the one reader, in order. */
export class Recorder {
  readonly #parts: RecorderParts;
  readonly #startedMs: number;
  readonly #queue: NumberedEvent[] = [];
  readonly #flushers = new Map<string, Set<FlushOutput>>();
  readonly #waiting = new Map<string, { bytes: number; readonly released: (() => void)[] }>();
  #n = 0;
  #wake: (() => void) | undefined;
  #closed = false;
  #broken: RecordingFailure | undefined;

  constructor(parts: RecorderParts) {
    this.#parts = parts;
    this.#startedMs = parts.clock.monotonicMs();
  }

  /** Milliseconds since the start, and the wall clock: for an event whose time is earlier than its place in the order. */
  time(): { readonly at: string; readonly ms: number } {
    return {
      at: this.#parts.clock.now().toISOString(),
      ms: Math.max(0, Math.round(this.#parts.clock.monotonicMs() - this.#startedMs)),
    };
  }

  /** Every text that is shown or kept passes here. */
  redact(text: string): string {
    return this.#parts.redact(text);
  }

  /** Puts the event into the stream. What waits of its host's output goes before it. */
  emit(event: RunEvent, time?: { readonly at: string; readonly ms: number }): NumberedEvent {
    if (event.host !== undefined && event.type !== "output") this.flush(event.host);
    const { at, ms } = time ?? this.time();
    this.#n += 1;
    const numbered = { n: this.#n, at, ms, ...redactEvent(event, this.#parts.redact) } as NumberedEvent; // a spread of a union loses its variant
    if (event.type === "output" && event.host !== undefined) this.#wait(event.host, sizeOf(event));
    if (!this.#closed) this.#queue.push(numbered); // nothing comes after the last record
    this.#wake?.();
    return numbered;
  }

  /** Emits an intent and resolves when it is safe. Rejects with `RecordingFailure` then and ever after when it can't be. */
  async durable(event: RunEvent): Promise<NumberedEvent> {
    if (this.#broken !== undefined) throw this.#broken;
    const numbered = this.emit(event);
    try {
      await this.#parts.durable(numbered);
    } catch (problem) {
      this.#broken ??= new RecordingFailure(
        `Record ${numbered.n} could not be written: ${messageOf(problem)} Nothing more was sent to any host.`,
      );
      throw this.#broken;
    }
    // Another host's record may have failed meanwhile: after that nothing is sent here either.
    if (this.#isBroken()) throw this.#isBroken();
    return numbered;
  }

  /** Registers what writes a host's waiting output; returns what takes it away again. */
  onFlush(host: string, flush: FlushOutput): () => void {
    const flushers = this.#flushers.get(host) ?? new Set();
    this.#flushers.set(host, flushers);
    flushers.add(flush);
    return () => flushers.delete(flush);
  }

  flush(host: string): void {
    for (const flush of this.#flushers.get(host) ?? []) flush();
  }

  /** A promise while too much of this host waits for the reader; undefined: go on. */
  roomFor(host: string): Promise<void> | undefined {
    const waiting = this.#waiting.get(host);
    if (waiting === undefined || waiting.bytes < waitingLimitBytes) return undefined;
    return new Promise((resolve) => waiting.released.push(resolve));
  }

  /** No event comes any more. */
  close(): void {
    this.#closed = true;
    this.#wake?.();
  }

  /** The stream, for one reader. */
  async *events(): AsyncGenerator<NumberedEvent, void> {
    let at = 0;
    for (;;) {
      while (at < this.#queue.length) {
        const event = this.#queue[at++];
        if (event === undefined) continue;
        yield event;
        if (event.type === "output" && event.host !== undefined) this.#written(event.host, sizeOf(event));
      }
      this.#queue.length = 0;
      at = 0;
      if (this.#closed) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
  }

  #isBroken(): RecordingFailure | undefined {
    return this.#broken;
  }

  #wait(host: string, bytes: number): void {
    const waiting = this.#waiting.get(host) ?? { bytes: 0, released: [] };
    waiting.bytes += bytes;
    this.#waiting.set(host, waiting);
  }

  #written(host: string, bytes: number): void {
    const waiting = this.#waiting.get(host);
    if (waiting === undefined) return;
    waiting.bytes -= bytes;
    if (waiting.bytes < waitingLimitBytes / 2) for (const release of waiting.released.splice(0)) release();
  }
}

function sizeOf(event: { readonly text?: string; readonly base64?: string }): number {
  return (event.text?.length ?? 0) + (event.base64?.length ?? 0);
}
