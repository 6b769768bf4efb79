// This machine as a host: programs by zx, files by the file system.
import type { ChildProcess, SpawnOptions } from "node:child_process";
import { userInfo } from "node:os";
import type { ByteChannel, ChannelListener } from "./byte-channel.ts";
import { HostFailure } from "./connection.ts";
import type { Connection, Exit, RunOptions, Target } from "./connection.ts";
import { localFiles } from "./local-files.ts";
import { inputOf } from "./program-input.ts";
import { plainScreen } from "./plain-screen.ts";
import { ScreenSession } from "./session.ts";

/**
 * Uses this machine itself. Programs have no terminal, also where one is asked for: Node gives none, and a program without
 * one says plainly that it can't ask. Their input then stays open as a pipe, so that what asks on it can be answered.
 */
export function connectLocal(target: Target): Promise<Connection> {
  const running = new Set<LocalChannel>();
  let open = true;
  const connection: Connection = {
    facts: { address: "here", port: 0, account: userInfo().username, authenticated: "none" },
    async run(options) {
      if (!open) throw new HostFailure("lost", `${target.name} was closed.`, "Run it again.");
      const channel = new LocalChannel(await start(options, target), () => running.delete(channel));
      running.add(channel);
      const screen = plainScreen(options.codePage);
      const session = new ScreenSession({ channel, screen, onChunk: options.onChunk });
      const { bytes, thenClose } = inputOf(options);
      // A program may end without reading its input: that is its own affair.
      if (bytes.length > 0) void channel.write(bytes).catch(() => undefined);
      if (thenClose) channel.endInput();
      return session;
    },
    dialogue() {
      const message = `${target.name} is this machine, and there is no dialogue with it.`;
      return Promise.reject(
        new HostFailure("unsupported", message, "Give the host an address in the inventory: at ADDRESS."),
      );
    },
    ...localFiles(),
    get alive() {
      return open;
    },
    async close() {
      open = false;
      await Promise.all([...running].map((channel) => channel.cut()));
    },
  };
  return Promise.resolve(connection);
}

/**
 * Starts the line in `/bin/sh` (PowerShell on Windows) in a process group of its own, so that cutting it off reaches what it
 * started, and so that Ctrl-C at the operator's terminal doesn't. Of zx only the start is used: no prefix (its pipefail
 * changes verdicts), no quoting (the plan did it), the child's own streams, and a store that keeps nothing.
 */
async function start(options: RunOptions, target: Target): Promise<ChildProcess> {
  const { $ } = await import("zx/core");
  const { spawn } = await import("node:child_process");
  let child: ChildProcess | undefined;
  let failure: unknown;
  const windows = process.platform === "win32";
  const nothing: string[] = [];
  nothing.push = () => 0;
  const run = $({
    shell: windows ? "powershell.exe" : "/bin/sh",
    prefix: "",
    postfix: "",
    quote: (text: string) => text,
    detached: !windows,
    nothrow: true,
    quiet: true,
    verbose: false,
    preferLocal: false,
    stdio: ["pipe", "pipe", "pipe"],
    store: { stdout: nothing, stderr: nothing, stdall: nothing },
    // zx calls it as (line, [], options); its type is that of all of spawn's forms.
    spawn: ((line: string, words: readonly string[], how: SpawnOptions) => {
      try {
        return (child = spawn(line, words, how));
      } catch (error) {
        failure = error;
        throw error;
      }
    }) as typeof spawn,
  })`${options.line}`;
  void run.catch(() => undefined);
  if (child === undefined) {
    const why = failure instanceof Error ? failure.message : "no process could be made";
    throw new HostFailure(
      "unsupported",
      `The command could not be started on ${target.name}: ${why}.`,
      "Shorten the command, or pass what is long by input.",
    );
  }
  return child;
}

class LocalChannel implements ByteChannel {
  readonly terminal = false;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  readonly #forget: () => void;
  #over = false;
  #markEnded: () => void = () => undefined;
  #giveUp: () => void = () => undefined;

  constructor(child: ChildProcess, forget: () => void) {
    this.#child = child;
    this.#forget = forget;
    this.#ended = new Promise((resolve) => (this.#markEnded = resolve));
    // EPIPE when the program ends without reading: `write` reports it to whoever sends.
    child.stdin?.on("error", () => undefined);
  }

  listen(listener: ChannelListener): void {
    const end = (exit: Exit): void => {
      if (this.#over) return;
      this.#over = true;
      this.#forget();
      listener.end(exit);
      this.#markEnded();
    };
    this.#giveUp = () => {
      for (const stream of [this.#child.stdin, this.#child.stdout, this.#child.stderr]) stream?.destroy();
      end({ type: "lost", reason: "it was cut off, and what it started out of its reach may still run" });
    };
    this.#child.stdout?.on("data", (bytes: Buffer) => listener.chunk({ stream: "out", bytes }));
    this.#child.stderr?.on("data", (bytes: Buffer) => listener.chunk({ stream: "err", bytes }));
    this.#child.once("error", (error) =>
      end({ type: "lost", reason: `the program could not be started: ${error.message}` }),
    );
    this.#child.once("close", (status, signal) => {
      if (signal !== null) end({ type: "signal", signal });
      else if (status !== null) end({ type: "status", status });
      else end({ type: "lost", reason: "the program was gone without a status" });
    });
  }

  write(bytes: Uint8Array): Promise<void> {
    const gone = new HostFailure("lost", "Nothing reads the program's input any more.", "Look at what it says last.");
    return new Promise((resolve, reject) => {
      if (this.#over || this.#child.stdin === null) return reject(gone);
      this.#child.stdin.write(bytes, (error) => (error ? reject(gone) : resolve()));
    });
  }

  endInput(): void {
    this.#child.stdin?.end();
  }

  flow(on: boolean): void {
    for (const stream of [this.#child.stdout, this.#child.stderr])
      if (on) stream?.resume();
      else stream?.pause();
  }

  /** Asks the whole group to end, and after a second makes it. What has left the group and still holds the output is not waited for. */
  async cut(): Promise<void> {
    if (this.#over) return;
    this.flow(true);
    this.#kill("SIGTERM");
    const last = setTimeout(() => this.#kill("SIGKILL"), 1000);
    const patience = setTimeout(() => this.#giveUp(), 1500);
    await this.#ended;
    clearTimeout(last);
    clearTimeout(patience);
  }

  #kill(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      if (process.platform === "win32") this.#child.kill(signal);
      else process.kill(-pid, signal);
    } catch {
      // It ended by itself in between.
    }
  }
}
