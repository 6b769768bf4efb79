// A host's output as records: pieces within 50 ms are joined, characters and secrets that are cut in two wait for their rest.
import type { Clock } from "../clock.ts";
import type { RunEvent } from "../record-table.ts";
import type { Redactor } from "../../secrets/redactor.ts";
import type { Redacted, RedactedStream } from "../../secrets/redacted-stream.ts";
import { cutLength } from "../../text/cut-character.ts";
import type { Recorder } from "./recorder.ts";

export interface OutputParts {
  readonly recorder: Recorder;
  readonly clock: Clock;
  readonly redactor: Redactor;
  readonly host: string;
  /** What the records of this output belong to. */
  readonly context: Pick<RunEvent, "step" | "source" | "command">;
  /** `hide output`: lengths alone are recorded. */
  readonly hidden: boolean;
  /** Keep everything until the end: a name captured from it will be a secret. */
  readonly held: boolean;
}

export interface Output {
  /** Takes bytes as they came; a promise asks the host to wait. */
  take(chunk: { readonly stream: "out" | "err" | "screen"; readonly bytes: Uint8Array }): Promise<void> | undefined;
  /** Records what waits. */
  flush(): void;
  /** The end of the output: cut characters and held secrets come out. */
  end(): void;
  readonly bytes: number;
}

const joinMs = 50;
const pieceBytes = 64 * 1024;

type StreamName = "out" | "err" | "screen";

interface Piece {
  readonly stream: StreamName;
  readonly time: { readonly at: string; readonly ms: number };
  readonly parts: Uint8Array[];
  readonly timer: AbortController;
  bytes: number;
}

export function openOutput(parts: OutputParts): Output {
  return new JoinedOutput(parts);
}

class JoinedOutput implements Output {
  readonly #parts: OutputParts;
  readonly #streams = new Map<StreamName, { cut: Uint8Array; readonly redaction: RedactedStream }>();
  readonly #stopListening: () => void;
  readonly #heldPieces: (() => void)[] = [];
  #piece: Piece | undefined;
  #isOver = false;
  bytes = 0;

  constructor(parts: OutputParts) {
    this.#parts = parts;
    this.#stopListening = parts.recorder.onFlush(parts.host, () => this.flush());
  }

  take(chunk: { readonly stream: StreamName; readonly bytes: Uint8Array }): Promise<void> | undefined {
    // What was cut off may still say something: its result is on record already.
    if (this.#isOver) return undefined;
    this.bytes += chunk.bytes.length;
    if (this.#piece !== undefined && this.#piece.stream !== chunk.stream) this.flush();
    for (let at = 0; at < chunk.bytes.length; at += pieceBytes) {
      const part = chunk.bytes.subarray(at, at + pieceBytes);
      if (this.#piece !== undefined && this.#piece.bytes + part.length > pieceBytes) this.flush();
      this.#piece ??= this.#begin(chunk.stream);
      this.#piece.parts.push(part);
      this.#piece.bytes += part.length;
    }
    return this.#parts.recorder.roomFor(this.#parts.host);
  }

  flush(): void {
    const piece = this.#piece;
    if (piece === undefined) return;
    this.#piece = undefined;
    piece.timer.abort();
    if (this.#parts.held)
      this.#heldPieces.push(() => this.#record(piece.stream, Buffer.concat(piece.parts), piece.time));
    else this.#record(piece.stream, Buffer.concat(piece.parts), piece.time);
  }

  end(): void {
    this.flush();
    this.#isOver = true;
    this.#stopListening();
    for (const record of this.#heldPieces.splice(0)) record();
    for (const [stream, state] of this.#streams) {
      const time = this.#parts.recorder.time();
      if (state.cut.length > 0) this.#emitBytes(stream, state.cut, time);
      const last = state.redaction.end();
      if (last.text !== "") this.#emitText(stream, last, time);
    }
    this.#streams.clear();
  }

  #begin(stream: StreamName): Piece {
    const piece: Piece = {
      stream,
      time: this.#parts.recorder.time(),
      parts: [],
      timer: new AbortController(),
      bytes: 0,
    };
    void this.#parts.clock.wait(joinMs, piece.timer.signal).then(() => {
      if (this.#piece === piece) this.flush();
    });
    return piece;
  }

  #record(stream: StreamName, bytes: Uint8Array, time: Piece["time"]): void {
    if (this.#parts.hidden) return this.#emit({ type: "output", stream, hidden: bytes.length }, time);
    const state = this.#streams.get(stream) ?? { cut: new Uint8Array(), redaction: this.#parts.redactor.stream() };
    this.#streams.set(stream, state);
    const whole = state.cut.length === 0 ? bytes : Buffer.concat([state.cut, bytes]);
    const cut = cutLength(whole);
    const sound = whole.subarray(0, whole.length - cut);
    const text = asText(sound);
    if (text === undefined) {
      // Bytes that are no text: what redaction held back of the text before them comes first, so that the order stays.
      const before = state.redaction.end();
      if (before.text !== "") this.#emitText(stream, before, time);
      this.#streams.delete(stream);
      return this.#emitBytes(stream, whole, time);
    }
    state.cut = Uint8Array.from(whole.subarray(whole.length - cut));
    const redacted = state.redaction.push(text);
    if (redacted.text !== "") this.#emitText(stream, redacted, time);
  }

  #emitText(stream: StreamName, redacted: Redacted, time: Piece["time"]): void {
    this.#emit(
      {
        type: "output",
        stream,
        text: redacted.text,
        ...(redacted.redacted > 0 ? { redacted: redacted.redacted } : {}),
      },
      time,
    );
  }

  /** A secret in bytes that are no UTF-8 can't be replaced without making up bytes: then only their number is kept. */
  #emitBytes(stream: StreamName, bytes: Uint8Array, time: Piece["time"]): void {
    const found = this.#parts.redactor.finds(bytes) !== undefined;
    this.#emit(
      {
        type: "output",
        stream,
        ...(found ? { hidden: bytes.length, redacted: 1 } : { base64: Buffer.from(bytes).toString("base64") }),
      },
      time,
    );
  }

  #emit(event: RunEvent & { readonly type: "output" }, time: Piece["time"]): void {
    this.#parts.recorder.emit({ ...event, ...this.#parts.context, host: this.#parts.host }, time);
  }
}

function asText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
