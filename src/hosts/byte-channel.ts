// The one thing that this machine, ssh's exec and ssh's shell have in common: bytes both ways, and an end.
import type { Chunk, Exit } from "./connection.ts";

/** A running program's bytes, before anyone makes text of them. */
export interface ByteChannel {
  /** Whether the program has a terminal: Enter is `\r` there, and it echoes. */
  readonly terminal: boolean;
  /** An echo comes only after Enter, so it isn't awaited before it. */
  readonly echoLate?: boolean;
  /** Says who is told. Called once, before anything can have come. */
  listen(listener: ChannelListener): void;
  /** Resolves when the bytes are on their way; rejects with `HostFailure` when nobody is there any more. */
  write(bytes: Uint8Array): Promise<void>;
  /** Nothing more will be written. */
  endInput(): void;
  /** Holds or releases the reading, so that a fast host doesn't fill the memory. */
  flow(on: boolean): void;
  /** Ends the program now; resolves when it is gone. */
  cut(): Promise<void>;
}

export interface ChannelListener {
  readonly chunk: (chunk: Chunk) => void;
  /** Comes once, after the last chunk. */
  readonly end: (exit: Exit) => void;
}
