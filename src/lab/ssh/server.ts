// An ssh server on loopback whose logins, sessions and faults belong to one simulated host.

import { timingSafeEqual } from "node:crypto";
import { createServer } from "node:net";
import type { Server, Socket } from "node:net";
import type {
  AuthContext,
  Connection,
  ParsedKey,
  PublicKeyAuthContext,
  ServerChannel,
  Session,
  SFTPWrapper,
} from "ssh2";
import type { Faults, Received } from "../host.ts";
import type { HostKey } from "./host-keys.ts";
import { resetSocket } from "./outlet.ts";

/** One session that a client opened: a channel, and what came before it. */
export interface SessionRequest {
  readonly channel: ServerChannel;
  readonly socket: Socket;
  readonly user: string;
  readonly hasPty: boolean;
  /** Waits until the client has read all that was sent: it answers a new key exchange in its turn. */
  readonly settle: () => Promise<void>;
  readonly environment: Readonly<Record<string, string>>;
}

/** What a host does with sessions. Without `sftp` the subsystem is refused. */
export interface SessionHandlers {
  readonly exec: (request: SessionRequest, command: string) => Promise<void>;
  readonly shell: (request: SessionRequest) => Promise<void>;
  readonly sftp?: (sftp: SFTPWrapper, socket: Socket) => void;
}

/** Who may log in and how. */
export interface Accounts {
  readonly passwords: ReadonlyMap<string, string>;
  /** Lines of an authorized_keys file; they hold for every account. */
  readonly publicKeys: readonly string[];
  /** What the server offers, in this order. */
  readonly methods: readonly ("password" | "keyboard-interactive" | "publickey")[];
}

/** Everything that a server needs to know about its host. */
export interface SshServerOptions {
  readonly address: string;
  readonly port: number;
  readonly hostKey: HostKey;
  readonly accounts: Accounts;
  readonly faults: Faults;
  readonly handlers: SessionHandlers;
  readonly received: (item: Received) => void;
  /** Restricts the server to what old appliances offer. */
  readonly algorithms?: "old" | undefined;
}

/** A running server. */
export interface SshServer {
  readonly port: number;
  resetConnections(): void;
  close(): Promise<void>;
}

/** OpenSSH's default; a client that opens more at once is refused. */
const maxSessions = 10;
/** The appliance drops a connection that has not logged in after two minutes. */
const loginLimitMs = 120_000;

/** Listens on a loopback address and serves until closed. Throws when the port is taken. */
export async function startSshServer(options: SshServerOptions): Promise<SshServer> {
  const { default: ssh2 } = await import("ssh2");
  const { makeHostKey } = await import("./host-keys.ts");
  const sockets = new Set<Socket>();
  const authorized = options.accounts.publicKeys.map((line) => ssh2.utils.parseKey(line)).filter(isParsedKey);
  let otherKey: HostKey | undefined;

  const listener = createServer((socket) => {
    socket.on("error", () => undefined);
    if (options.faults.find("drop-connection") !== undefined) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.once("close", () => sockets.delete(socket));
    serve(socket).catch(() => socket.destroy());
  });

  // One ssh2 server for each connection: its host key can then differ from the last one's, and its socket is known.
  async function serve(socket: Socket): Promise<void> {
    let hostKey = options.hostKey;
    if (options.faults.find("other-host-key") !== undefined) hostKey = otherKey ??= await makeHostKey();
    const server = new ssh2.Server(
      { hostKeys: [hostKey.private], ...(options.algorithms === "old" ? { algorithms: oldAlgorithms } : {}) },
      (connection) => serveConnection({ connection, socket, options, authorized }),
    );
    server.on("error", () => socket.destroy());
    server.injectSocket(socket);
  }

  await listen(listener, options.port, options.address);
  const address = listener.address();
  const port = typeof address === "object" && address !== null ? address.port : options.port;
  return {
    port,
    resetConnections: () => sockets.forEach(resetSocket),
    close: () => {
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      return closed;
    },
  };
}

/** Begins to listen on loopback; throws the system's error when the port is taken. */
export async function listen(server: Server, port: number, loopback = "127.0.0.1"): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, loopback, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

// What boxes of the 4.x and 5.x years offer; current clients must be told to accept it.
const oldAlgorithms = {
  kex: ["diffie-hellman-group14-sha1" as const],
  cipher: ["aes256-cbc" as const, "aes128-cbc" as const],
  hmac: ["hmac-sha1" as const],
};

function isParsedKey(key: ParsedKey | Error): key is ParsedKey {
  return !(key instanceof Error);
}

interface Served {
  readonly connection: Connection;
  readonly socket: Socket;
  readonly options: SshServerOptions;
  readonly authorized: readonly ParsedKey[];
}

