// A host that answers from a recording: the same bytes, the same ends, and nothing behind them. For replay and for tests.
import type { ByteChannel, ChannelListener } from "./byte-channel.ts";
import { HostFailure } from "./connection.ts";
import type { Chunk, Connection, ConnectionFacts, Exit, FileFacts, RunOptions } from "./connection.ts";
import { openDialogue } from "./dialogue.ts";
import { plainScreen } from "./plain-screen.ts";
import { ScreenSession } from "./session.ts";
import { terminalScreen } from "./terminal-screen.ts";

/** One thing that was asked of a host, and what came of it. */
export type Exchange =
  | { readonly type: "run"; readonly line: string; readonly answers: readonly Answer[]; readonly exit: Exit }
  /** `answers` begins with the greeting. `exit` only where the host ended it. */
  | { readonly type: "dialogue"; readonly answers: readonly Answer[]; readonly exit?: Exit }
  | {
      readonly type: "file";
      readonly act: "fetch" | "send" | "stat";
      readonly path: string;
      readonly facts: FileFacts | undefined;
    };

/** What came before anything was sent (`after` undefined), or after a text was. A secret's text is its `[secret NAME]`. */
export interface Answer {
  readonly after?: string;
  readonly chunks: readonly Chunk[];
}

export interface Recording {
  readonly facts: ConnectionFacts;
  /** In order: what is asked next must be the next of them. */
  readonly exchanges: readonly Exchange[];
}

/** Opens a recording. What is asked otherwise than it was recorded rejects with `HostFailure` "unsupported", which names both. */
export function connectRecorded(name: string, recording: Recording): Connection {
  const left = [...recording.exchanges];
  let alive = true;
  const take = <Type extends Exchange["type"]>(
    type: Type,
    asked: string,
    same: (exchange: Extract<Exchange, { type: Type }>) => boolean,
  ): Extract<Exchange, { type: Type }> => {
    const next = left[0];
    // Narrowed by the comparison of its type, which TypeScript doesn't follow through a type parameter.
    const exchange = next?.type === type ? (next as Extract<Exchange, { type: Type }>) : undefined;
    if (exchange === undefined || !same(exchange))
      throw differs(name, asked, next === undefined ? "nothing more" : wordsFor(next));
    left.shift();
    return exchange;
  };
  const file = (act: "fetch" | "send" | "stat", path: string): FileFacts | undefined =>
    take("file", `${act} "${path}"`, (exchange) => exchange.act === act && exchange.path === path).facts;
  const present = (facts: FileFacts | undefined, path: string): FileFacts => {
    if (facts !== undefined) return facts;
    throw new HostFailure("file-missing", `"${path}" was not on ${name} when this was recorded.`, "Record it anew.");
  };
  return {
    facts: recording.facts,
    async run(options: RunOptions) {
      const exchange = take("run", `"${options.line}"`, ({ line }) => line === options.line);
      const channel = new RecordedChannel(exchange.answers, exchange.exit, options.terminal, name);
      const screen = options.terminal
        ? await terminalScreen({ columns: 512, rows: 24, reply: () => undefined })
        : plainScreen(options.codePage);
      return new ScreenSession({ channel, screen, onChunk: options.onChunk });
    },
    async dialogue(options) {
      const exchange = take("dialogue", "a dialogue", () => true);
      const channel = new RecordedChannel(exchange.answers, exchange.exit, true, name);
      return openDialogue(
        channel,
        await terminalScreen({ columns: options.columns ?? 512, rows: 24, reply: () => undefined }),
        options,
      );
    },
    fetch: async (path) => present(file("fetch", path), path),
    send: async (_localPath, path) => present(file("send", path), path),
    stat: async (path) => file("stat", path),
    get alive() {
      return alive;
    },
    close() {
      alive = false;
      return Promise.resolve();
    },
  };
}

/** Gives an answer when what is sent is what was sent then; its Enter comes with it or after it. */
class RecordedChannel implements ByteChannel {
  readonly terminal: boolean;
  /** The echo was recorded with the answer, and comes with it. */
  readonly echoLate = true;
  readonly #answers: Answer[];
  readonly #exit: Exit | undefined;
  readonly #host: string;
  #listener: ChannelListener | undefined;
  #sent = "";
  #over = false;

  constructor(answers: readonly Answer[], exit: Exit | undefined, terminal: boolean, host: string) {
    this.#answers = [...answers];
    this.#exit = exit;
    this.terminal = terminal;
    this.#host = host;
  }

  listen(listener: ChannelListener): void {
    this.#listener = listener;
    // Later, as bytes come from a host: who listens has not got its session yet.
    queueMicrotask(() => {
      if (this.#answers[0]?.after === undefined) this.#give();
      else this.#endIfDone();
    });
  }

  write(bytes: Uint8Array): Promise<void> {
    this.#sent += Buffer.from(bytes).toString("utf8");
    const expected = this.#answers[0]?.after;
    const line = this.#sent.replace(/[\r\n]$/, "");
    if (expected === undefined) return Promise.reject(differs(this.#host, `"${line}"`, "nothing more"));
    const entered = line !== this.#sent;
    // A recording holds no secret, only its name: whatever is sent in its place is taken for it.
    if (entered && (line === expected || /^\[secret .*\]$/.test(expected))) this.#give();
    else if (this.#sent === expected && /^\s*$/.test(expected)) this.#give();
    else if (entered || !expected.startsWith(line))
      return Promise.reject(differs(this.#host, `"${line}"`, `"${expected}"`));
    return Promise.resolve();
  }

  endInput(): void {
    // A recording has read all that it read.
  }

  flow(): void {
    // Its bytes are here already.
  }

  cut(): Promise<void> {
    this.#end({ type: "lost", reason: "it was cut off" });
    return Promise.resolve();
  }

  #give(): void {
    const answer = this.#answers.shift();
    this.#sent = "";
    for (const chunk of answer?.chunks ?? []) this.#listener?.chunk(chunk);
    this.#endIfDone();
  }

  #endIfDone(): void {
    if (this.#answers.length === 0 && this.#exit !== undefined) this.#end(this.#exit);
  }

  #end(exit: Exit): void {
    if (this.#over) return;
    this.#over = true;
    this.#listener?.end(exit);
  }
}

function wordsFor(exchange: Exchange): string {
  switch (exchange.type) {
    case "run":
      return `"${exchange.line}"`;
    case "dialogue":
      return "a dialogue";
    case "file":
      return `${exchange.act} "${exchange.path}"`;
  }
}

function differs(name: string, asked: string, recorded: string): HostFailure {
  const message = `${name} is a recording, and was asked otherwise than when it was made: now ${asked}, then ${recorded}.`;
  return new HostFailure("unsupported", message, "Replay the runbook that was recorded, with the same inputs.");
}
