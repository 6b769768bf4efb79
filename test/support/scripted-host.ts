// A host that plays a script: what a command says, asks and ends with. It keeps everything that was ever sent to it.
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import {
  HostFailure,
  type Chunk,
  type Connect,
  type Connection,
  type DialogueOptions,
  type FileFacts,
  type Halt,
  type RunOptions,
  type Session,
  type Watch,
} from "../../src/hosts/connection.ts";
import type { Secret } from "../../src/secrets/secret.ts";

/** What a scripted program does next. */
export type Move =
  | { readonly say: string; readonly stream?: "out" | "err" }
  /** Waits with this text on the cursor's line; what is sent is what the `yield` gives. */
  | { readonly ask: string }
  /** A page is full: the kind's pager has to go on. */
  | { readonly page: string }
  /** Never answers again. */
  | { readonly hang: true }
  /** Waits for something of the test's. */
  | { readonly until: Promise<unknown> }
  | { readonly lost: string };

/** A program: its moves, and its exit status at the end. */
export type Script = () => Generator<Move, number | undefined | void, string>;

export interface ScriptedHostOptions {
  /** The first that fits the line that was sent is played. */
  readonly commands?: readonly (readonly [RegExp, Script | string])[];
  readonly files?: Readonly<Record<string, string>>;
  readonly greeting?: string;
  readonly prompt?: string;
  /** What the login says instead of a prompt. */
  readonly loginQuestion?: string;
  readonly refuse?: HostFailure | undefined;
}

export class ScriptedHost {
  /** Every line that reached the host, in order: commands, answers, input. */
  readonly sent: string[] = [];
  readonly files: Map<string, Buffer>;
  readonly options: ScriptedHostOptions;
  connections = 0;
  attempts = 0;

  constructor(options: ScriptedHostOptions) {
    this.options = options;
    this.files = new Map(Object.entries(options.files ?? {}).map(([path, text]) => [path, Buffer.from(text)]));
  }

  connect(): Connection {
    this.connections += 1;
    return new ScriptedConnection(this);
  }

  script(line: string): Script {
    const found = this.options.commands?.find(([pattern]) => pattern.test(line))?.[1];
    if (found === undefined) {
      return function* () {
        yield { say: `not found: ${line}\n`, stream: "err" };
        return 127;
      };
    }
    if (typeof found !== "string") return found;
    return function* () {
      yield { say: found };
      return 0;
    };
  }
}

/** A `Connect` over scripted hosts, by the names of the inventory. */
export function connectTo(hosts: Readonly<Record<string, ScriptedHost>>): Connect {
  return (target) => {
    const host = hosts[target.name];
    if (host === undefined)
      return Promise.reject(
        new HostFailure("unreachable", `${target.name} does not answer.`, "Look whether it is on."),
      );
    host.attempts += 1;
    if (host.options.refuse !== undefined) return Promise.reject(host.options.refuse);
    return Promise.resolve(host.connect());
  };
}

class ScriptedConnection implements Connection {
  readonly facts = { address: "192.0.2.1", port: 22, account: "ops", authenticated: "key" };
  readonly #host: ScriptedHost;
  alive = true;

  constructor(host: ScriptedHost) {
    this.#host = host;
  }

