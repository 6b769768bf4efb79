// An interactive session with a host of the lab, by ssh2's own client: what was shown, and what is typed.

import ssh2 from "ssh2";
import type { Client } from "ssh2";
import { onTestFinished } from "vitest";
import type { LabHost } from "../../src/lab/host.ts";
import type { Ran } from "./support.ts";

export interface Shell {
  /** Waits until this text was shown after the last wait's end; gives what came up to it. Rejects when the session ends first. */
  until(text: string): Promise<string>;
  /** Types a text and Enter. */
  type(text: string): void;
  /** Waits for the end of the session or of its connection; gives what was shown since the last wait. */
  ended(): Promise<string>;
  /** How the pieces came: each element is one packet's data. */
  readonly pieces: readonly string[];
  readonly exit: number | undefined;
}

/** Connects with the host's password; the key is not checked here. */
export async function connect(host: LabHost, password = host.password): Promise<Client> {
  const client = new ssh2.Client();
  onTestFinished(() => {
    client.destroy();
  });
  await new Promise<void>((resolve, reject) => {
    client
      .on("ready", resolve)
      .on("error", reject)
      .on("close", () => reject(new Error("closed before login")));
    client.connect({
      host: host.address,
      port: host.port,
      username: host.user,
      password,
      // ssh2 would try "none" first; the lab counts no such attempt.
      authHandler: ["password"],
      hostVerifier: () => true,
    });
  });
  client.on("error", () => undefined);
  return client;
}

/** Opens a shell, with a terminal unless told otherwise. */
export async function openShell(host: LabHost, options: { readonly pty?: boolean } = {}): Promise<Shell> {
  const client = await connect(host);
  const stream = await new Promise<ssh2.ClientChannel>((resolve, reject) => {
    client.shell(options.pty === false ? false : { term: "xterm", cols: 200, rows: 50 }, (error, channel) =>
      error === undefined ? resolve(channel) : reject(error),
    );
  });
  let shown = "";
  let isEnded = false;
  let exit: number | undefined;
  const pieces: string[] = [];
  const waiting = new Set<() => void>();
  const wake = (): void => {
    // A set may lose members while it is walked.
    for (const look of waiting) look();
  };
  stream.setEncoding("utf8");
  stream.on("data", (piece: string) => {
    shown += piece;
    pieces.push(piece);
    wake();
  });
  stream.on("exit", (code: number) => {
    exit = code;
  });
  stream.on("close", () => {
    isEnded = true;
    wake();
  });
  return {
    pieces,
    get exit() {
      return exit;
    },
    until: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const at = shown.indexOf(text);
          if (at === -1 && !isEnded) return;
          waiting.delete(look);
          if (at === -1) {
            reject(new Error(`the session ended before ${JSON.stringify(text)}; it showed ${JSON.stringify(shown)}`));
            return;
          }
          const seen = shown.slice(0, at + text.length);
          shown = shown.slice(seen.length);
          resolve(seen);
        };
        waiting.add(look);
        look();
      }),
    type: (text) => {
      stream.write(`${text}\r`);
    },
    ended: () =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!isEnded) return;
          waiting.delete(look);
          resolve(shown);
        };
        waiting.add(look);
        look();
      }),
  };
}

// One connection a host and test; tests that count logins use the real ssh.
const connections = new WeakMap<LabHost, Promise<Client>>();

/** Runs a command by ssh2's own client, which is cheaper than a process: its output, and its 32-bit exit status. */
export async function exec(host: LabHost, command: string, options: { readonly input?: string } = {}): Promise<Ran> {
  let connection = connections.get(host);
  if (connection === undefined) {
    connection = connect(host);
    connections.set(host, connection);
  }
  const client = await connection;
  return new Promise((resolve, reject) => {
    // Listeners are added in the callback itself: one packet later the exit status may have come and gone.
    client.exec(command, (error, channel) => {
      if (error !== undefined) {
        reject(error);
        return;
      }
      const stdout: Buffer[] = [];
      const stderr: Buffer[] = [];
      let code: number | null = null;
      channel.on("data", (bytes: Buffer) => stdout.push(bytes));
      channel.stderr.on("data", (bytes: Buffer) => stderr.push(bytes));
      channel.on("exit", (status: number | null) => {
        code = status;
      });
      channel.on("close", () => {
        resolve({
          stdout: Buffer.concat(stdout).toString("utf8"),
          stderr: Buffer.concat(stderr).toString("utf8"),
          code,
        });
      });
      channel.end(options.input ?? "");
    });
  });
}
