// Reads a program until something is to be decided, whatever carries its bytes: the shared half of shells and dialogues.
import { HostFailure } from "./connection.ts";
import type { Chunk, Exit, Halt, RunOptions, Session, Watch } from "./connection.ts";
import type { ByteChannel } from "./byte-channel.ts";
import type { Screen } from "./screen.ts";
import type { Secret } from "../secrets/secret.ts";

/** What a dialogue adds: it looks at the screen before the questions do, and knows what of it is no output. */
export interface PromptRules {
  /** Called at a pause. */
  look(screen: Screen, quietForMs: number): Look | undefined;
  /** What a person saw since the last line was sent, with the pages before, without what the pager wrote. */
  seen(text: string): string;
  heard(chunk: Chunk): void;
  /** A line is about to be sent: what was heard until now is not its answer. */
  sent(): void;
}

/** The prompt stands, or a pager is being answered, or it is too early to say. */
export type Look = { readonly prompt: string } | { readonly page: Promise<void> } | { readonly lookAfterMs: number };

export interface SessionParts {
  readonly channel: ByteChannel;
  readonly screen: Screen;
  readonly onChunk: RunOptions["onChunk"];
  readonly rules?: PromptRules;
}

/** A pause of this length on an unfinished line is one at which a person would look up. */
const pauseMs = 5;
/** On a finished line, or one that stops in the middle, nothing shows that the program waits, except that it goes on saying nothing. */
const longPauseMs = 300;
const endsLikeQuestion = /[?:>\])]\s*$/;
/** How long the host may take to echo before it is taken for one that doesn't. */
const echoMs = 2000;
/** The same for a host that didn't echo the last time. */
const shortEchoMs = 300;

interface Pending {
  readonly watch: Watch;
  readonly answer: (halt: Halt) => void;
  readonly fail: (error: unknown) => void;
}

export class ScreenSession implements Session {
  readonly #channel: ByteChannel;
  readonly #screen: Screen;
  readonly #onChunk: RunOptions["onChunk"];
  readonly #rules: PromptRules | undefined;
  #exit: Exit | undefined;
  #pending: Pending | undefined;
  #lookTimer: NodeJS.Timeout | undefined;
  #idleTimer: NodeJS.Timeout | undefined;
  #limitTimer: NodeJS.Timeout | undefined;
  #lastByteAt = performance.now();
  #heard: (() => void) | undefined;
  #looking = false;
  #echoes = true;
  #holds = 0;
  #ending: Promise<void> | undefined;
  #closed = false;
  /** The line whose echo is still to be taken away; undefined: nothing was sent yet. */
  #sent: string | undefined;

  constructor(parts: SessionParts) {
    this.#channel = parts.channel;
    this.#screen = parts.screen;
    this.#onChunk = parts.onChunk;
    this.#rules = parts.rules;
    this.#channel.listen({ chunk: (chunk) => this.#take(chunk), end: (exit) => this.#ended(exit) });
  }

