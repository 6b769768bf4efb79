// One channel of ssh2 as bytes and an end.
import type { ClientChannel } from "ssh2";
import type { ByteChannel, ChannelListener } from "./byte-channel.ts";
import { HostFailure } from "./connection.ts";
import type { Exit } from "./connection.ts";

export class SshChannel implements ByteChannel {
  readonly terminal: boolean;
  readonly #host: string;
  readonly #channel: ClientChannel;
  readonly #ended: Promise<void>;
  #giveUp: () => void = () => undefined;
  #cut = false;
  #over = false;
  #exit: Exit | undefined;

  constructor(channel: ClientChannel, about: { readonly terminal: boolean; readonly host: string }) {
    this.#channel = channel;
    this.terminal = about.terminal;
    this.#host = about.host;
    channel.on("error", () => undefined); // its end says it
    // ssh2 gives the status as a number, or null and a signal's name.
    channel.on("exit", (status: number | null, signal?: string) => {
      this.#exit = status === null ? { type: "signal", signal: signal ?? "unknown" } : { type: "status", status };
    });
    // Both streams may still hold bytes when the channel is closed, and `close` waits for one of them only.
    const errorsRead = new Promise<void>((resolve) => channel.stderr.once("end", resolve));
    const closed = new Promise<void>((resolve) => channel.once("close", () => resolve()));
    const gaveUp = new Promise<void>((resolve) => (this.#giveUp = resolve));
    this.#ended = Promise.race([Promise.all([errorsRead, closed]), gaveUp]).then(() => {
      this.#over = true;
    });
  }

  listen(listener: ChannelListener): void {
    this.#channel.on("data", (bytes: Buffer) => listener.chunk({ stream: this.terminal ? "screen" : "out", bytes }));
    this.#channel.stderr.on("data", (bytes: Buffer) =>
      listener.chunk({ stream: this.terminal ? "screen" : "err", bytes }),
    );
    void this.#ended.then(() => {
      const reason = this.#cut
        ? "it was cut off"
        : `the connection to ${this.#host} went before it said how the command ended`;
      listener.end(this.#exit ?? { type: "lost", reason });
    });
  }

  /** ssh2 forgets the callback of a write that its channel's end overtakes, so the end is awaited beside it. */
  async write(bytes: Uint8Array): Promise<void> {
    if (!this.#over && this.#channel.writable) {
      const written = new Promise<boolean>((resolve) =>
        this.#channel.write(bytes, (error) => resolve(error === undefined || error === null)),
      );
      if (await Promise.race([written, this.#ended.then(() => false)])) return;
    }
    throw new HostFailure(
      "lost",
      `${this.#host} no longer reads: the program or the connection has ended.`,
      "Look at what it says last.",
    );
  }

  endInput(): void {
    this.#channel.end();
  }

  flow(on: boolean): void {
    for (const stream of [this.#channel, this.#channel.stderr])
      if (on) stream.resume();
      else stream.pause();
  }

  async cut(): Promise<void> {
    if (this.#over) return;
    this.#cut = true;
    this.flow(true);
    // Closing alone lets a silent program without a terminal run on; OpenSSH since 7.9 passes the signal to its group.
    try {
      this.#channel.signal("TERM");
      this.#channel.close();
    } catch {
      // The connection went first.
    }
    // What the host doesn't end (a server for root passes no signals) is not waited for.
    const patience = setTimeout(() => this.#giveUp(), 500);
    await this.#ended;
    clearTimeout(patience);
  }
}
