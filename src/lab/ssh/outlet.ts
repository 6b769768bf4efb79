// Bytes on their way to a client, with the faults that a network has.

import type { Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";

/** Where an outlet writes to: a channel of ssh2, or its stderr. */
export interface ByteSink {
  write(bytes: Buffer): boolean;
  once(event: "drain" | "close", listener: () => void): unknown;
  readonly destroyed?: boolean;
}

/**
 * Writes in order and waits for the client; can be slow, and can be cut off after some bytes.
 * `settle` waits until the client has read everything that was sent.
 */
export class Outlet {
  readonly #sink: ByteSink;
  readonly #socket: Socket;
  readonly #isSlow: () => boolean;
  readonly #settle: () => Promise<void>;
  #cut: { readonly bytes: number; readonly by: "reset" | "freeze" } | undefined;

  constructor(options: {
    readonly sink: ByteSink;
    readonly socket: Socket;
    readonly isSlow: () => boolean;
    readonly settle: () => Promise<void>;
  }) {
    this.#sink = options.sink;
    this.#socket = options.socket;
    this.#isSlow = options.isSlow;
    this.#settle = options.settle;
  }

  /** After so many more bytes the connection is reset, or nothing is ever written again; undefined takes that back. */
  cutAfter(cut: { readonly bytes: number; readonly by: "reset" | "freeze" } | undefined): void {
    this.#cut = cut;
  }

  /** Writes; comes back when the client's window has room again. What is written after a reset is lost. */
  async write(data: string | Buffer): Promise<void> {
    let bytes = typeof data === "string" ? Buffer.from(data, "utf8") : data;
    const cut = this.#cut;
    const isCut = cut !== undefined && bytes.length >= cut.bytes;
    if (isCut) bytes = bytes.subarray(0, cut.bytes);
    else if (cut !== undefined) this.#cut = { ...cut, bytes: cut.bytes - bytes.length };

    if (this.#isSlow() || isCut) {
      for (let at = 0; at < bytes.length; at++) {
        await this.#send(bytes.subarray(at, at + 1));
        await nextTurn();
      }
    } else if (bytes.length > 0) {
      await this.#send(bytes);
    }
    if (isCut && cut.by === "freeze") await new Promise<never>(() => undefined);
    if (!isCut) return;
    // A reset drops what the other side has not read yet: the first bytes must have arrived for sure.
    await this.#settle();
    resetSocket(this.#socket);
  }

  async #send(bytes: Buffer): Promise<void> {
    if (this.#socket.destroyed || this.#sink.destroyed === true) return;
    if (this.#sink.write(bytes)) return;
    await new Promise<void>((resolve) => {
      this.#sink.once("drain", resolve);
      this.#sink.once("close", resolve);
      this.#socket.once("close", () => resolve());
    });
  }
}

/** Ends a TCP connection with RST where the system lets us. */
export function resetSocket(socket: Socket): void {
  if (!socket.destroyed) socket.resetAndDestroy();
}