function serveConnection({ connection, socket, options, authorized }: Served): void {
  let user = "";
  let sessions = 0;
  const settle = (): Promise<void> =>
    new Promise((resolve) => {
      socket.once("close", () => resolve());
      if (socket.destroyed) resolve();
      else connection.rekey(() => resolve());
    });
  const limit = setTimeout(() => socket.destroy(), loginLimitMs).unref();
  connection.on("error", () => undefined);
  connection.on("close", () => clearTimeout(limit));
  connection.on("ready", () => clearTimeout(limit));
  connection.on("authentication", (context) => {
    user = context.username;
    authenticate(context, options, authorized);
  });
  connection.on("session", (accept, refuse) => {
    if (sessions >= maxSessions) {
      refuse();
      return;
    }
    sessions++;
    const session = accept();
    session.on("close", () => {
      sessions--;
    });
    serveSession({ session, socket, user, settle, options });
  });
}

interface ServedSession {
  readonly session: Session;
  readonly socket: Socket;
  readonly user: string;
  readonly settle: () => Promise<void>;
  readonly options: SshServerOptions;
}

function serveSession({ session, socket, user, settle, options }: ServedSession): void {
  let hasPty = false;
  const environment: Record<string, string> = {};
  const { handlers, received } = options;
  const request = (channel: ServerChannel): SessionRequest => {
    // A client that vanishes in mid-write is no error of the lab's.
    channel.on("error", () => undefined);
    return { channel, socket, user, hasPty, settle, environment };
  };
  session.on("pty", (accept) => {
    hasPty = true;
    accept?.();
  });
  session.on("env", (accept, _refuse, info) => {
    // Like OpenSSH as Debian ships it: AcceptEnv LANG LC_*, everything else vanishes.
    if (/^(?:LANG|LC_\w+)$/.test(info.key)) environment[info.key] = info.val;
    accept?.();
  });
  session.on("window-change", (accept) => accept?.());
  session.on("signal", (accept) => accept?.());
  session.on("exec", (accept, _refuse, info) => {
    received({ type: "exec", command: info.command });
    const channel = accept();
    watch(handlers.exec(request(channel), info.command), channel);
  });
  session.on("shell", (accept) => {
    received({ type: "shell" });
    const channel = accept();
    watch(handlers.shell(request(channel)), channel);
  });
  session.on("subsystem", (_accept, refuse, info) => {
    received({ type: "subsystem", name: info.name, accepted: false });
    refuse();
  });
  const { sftp } = handlers;
  if (sftp !== undefined) {
    session.on("sftp", (accept) => {
      received({ type: "subsystem", name: "sftp", accepted: true });
      sftp(accept(), socket);
    });
  }
}

// A bug of the lab must be seen by whoever tests against it, and must not take the other hosts down.
function watch(work: Promise<void>, channel: ServerChannel): void {
  work.catch((error: unknown) => {
    channel.stderr.write(`lab: ${String(error)} [sim]\n`);
    channel.exit(254);
    channel.close();
  });
}

function authenticate(context: AuthContext, options: SshServerOptions, authorized: readonly ParsedKey[]): void {
  const { accounts, faults, received } = options;
  const methods = [...accounts.methods];
  const isRefused = faults.find("refuse-login") !== undefined;
  const expected = accounts.passwords.get(context.username);
  const decide = (isAccepted: boolean, password?: string): void => {
    const accepted = isAccepted && !isRefused;
    received({
      type: "login",
      user: context.username,
      method: context.method,
      ...(password === undefined ? {} : { password }),
      accepted,
    });
    if (accepted) context.accept();
    else context.reject(methods);
  };
  const isOffered = methods.some((method) => method === context.method);
  if (context.method === "none" || !isOffered) {
    context.reject(methods);
  } else if (context.method === "password") {
    decide(expected !== undefined && isSameText(context.password, expected), context.password);
  } else if (context.method === "keyboard-interactive") {
    context.prompt([{ prompt: "Password: ", echo: false }], (answers) => {
      const answer = answers[0] ?? "";
      decide(expected !== undefined && isSameText(answer, expected), answer);
    });
  } else if (context.method === "publickey") {
    const isKnown = authorized.some((key) => isSigner(context, key)) && expected !== undefined;
    // Without a signature the client only asks whether the key would do; that is no attempt yet.
    if (context.signature === undefined && isKnown && !isRefused) context.accept();
    else decide(isKnown);
  } else {
    context.reject(methods);
  }
}

function isSigner(context: PublicKeyAuthContext, key: ParsedKey): boolean {
  if (key.type !== context.key.algo && !(key.type === "ssh-rsa" && context.key.algo.startsWith("rsa-sha2-")))
    return false;
  const blob = key.getPublicSSH();
  if (blob.length !== context.key.data.length || !timingSafeEqual(blob, context.key.data)) return false;
  if (context.signature === undefined || context.blob === undefined) return true;
  return key.verify(context.blob, context.signature, context.hashAlgo);
}

function isSameText(left: string, right: string): boolean {
  const a = Buffer.from(left);
  const b = Buffer.from(right);
  return a.length === b.length && timingSafeEqual(a, b);
}
