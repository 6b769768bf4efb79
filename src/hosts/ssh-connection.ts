// A connection by ssh2: programs, dialogues and files over at most eight channels at a time (servers allow ten).
import type { Client, ClientChannel, SFTPWrapper } from "ssh2";
import { HostFailure } from "./connection.ts";
import type {
  Connection,
  ConnectionFacts,
  DialogueOptions,
  FileFacts,
  Halt,
  RunOptions,
  Session,
  Target,
} from "./connection.ts";
import { inputOf } from "./program-input.ts";
import { plainScreen } from "./plain-screen.ts";
import type { Screen } from "./screen.ts";
import { ScreenSession } from "./session.ts";
import type { ScpExec } from "./scp.ts";
import type { SftpSession } from "./sftp.ts";
import { SshChannel } from "./ssh-channel.ts";

const mostChannels = 8;
/** So wide that nothing wraps: output is matched as it was written. */
const terminalSize = { term: "xterm", rows: 24, cols: 512, height: 0, width: 0 };

export class SshConnection implements Connection {
  readonly facts: ConnectionFacts;
  readonly #client: Client;
  readonly #target: Target;
  readonly #gone: Promise<void>;
  readonly #waiting: (() => void)[] = [];
  #sftp: Promise<SftpSession> | undefined;
  #open = 0;
  #alive = true;

