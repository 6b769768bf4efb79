// An ssh server whose every answer a test writes: logins, programs, shells. On ssh2's server, loopback, one host key.
import { createHash } from "node:crypto";
import { createServer, connect } from "node:net";
import type { Socket } from "node:net";
import ssh2 from "ssh2";
import type { AuthContext, Connection, ServerChannel } from "ssh2";

export interface ScriptedSsh {
  readonly port: number;
  readonly hostKey: string;
  /** One line for each attempt to log in: `none`, `password PASSWORD`, `keyboard-interactive`, `publickey`. */
  readonly attempts: readonly string[];
  /** How many connections there were. */
  connections(): number;
  /** Drops every connection on the floor, as a dying network does. */
  reset(): void;
  stop(): Promise<void>;
}

export interface Script {
  /** Decides about a login; without it everybody is let in by any password. */
  readonly login?: (context: AuthContext) => void;
  readonly exec?: (line: string, channel: ServerChannel, client: Connection) => void;
  readonly shell?: (channel: ServerChannel, client: Connection) => void;
  /** Lets everybody in and then answers nothing that is asked. */
  readonly mute?: true;
  /** Further settings of ssh2's server, such as weak algorithms. */
  readonly algorithms?: ssh2.Algorithms;
  readonly key?: string;
}

/** A host key of its own for each call. */
export function newKey(type: "ed25519" | "rsa" = "ed25519"): string {
  for (;;) {
    const key =
      type === "ed25519"
        ? ssh2.utils.generateKeyPairSync("ed25519").private
        : ssh2.utils.generateKeyPairSync("rsa", { bits: 2048 }).private;
    // About one in some hundred of ssh2's own Ed25519 keys it can't read itself.
    if (!(ssh2.utils.parseKey(key) instanceof Error)) return key;
  }
}

export async function startScriptedSsh(script: Script): Promise<ScriptedSsh> {
  const key = script.key ?? newKey();
  const parsed = ssh2.utils.parseKey(key);
  if (parsed instanceof Error) throw parsed;
  const attempts: string[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const inner = new ssh2.Server(
    { hostKeys: [key], ...(script.algorithms === undefined ? {} : { algorithms: script.algorithms }) },
    (client) => {
      connections++;
      // ssh2's types don't show it on a server's connection; without it every answer of a shell waits for Nagle's algorithm.
      (client as unknown as { setNoDelay?: (on: boolean) => void }).setNoDelay?.(true);
      client.on("error", () => undefined);
      client.on("authentication", (context) => {
        attempts.push(context.method === "password" ? `password ${context.password}` : context.method);
        if (script.login !== undefined) script.login(context);
        else if (context.method === "password") context.accept();
        else context.reject(["password"]);
      });
      client.on("session", (accept) => {
        const session = accept();
        if (script.mute === true) {
          session
            .on("pty", () => undefined)
            .on("exec", () => undefined)
            .on("shell", () => undefined)
            .on("sftp", () => undefined);
          return;
        }
        session.on("pty", (acceptPty) => acceptPty?.());
        session.on("exec", (acceptExec, _reject, { command }) => {
          const channel = acceptExec();
          channel.on("error", () => undefined);
          script.exec?.(command, channel, client);
        });
        session.on("shell", (acceptShell) => {
          const channel = acceptShell();
          channel.on("error", () => undefined);
          script.shell?.(channel, client);
        });
      });
    },
  );
  await new Promise<void>((resolve) => inner.listen(0, "127.0.0.1", resolve));
  const innerPort = portOf(inner.address());
  // In front of it a relay, so that a test can cut the wire itself.
  const relay = createServer((socket) => {
    const onward = connect(innerPort, "127.0.0.1");
    for (const end of [socket, onward]) {
      sockets.add(end);
      end.setNoDelay(true);
      end
        .on("error", () => undefined)
        .on("close", () => {
          sockets.delete(end);
          socket.destroy();
          onward.destroy();
        });
    }
    socket.pipe(onward).pipe(socket);
  });
  await new Promise<void>((resolve) => relay.listen(0, "127.0.0.1", resolve));
  return {
    port: portOf(relay.address()),
    hostKey: `SHA256:${createHash("sha256").update(parsed.getPublicSSH()).digest("base64").replace(/=+$/, "")}`,
    attempts,
    connections: () => connections,
    reset() {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => relay.close(() => resolve()));
      await new Promise<void>((resolve) => inner.close(() => resolve()));
    },
  };
}

function portOf(address: string | { readonly port: number } | null): number {
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
