// The one interface to a host, whatever carries it: this machine, ssh, an interactive shell, a recording.
// `run` knows nothing else of hosts.
import type { Secret } from "../secrets/secret.ts";

/** How a host is reached and who it must be: all from the inventory, secrets already read from their sources. */
export interface Target {
  readonly name: string;
  /** `here` is this machine: no ssh. */
  readonly here: boolean;
  readonly address: string;
  readonly port: number;
  /** undefined: the name of the account that runs `ordo`. */
  readonly user?: string;
  readonly password?: Secret;
  /** Path of a private key. Without `password` and `key` the agent's keys and the usual key files are not tried: one method, once. */
  readonly key?: string;
  /** `SHA256:…`; undefined: known_hosts decides. */
  readonly hostKey?: string;
  /** Paths of known_hosts files, in order (the user's, then the system's). */
  readonly knownHosts: readonly string[];
  readonly allowWeakAlgorithms: readonly string[];
  readonly files: "sftp" | "scp" | "none";
  readonly connectTimeoutMs: number;
}

/** What a connection says of itself, for the record `connected`. */
export interface ConnectionFacts {
  readonly address: string;
  readonly port: number;
  readonly account: string;
  /** `password`, `key`, `agent`, `none` (this machine). */
  readonly authenticated: string;
  /** `SHA256:…`; undefined on this machine. */
  readonly hostKey?: string;
  /** Why the host key was trusted: `pinned in the inventory`, `known_hosts FILE:LINE`. */
  readonly trustedBecause?: string;
  readonly serverVersion?: string;
  readonly algorithms?: Readonly<Record<string, string>>;
}

/** Bytes as they came. `screen`: from a terminal, where out and err are one. */
export interface Chunk {
  readonly stream: "out" | "err" | "screen";
  readonly bytes: Uint8Array;
}

/** How a command ended. `lost`: the connection went first, so nobody knows whether it did its work. */
export type Exit =
  | { readonly type: "status"; readonly status: number }
  | { readonly type: "signal"; readonly signal: string }
  | { readonly type: "lost"; readonly reason: string };

/** Why reading stopped for now. `text` is what a person has seen since the last `send`, rendered, without the echo and the prompt. */
export type Halt =
  /** A dialogue's prompt stands on the last line: it waits for the next command. */
  | { readonly type: "prompt"; readonly text: string; readonly prompt: string }
  /** A text that was watched for stands at the screen's end; `index` of it in `Watch.questions`. */
  | { readonly type: "question"; readonly text: string; readonly screen: string; readonly index: number }
  /** Silence with text on the cursor's line that no one declared: an undeclared question. */
  | { readonly type: "silence"; readonly text: string; readonly screen: string }
  | { readonly type: "timeout"; readonly text: string; readonly screen: string }
  /** `stop` was called: the operator interrupted. */
  | { readonly type: "stopped"; readonly text: string; readonly screen: string }
  | { readonly type: "ended"; readonly text: string; readonly exit: Exit };

export interface Watch {
  /** Each says whether what has come since the last `send` now waits with its question (text: rendered, from there to the cursor). */
  readonly questions: readonly ((text: string) => boolean)[];
  /** Milliseconds of silence after which text on the cursor's line is a question; undefined: never. */
  readonly idleMs?: number;
  /** Milliseconds from now after which `timeout` is given; Infinity: never. */
  readonly withinMs: number;
}

/** A running command, or an open dialogue. One reader at a time: `next` is not called again before it answered. */
export interface Session {
  /** Reads until something is to be decided; the pieces went to `onChunk` as they came. */
  next(watch: Watch): Promise<Halt>;
  /**
   * Sends a line and its Enter (on a terminal `\r`, else `\n`). `echo`: wait for the host's echo of the text before Enter
   * (for commands in dialogues; not for secrets). Rejects with `HostFailure` when the connection is gone.
   */
  send(line: string | Secret, options: { readonly echo: boolean }): Promise<void>;
  /** Sends bytes as they are, such as a pager's blank. */
  sendRaw(text: string): Promise<void>;
  /** Nothing more is written to standard input (with `holdInput`). */
  endInput?(): Promise<void>;
  /** Makes a pending `next` answer `stopped`; nothing is sent. */
  stop(): void;
  /** Ends this session now (a running command is cut off). The connection stays usable unless it was a dialogue's. */
  close(): Promise<void>;
}