  run(options: RunOptions): Promise<Session> {
    this.#host.sent.push(options.line);
    for (const input of [options.preamble, options.input]) if (input !== undefined) this.#host.sent.push(plain(input));
    const session = new ScriptedSession(this.#host, options.onChunk, this);
    session.begin(options.line);
    return Promise.resolve(session);
  }

  dialogue(options: DialogueOptions): Promise<{ session: Session; greeting: string; halt: Halt }> {
    const { greeting = "", prompt = "[box] lunash:>", loginQuestion } = this.#host.options;
    const session = new ScriptedSession(this.#host, options.onChunk, this);
    session.prompt = prompt;
    session.turnPage = async (line) => {
      const pager = options.pagers.find(({ matches }) => matches(line));
      if (pager === undefined) return;
      await options.onPage?.(line, pager.send);
      this.#host.sent.push(pager.send);
    };
    void options.onChunk({ stream: "screen", bytes: Buffer.from(`${greeting}\r\n${loginQuestion ?? prompt}`) });
    const halt: Halt =
      loginQuestion === undefined
        ? { type: "prompt", text: greeting, prompt }
        : { type: "silence", text: `${greeting}\n${loginQuestion}`, screen: loginQuestion };
    return Promise.resolve({ session, greeting, halt });
  }

  async fetch(remotePath: string, localPath: string): Promise<FileFacts> {
    const bytes = this.#host.files.get(remotePath);
    if (bytes === undefined) throw new HostFailure("file-missing", `There is no ${remotePath}.`, "Make it.");
    await writeFile(localPath, bytes);
    return factsOf(bytes);
  }

  async send(localPath: string, remotePath: string): Promise<FileFacts> {
    const bytes = await readFile(localPath);
    this.#host.files.set(remotePath, bytes);
    return factsOf(bytes);
  }

  stat(remotePath: string): Promise<FileFacts | undefined> {
    const bytes = this.#host.files.get(remotePath);
    return Promise.resolve(bytes === undefined ? undefined : factsOf(bytes));
  }

  close(): Promise<void> {
    this.alive = false;
    return Promise.resolve();
  }
}

class ScriptedSession implements Session {
  readonly #host: ScriptedHost;
  readonly #onChunk: (chunk: Chunk) => unknown;
  readonly #connection: ScriptedConnection;
  prompt: string | undefined;
  turnPage: ((line: string) => Promise<void>) | undefined;
  #moves: Generator<Move, number | undefined | void, string> | undefined;
  #answer = "";
  #text = "";
  #waits = false;
  #closed: (() => void) | undefined;

  constructor(host: ScriptedHost, onChunk: (chunk: Chunk) => unknown, connection: ScriptedConnection) {
    this.#host = host;
    this.#onChunk = onChunk;
    this.#connection = connection;
  }

  begin(line: string): void {
    this.#moves = this.#host.script(line)();
    this.#text = "";
  }

  async next(watch: Watch): Promise<Halt> {
    const closed = new Promise<Halt>((resolve) => {
      this.#closed = () =>
        resolve({ type: "ended", text: this.#text, exit: { type: "lost", reason: "it was closed" } });
    });
    return await Promise.race([this.#play(watch), closed]);
  }

  send(line: string | Secret): Promise<void> {
    this.#host.sent.push(plain(line));
    if (this.#moves === undefined || !this.#waits) this.begin(plain(line));
    this.#answer = plain(line);
    this.#waits = false;
    this.#text = "";
    return Promise.resolve();
  }

  sendRaw(text: string): Promise<void> {
    this.#host.sent.push(text);
    this.#answer = text;
    this.#waits = false;
    this.#text = "";
    return Promise.resolve();
  }

  endInput(): Promise<void> {
    this.#waits = false;
    return Promise.resolve();
  }

  stop(): void {
    this.#closed?.();
  }

  close(): Promise<void> {
    this.#closed?.();
    if (this.prompt !== undefined) this.#connection.alive = false;
    return Promise.resolve();
  }

  async #play(watch: Watch): Promise<Halt> {
    for (;;) {
      if (this.#waits) return await this.#asked(watch);
      const step = this.#moves?.next(this.#answer);
      if (step === undefined || step.done === true) {
        this.#moves = undefined;
        if (this.prompt !== undefined) return { type: "prompt", text: this.#text, prompt: this.prompt };
        return {
          type: "ended",
          text: this.#text,
          exit: { type: "status", status: typeof step?.value === "number" ? step.value : 0 },
        };
      }
      const move = step.value;
      if ("say" in move) {
        this.#hear(move.say, move.stream ?? "out");
      } else if ("ask" in move) {
        this.#hear(move.ask, "out");
        this.#waits = true;
      } else if ("page" in move) {
        await this.turnPage?.(move.page);
      } else if ("hang" in move) {
        if (Number.isFinite(watch.withinMs)) return { type: "timeout", text: this.#text, screen: this.#text };
        return await new Promise<Halt>(() => undefined);
      } else if ("until" in move) {
        await move.until;
      } else {
        this.#connection.alive = false;
        return { type: "ended", text: this.#text, exit: { type: "lost", reason: move.lost } };
      }
    }
  }

  async #asked(watch: Watch): Promise<Halt> {
    const index = watch.questions.findIndex((asks) => asks(this.#text));
    if (index >= 0) return { type: "question", text: this.#text, screen: this.#text, index };
    if (watch.idleMs !== undefined) return { type: "silence", text: this.#text, screen: this.#text };
    return await Promise.resolve({ type: "timeout", text: this.#text, screen: this.#text });
  }

  #hear(text: string, stream: "out" | "err"): void {
    this.#text += text;
    void this.#onChunk({ stream: this.prompt === undefined ? stream : "screen", bytes: Buffer.from(text) });
  }
}

function plain(text: string | Secret): string {
  return typeof text === "string" ? text : text.reveal();
}

function factsOf(bytes: Uint8Array): FileFacts {
  return { sizeBytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
}