  constructor(client: Client, facts: ConnectionFacts, target: Target) {
    this.#client = client;
    this.facts = facts;
    this.#target = target;
    this.#gone = new Promise((resolve) => {
      const gone = (): void => void (this.#alive = false);
      client.on("end", gone).on("error", gone).on("close", gone).on("close", resolve);
    });
  }

  get alive(): boolean {
    return this.#alive;
  }

  async run(options: RunOptions): Promise<Session> {
    const bytes = await this.#channel<ClientChannel, SshChannel>(
      (opened) => this.#client.exec(options.line, options.terminal ? { pty: terminalSize } : {}, opened),
      (channel) => new SshChannel(channel, { terminal: options.terminal, host: this.#target.name }),
    );
    const screen = options.terminal ? await this.#terminal(terminalSize.cols, bytes) : plainScreen(options.codePage);
    const session = new ScreenSession({ channel: bytes, screen, onChunk: options.onChunk });
    const input = inputOf(options);
    // A program may end without reading its input: that is its own affair.
    if (input.bytes.length > 0) void bytes.write(input.bytes).catch(() => undefined);
    if (input.thenClose) bytes.endInput();
    return session;
  }

  async dialogue(
    options: DialogueOptions,
  ): Promise<{ readonly session: Session; readonly greeting: string; readonly halt: Halt }> {
    const { openDialogue } = await import("./dialogue.ts");
    const size = { ...terminalSize, cols: options.columns ?? terminalSize.cols };
    const bytes = await this.#channel<ClientChannel, SshChannel>(
      (opened) => this.#client.shell(size, opened),
      (channel) => new SshChannel(channel, { terminal: true, host: this.#target.name }),
    );
    return openDialogue(bytes, await this.#terminal(size.cols, bytes), options);
  }

  fetch(remotePath: string, localPath: string): Promise<FileFacts> {
    return this.#withFiles((files) => files.fetch(remotePath, localPath));
  }

  send(localPath: string, remotePath: string): Promise<FileFacts> {
    return this.#withFiles((files) => files.send(localPath, remotePath));
  }

  stat(remotePath: string): Promise<FileFacts | undefined> {
    return this.#withFiles((files) => files.stat(remotePath));
  }

  async close(): Promise<void> {
    this.#alive = false;
    this.#client.end();
    // A host that doesn't say goodbye is not waited for.
    const last = setTimeout(() => this.#client.destroy(), 1000);
    await this.#gone;
    clearTimeout(last);
  }

  async #withFiles<Result>(
    act: (files: Pick<Connection, "fetch" | "send" | "stat">) => Promise<Result>,
  ): Promise<Result> {
    const { files } = this.#target;
    switch (files) {
      case "none":
        throw new HostFailure(
          "unsupported",
          `Hosts of the kind of ${this.#target.name} take no files.`,
          "Say `files by sftp` or `files by scp` in its kind, if it can.",
        );
      case "sftp": {
        const { sftpFiles } = await import("./sftp.ts");
        return act(sftpFiles(await this.#sftpSession(), this.#target.name));
      }
      case "scp": {
        const { scpFiles } = await import("./scp.ts");
        const exec: ScpExec = (line, wrap) => this.#channel((opened) => this.#client.exec(line, opened), wrap);
        return act(scpFiles(exec, { name: this.#target.name, gone: this.#gone }));
      }
      default:
        return files satisfies never;
    }
  }

  /** One session of sftp serves all files; it is opened with the first, and anew when it was closed. */
  #sftpSession(): Promise<SftpSession> {
    this.#sftp ??= this.#channel<SFTPWrapper, SFTPWrapper>(
      (opened) => this.#client.sftp(opened),
      (session) => session,
    ).then(
      async (sftp) => {
        sftp.once("close", () => (this.#sftp = undefined));
        sftp.on("error", () => undefined); // each request says it
        const { SftpSession } = await import("./sftp.ts");
        return new SftpSession(sftp, this.#gone);
      },
      (error: unknown) => {
        this.#sftp = undefined;
        if (!this.#alive) throw error;
        throw new HostFailure(
          "unsupported",
          `${this.#target.name} offers no sftp.`,
          "Say `files by scp` in its kind, or turn on sftp in the server's configuration.",
        );
      },
    );
    return this.#sftp;
  }

  /**
   * Opens a channel when fewer than eight are open, and gives its place back when it closes.
   * @param wrap is called before anything else happens: an exit status may come in the same packet as the opening.
   */
  async #channel<Channel extends Closing, Wrapped>(
    open: Opening<Channel>,
    wrap: (channel: Channel) => Wrapped,
  ): Promise<Wrapped> {
    if (this.#open >= mostChannels) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#open++;
    const free = (): void => {
      const next = this.#waiting.shift();
      if (next === undefined) this.#open--;
      else next();
    };
    for (let tries = 1; ; tries++) {
      try {
        return await this.#openOnce(open, (channel) => {
          channel.once("close", free);
          return wrap(channel);
        });
      } catch (error) {
        if (error instanceof HostFailure) {
          free();
          throw error;
        }
        const why = error instanceof Error ? error.message : "it is closed";
        // A server counts a session a little longer than its channel lives, and some allow fewer than ours: opening does nothing yet.
        const full = this.#alive && /channel open failure/i.test(why) && (this.#open > 1 || tries < 20);
        if (full) await new Promise((resolve) => setTimeout(resolve, 50));
        else {
          free();
          throw this.#alive ? refusedChannel(this.#target, why) : lostConnection(this.#target);
        }
      }
    }
  }

  #openOnce<Channel, Wrapped>(open: Opening<Channel>, wrap: (channel: Channel) => Wrapped): Promise<Wrapped> {
    return new Promise((resolve, reject) => {
      if (!this.#alive) return reject(new Error("it is closed"));
      const lost = (): void => {
        clearTimeout(patience);
        reject(new Error("it is closed"));
      };
      // What starts after all when nobody waits for it any more is cut off with the connection.
      const patience = setTimeout(() => {
        reject(silentChannel(this.#target));
        void this.close();
      }, this.#target.connectTimeoutMs);
      this.#client.once("close", lost);
      try {
        open((error, channel) => {
          this.#client.off("close", lost);
          clearTimeout(patience);
          if (error) reject(error);
          else resolve(wrap(channel));
        });
      } catch (error) {
        // ssh2 throws when its socket is closed.
        clearTimeout(patience);
        this.#alive = false;
        reject(error instanceof Error ? error : new Error("it is closed"));
      }
    });
  }

  async #terminal(columns: number, channel: SshChannel): Promise<Screen> {
    const { terminalScreen } = await import("./terminal-screen.ts");
    // A terminal answers when it is asked where its cursor is or what it can do: line editors wait for that.
    return terminalScreen({
      columns,
      rows: terminalSize.rows,
      reply: (text) => void channel.write(Buffer.from(text, "latin1")).catch(() => undefined),
    });
  }
}

interface Closing {
  once(event: "close", listener: () => void): unknown;
}
type Opening<Channel> = (opened: (error: Error | undefined, channel: Channel) => void) => unknown;

function lostConnection(target: Target): HostFailure {
  return new HostFailure(
    "lost",
    `The connection to ${target.name} is lost.`,
    "It is made again for the next line; look whether the host restarted.",
  );
}

function silentChannel(target: Target): HostFailure {
  return new HostFailure(
    "no-answer",
    `${target.name} did not start it within ${target.connectTimeoutMs / 1000} s.`,
    "Look whether the host is overloaded, and at its server's log.",
  );
}

function refusedChannel(target: Target, why: string): HostFailure {
  return new HostFailure(
    "refused",
    `${target.name} refused to start it: ${why}.`,
    "Look at the server's log, and at MaxSessions and ForceCommand in its configuration.",
  );
}
