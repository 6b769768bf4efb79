// Appending to a file by several who wait: writes go out at once, many of one tick in one; one sync serves all that wait.
import { close, fdatasync, fstatSync, open, write } from "node:fs";
import { promisify } from "node:util";
import { messageOf } from "../text/message-of.ts";

interface Waiter {
  readonly n: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Says what a failed write means, for whoever waits: `lastSafe` is the last number known to be on the disk (0: none). */
export type FailureWords = (reason: string, lastSafe: number) => string;

/** A file that is only appended to; pieces have numbers that grow. */
export class AppendFile {
  #descriptor: number;
  #closed = false;
  readonly #failureWords: FailureWords;
  #pending: string[] = [];
  #pendingBytes = 0;
  #handed = 0;
  #written = 0;
  #synced = 0;
  #syncUpTo = 0;
  #waitingForSync: Waiter[] = [];
  #waitingForWrite: Waiter[] = [];
  #pumping = false;
  #timer: NodeJS.Timeout | undefined;
  failure: Error | undefined;

  private constructor(descriptor: number, failureWords: FailureWords) {
    this.#descriptor = descriptor;
    this.#failureWords = failureWords;
  }

  /** Makes the file; it must not exist. */
  static async create(path: string, failureWords: FailureWords): Promise<AppendFile> {
    return new AppendFile(await promisify(open)(path, "ax", 0o600), failureWords);
  }

  /** UTF-16 units handed over and not yet written: about the bytes that wait. */
  get waiting(): number {
    return this.#pendingBytes;
  }

  /** Hands over piece `n`. After a failure nothing is taken any more: `failure` and whoever waits say so. */
  append(n: number, text: string): void {
    if (this.failure !== undefined) return;
    this.#handed = n;
    this.#pending.push(text);
    this.#pendingBytes += text.length;
    this.#start();
  }

  /** Everything up to `n` has been given to the system. */
  written(n: number): Promise<void> {
    return this.#written >= n && this.failure === undefined ? Promise.resolve() : this.#wait(this.#waitingForWrite, n);
  }

  /** Everything up to `n` is on the disk. */
  durable(n: number): Promise<void> {
    if (this.#synced >= n && this.failure === undefined) return Promise.resolve();
    this.syncSoon(n);
    return this.#wait(this.#waitingForSync, n);
  }

  /** Asks for a sync of everything up to `n` without waiting for it. */
  syncSoon(n: number): void {
    this.#syncUpTo = Math.max(this.#syncUpTo, n);
    this.#start();
  }

  /** Writes and syncs the rest, and closes; rejects when that or anything before it failed. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    try {
      await this.durable(this.#handed);
    } finally {
      clearTimeout(this.#timer);
      await promisify(close)(this.#descriptor);
    }
  }

  /**
   * Goes on in another file, which holds everything that was written so far (perhaps in other words) and is synced.
   * Nothing may be handed over while this runs.
   * @param place puts the file in place of the first one
   */
  async goOnIn(path: string, place: () => Promise<void>): Promise<void> {
    await this.durable(this.#handed);
    const before = this.#descriptor;
    const descriptor = await promisify(open)(path, "a");
    await place();
    this.#descriptor = descriptor;
    await promisify(close)(before);
  }

  #wait(list: Waiter[], n: number): Promise<void> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    return new Promise((resolve, reject) => {
      list.push({ n, resolve, reject });
    });
  }

  #start(): void {
    if (this.#pumping || this.failure !== undefined) return;
    this.#pumping = true;
    // After this tick, so that everything handed over in it is one write.
    queueMicrotask(() => void this.#pump());
  }

  async #pump(): Promise<void> {
    try {
      while (this.#pending.length > 0 || this.#mustSync()) {
        if (this.#pending.length > 0) await this.#writePending();
        if (this.#mustSync()) await this.#sync();
      }
      this.#syncWithinASecond();
    } catch (error) {
      await this.#fail(error);
    } finally {
      this.#pumping = false;
    }
  }

  /** What is waited for may still have to be handed over: then the sync comes after that. */
  #mustSync(): boolean {
    return this.#syncUpTo > this.#synced && this.#handed > this.#synced;
  }

  async #writePending(): Promise<void> {
    const upTo = this.#handed;
    let rest = Buffer.from(this.#pending.join(""));
    const units = this.#pendingBytes;
    this.#pending = [];
    // A write may take only a part of it (a disk that fills up): the rest goes in the next, which then says why not.
    while (rest.length > 0) rest = rest.subarray(await writeSome(this.#descriptor, rest));
    this.#pendingBytes -= units;
    this.#written = upTo;
    this.#waitingForWrite = settle(this.#waitingForWrite, upTo);
  }

  async #sync(): Promise<void> {
    const upTo = this.#written;
    await promisify(fdatasync)(this.#descriptor);
    // Writing to a file that someone has removed succeeds, and is lost.
    if (fstatSync(this.#descriptor).nlink === 0) throw new Error("the file was removed while it was written");
    this.#synced = upTo;
    this.#waitingForSync = settle(this.#waitingForSync, upTo);
  }

  #syncWithinASecond(): void {
    if (this.#timer !== undefined || this.#written === this.#synced) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.syncSoon(this.#written);
    }, 1000).unref();
  }

  async #fail(error: unknown): Promise<void> {
    // What was written before may still reach the disk: then it is safe, and the message says so.
    const upTo = this.#written;
    await promisify(fdatasync)(this.#descriptor).then(
      () => {
        this.#synced = fstatSync(this.#descriptor).nlink === 0 ? 0 : upTo;
      },
      () => undefined,
    );
    const reason = messageOf(error);
    const failure = new Error(this.#failureWords(reason, this.#synced), { cause: error });
    this.failure = failure;
    this.#pending = [];
    this.#pendingBytes = 0;
    for (const waiter of [...this.#waitingForWrite, ...this.#waitingForSync]) waiter.reject(failure);
    this.#waitingForWrite = [];
    this.#waitingForSync = [];
  }
}

function settle(waiters: readonly Waiter[], upTo: number): Waiter[] {
  const rest: Waiter[] = [];
  for (const waiter of waiters) {
    if (waiter.n <= upTo) waiter.resolve();
    else rest.push(waiter);
  }
  return rest;
}

function writeSome(descriptor: number, bytes: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    write(descriptor, bytes, 0, bytes.length, null, (error, count) => {
      if (error === null) resolve(count);
      else reject(error);
    });
  });
}