  next(watch: Watch): Promise<Halt> {
    if (this.#pending !== undefined) throw new Error("next was called while another next still waits");
    return new Promise((answer, fail) => {
      this.#pending = { watch, answer, fail };
      if (this.#exit !== undefined) {
        void this.#answerEnd(this.#exit);
        return;
      }
      if (Number.isFinite(watch.withinMs)) {
        this.#limitTimer = setTimeout(() => void this.#answerScreen("timeout"), Math.min(watch.withinMs, longestTimer));
      }
      this.#watchSilence();
      this.#lookSoon(0);
    });
  }

  async send(line: string | Secret, options: { readonly echo: boolean }): Promise<void> {
    const secret = typeof line !== "string";
    const text = secret ? line.reveal() : line;
    const enter = this.#channel.terminal ? "\r" : "\n";
    await this.#screen.settle();
    this.#screen.mark("cursor");
    this.#rules?.sent();
    this.#sent = "";
    const awaitsEcho = options.echo && this.#channel.terminal && this.#channel.echoLate !== true;
    if (secret || !awaitsEcho || text === "") {
      this.#sent = secret ? "" : text;
      await this.#write(text + enter);
      return;
    }
    await this.#write(text);
    if (!(await this.#echoed(text))) this.#sent = text;
    await this.#screen.settle();
    this.#screen.mark("cursor");
    this.#rules?.sent();
    await this.#write(enter);
  }

  async sendRaw(text: string): Promise<void> {
    await this.#screen.settle();
    this.#screen.mark("cursor");
    this.#rules?.sent();
    this.#sent = "";
    await this.#write(text);
  }

  stop(): void {
    if (this.#pending !== undefined) void this.#answerScreen("stopped");
  }

  endInput(): Promise<void> {
    this.#channel.endInput();
    return Promise.resolve();
  }

  async close(): Promise<void> {
    if (this.#exit === undefined) await this.#channel.cut();
    await this.#ending;
    this.#closed = true;
    this.#screen.close();
  }

  async #write(text: string): Promise<void> {
    if (this.#exit !== undefined) throw endedFailure(this.#exit);
    await this.#channel.write(Buffer.from(text, "utf8"));
  }

  #take(chunk: Chunk): void {
    this.#lastByteAt = performance.now();
    if (this.#screen.write(chunk) === "behind") this.#holdFor(this.#screen.settle());
    this.#rules?.heard(chunk);
    const kept = this.#onChunk(chunk);
    if (kept instanceof Promise) this.#holdFor(kept);
    this.#heard?.();
    if (this.#pending === undefined) return;
    this.#watchSilence();
    this.#lookSoon(pauseMs);
  }

  /** The host waits while whoever renders or keeps its bytes is behind. */
  #holdFor(done: Promise<unknown>): void {
    if (this.#holds++ === 0) this.#channel.flow(false);
    const release = (): void => {
      if (--this.#holds === 0) this.#channel.flow(true);
    };
    // Who could not keep them says so itself.
    done.then(release, release);
  }

  #ended(exit: Exit): void {
    this.#exit = exit;
    this.#heard?.();
    if (this.#pending !== undefined) this.#ending = this.#answerEnd(exit);
  }

  /** Looks at the screen after a pause; a flood of output moves the look on, so it costs nothing while it flows. */
  #lookSoon(afterMs: number): void {
    const watch = this.#pending?.watch;
    if (watch === undefined || (watch.questions.length === 0 && this.#rules === undefined)) return;
    clearTimeout(this.#lookTimer);
    this.#lookTimer = setTimeout(() => void this.#look().catch((error: unknown) => this.#fail(error)), afterMs);
  }

  async #look(): Promise<void> {
    if (this.#looking) return this.#lookSoon(pauseMs);
    this.#looking = true;
    try {
      await this.#settled();
    } finally {
      this.#looking = false;
    }
    const pending = this.#pending;
    if (pending === undefined || this.#exit !== undefined) return;
    const quietForMs = performance.now() - this.#lastByteAt;
    const ruled = this.#rules?.look(this.#screen, quietForMs);
    if (ruled !== undefined && "prompt" in ruled) {
      const text = this.#seen(this.#screen.text());
      return this.#answer({ type: "prompt", text: text.slice(0, text.lastIndexOf("\n") + 1), prompt: ruled.prompt });
    }
    if (ruled !== undefined && "page" in ruled) return await ruled.page;
    if (ruled !== undefined) return this.#lookSoon(ruled.lookAfterMs);
    if (pending.watch.questions.length === 0) return;
    if (this.#screen.cursorLine().before.trim() === "" && quietForMs < longPauseMs) {
      return this.#lookSoon(longPauseMs - quietForMs + 1);
    }
    const text = this.#seen(this.#screen.tail());
    const index = pending.watch.questions.findIndex((asks) => asks(text));
    if (index < 0) return;
    // What doesn't end like a question may be the beginning of a longer line: "Delete web1" of "Delete web10? ".
    const patienceMs = endsLikeQuestion.test(text) ? pauseMs : longPauseMs;
    if (quietForMs < patienceMs) this.#lookSoon(patienceMs - quietForMs + 1);
    else this.#answer({ type: "question", text: this.#seen(this.#screen.text()), screen: this.#screen.view(), index });
  }

  /**
   * When this process was busy, a timer comes late and before the bytes that have long been here: they are read first
   * (`setImmediate` comes after the sockets), else a busy moment of ours would be taken for a silence of the host's.
   */
  async #settled(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    await this.#screen.settle();
  }

  #watchSilence(): void {
    const idleMs = this.#pending?.watch.idleMs;
    clearTimeout(this.#idleTimer);
    if (idleMs === undefined || !Number.isFinite(idleMs)) return;
    this.#idleTimer = setTimeout(() => void this.#silent(), Math.min(idleMs, longestTimer));
  }

  /** Text on the cursor's line and nobody speaks: a question. An empty line is a slow command, and is awaited. */
  async #silent(): Promise<void> {
    const pending = this.#pending;
    const heardAt = this.#lastByteAt;
    await this.#settled();
    if (this.#pending !== pending || this.#lastByteAt !== heardAt) return; // a new silence is being watched
    // Of the cursor's line only what came since the last line was sent: a host that is slow to answer shows still the command.
    const tail = this.#screen.tail();
    if (tail.slice(tail.lastIndexOf("\n") + 1).trim() !== "") await this.#answerScreen("silence");
  }

  async #answerScreen(type: "silence" | "timeout" | "stopped"): Promise<void> {
    const pending = this.#pending;
    await this.#screen.settle();
    if (pending === undefined || this.#pending !== pending || this.#exit !== undefined) return;
    this.#answer({ type, text: this.#seen(this.#screen.text()), screen: this.#screen.view() });
  }

  async #answerEnd(exit: Exit): Promise<void> {
    if (!this.#closed) await this.#screen.settle();
    this.#answer({ type: "ended", text: this.#closed ? "" : this.#seen(this.#screen.text()), exit });
  }

  #answer(halt: Halt): void {
    const pending = this.#pending;
    this.#answered();
    pending?.answer(halt);
  }

  #answered(): void {
    this.#pending = undefined;
    clearTimeout(this.#lookTimer);
    clearTimeout(this.#idleTimer);
    clearTimeout(this.#limitTimer);
  }

  /** A question or a prompt that throws is a mistake of whoever asked for it, so he gets it. */
  #fail(error: unknown): void {
    const pending = this.#pending;
    this.#answered();
    pending?.fail(error);
  }

  #seen(text: string): string {
    const ruled = this.#rules?.seen(text) ?? text;
    return this.#channel.terminal ? withoutEcho(ruled, this.#sent) : ruled;
  }

  /** Waits until the text stands on the screen, wrapped or repainted as it may be. Gives up after silence: echo is off. */
  async #echoed(text: string): Promise<boolean> {
    const wanted = text.replaceAll(/\s+/g, "");
    for (;;) {
      const heard = new Promise<boolean>((resolve) => {
        const timer = setTimeout(() => resolve(false), this.#echoes ? echoMs : shortEchoMs);
        this.#heard = () => {
          clearTimeout(timer);
          resolve(true);
        };
      });
      await this.#screen.settle();
      if (this.#exit !== undefined) throw endedFailure(this.#exit);
      if (this.#screen.text().replaceAll(/\s+/g, "").endsWith(wanted)) {
        this.#heard?.();
        this.#heard = undefined;
        this.#echoes = true;
        return true;
      }
      if (!(await heard)) {
        this.#echoes = false;
        return false;
      }
    }
  }
}

/** setTimeout takes a longer time for none at all. */
const longestTimer = 2 ** 31 - 1;

/** Takes away the echo of a line that was sent at once with its Enter: the terminal's repetition is no output. */
export function withoutEcho(text: string, sent: string | undefined): string {
  if (sent === undefined) return text;
  const end = text.indexOf("\n");
  const first = end < 0 ? text : text.slice(0, end);
  const echo = sent !== "" && first.trim() === sent.trim();
  const stars = end >= 0 && /^[*•]*$/.test(first.trim());
  return echo || stars ? (end < 0 ? "" : text.slice(end + 1)) : text;
}

function endedFailure(exit: Exit): HostFailure {
  const why = exit.type === "lost" ? exit.reason : "the program has ended";
  return new HostFailure(
    "lost",
    `Nothing was sent, because ${why}.`,
    "Look at what the host says last, then run it again.",
  );
}