/** What a shell session is given. */
export interface RunOptions {
  /** The exact text for ssh's exec (or /bin/sh -c on this machine): quoting was done by `plan`. */
  readonly line: string;
  /** Asks for a terminal (refused on windows): out and err come as `screen`. */
  readonly terminal: boolean;
  /** Written to standard input and then closed; undefined with a terminal: stays open; undefined without: empty. */
  readonly input?: string | Secret;
  /** Standard input stays open until `endInput`: sudo asks before anything may be written to the command's own input. */
  readonly holdInput?: boolean;
  /** A first part of standard input that the wrapper in `line` reads (secrets for the environment), before `input`. */
  readonly preamble?: Secret;
  /** A promise holds the reading until it resolves: whoever keeps the bytes is behind. */
  readonly onChunk: (chunk: Chunk) => void | Promise<void>;
  /** Code page for bytes that are no UTF-8 (`cp850`); undefined: UTF-8 alone. */
  readonly codePage?: string;
}

/** The prompt rules of a kind with a dialogue, compiled. */
export interface DialogueOptions {
  /** Whether this line (the last on the screen, rendered) is the shell's prompt. */
  readonly isPrompt: (line: string) => boolean;
  /** Patterns of the pager and what is sent at them. */
  readonly pagers: readonly { readonly matches: (line: string) => boolean; readonly send: string }[];
  /** A promise holds the reading until it resolves: whoever keeps the bytes is behind. */
  readonly onChunk: (chunk: Chunk) => void | Promise<void>;
  /** Called before a pager is answered, with its line and what is sent at it; what it returns is awaited. */
  readonly onPage?: (line: string, keys: string) => void | Promise<void>;
  readonly idleMs: number;
  readonly withinMs: number;
  readonly columns?: number;
}

/** A file as it lies on a host. */
export interface FileFacts {
  readonly sizeBytes: number;
  readonly sha256: string;
}

export interface Connection {
  readonly facts: ConnectionFacts;
  run(options: RunOptions): Promise<Session>;
  /** Opens the interactive shell and reads to its first prompt; `greeting` is what was said before it. */
  dialogue(
    options: DialogueOptions,
  ): Promise<{ readonly session: Session; readonly greeting: string; readonly halt: Halt }>;
  /** Copies a file of the host to a local path (written under a temporary name, then renamed). Resolves with what arrived. */
  fetch(remotePath: string, localPath: string): Promise<FileFacts>;
  /** Copies a local file to the host (temporary name and rename where the way of copying allows). Resolves with what lies there, read back. */
  send(localPath: string, remotePath: string): Promise<FileFacts>;
  /** The file's size and SHA-256 on the host; undefined: it is not there. */
  stat(remotePath: string): Promise<FileFacts | undefined>;
  /** Whether the connection still stands (a lost one is made again for the next line). */
  readonly alive: boolean;
  close(): Promise<void>;
}

/** Why a host could not be used: the machine's or network's failure, with words for the operator. Secrets are never in it. */
export class HostFailure extends Error {
  readonly reason: HostFailureReason;
  /** What the operator can do, in one sentence. */
  readonly wayOn: string;

  constructor(reason: HostFailureReason, message: string, wayOn: string) {
    super(message);
    this.name = "HostFailure";
    this.reason = reason;
    this.wayOn = wayOn;
  }
}

export type HostFailureReason =
  | "name-not-found"
  | "unreachable"
  | "refused"
  | "no-answer"
  | "reset"
  | "host-key-changed"
  | "host-key-unknown"
  | "login-refused"
  | "key-unreadable"
  | "no-common-algorithm"
  | "file-missing"
  | "file-refused"
  | "lost"
  | "unsupported";

/** Makes connections; `run` gets one, tests and replay give another. */
export type Connect = (target: Target, signal: AbortSignal) => Promise<Connection>;
