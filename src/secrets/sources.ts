// Reading a secret from where the runbook says that it is. Its value never stands in a message.
import { spawn } from "node:child_process";
import { readFile, stat } from "node:fs/promises";

import { Secret } from "./secret.ts";

/** Where a secret comes from. */
export type SecretSource =
  | { readonly type: "env"; readonly variable: string }
  | { readonly type: "prompt" }
  /** `path` as this process opens it. */
  | { readonly type: "file"; readonly path: string }
  /** Run by /bin/sh on this machine; its first line is the secret. */
  | { readonly type: "command"; readonly command: string };

/** What reading takes from outside. */
export interface SecretReading {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Asks at the terminal without showing what is typed; undefined when there is no terminal or nobody answers. */
  readonly ask: (name: string) => Promise<string | undefined>;
  /** Milliseconds that a command may take. */
  readonly commandTimeoutMs?: number;
  /** Of the process that runs the command, for instance after Ctrl-C. */
  readonly signal?: AbortSignal;
}

/** The secret, or a plain sentence why there is none and what to do. */
export type ReadSecret = { readonly secret: Secret; readonly warning?: string } | { readonly failure: string };

const mostBytes = 64 * 1024;

/** Reads the secret once. Never throws for what a person could have mistaken. */
export async function readSecret(name: string, source: SecretSource, reading: SecretReading): Promise<ReadSecret> {
  switch (source.type) {
    case "env":
      return fromEnvironment(name, source.variable, reading.environment[source.variable]);
    case "prompt": {
      const typed = await reading.ask(name);
      return typed === undefined
        ? {
            failure: `The secret ${name} is asked for at a terminal, and there was none to ask at. Take it "from env", "from file" or "from command" instead.`,
          }
        : checked(name, typed, "what was typed");
    }
    case "file":
      return fromFile(name, source.path);
    case "command":
      return fromCommand(name, source.command, reading);
  }
}

/** The source in words for the record `bound`: never with a value. */
export function describeSource(source: SecretSource): string {
  switch (source.type) {
    case "env":
      return `env ${source.variable}`;
    case "prompt":
      return "prompt";
    case "file":
      return `file ${source.path}`;
    case "command":
      return `command ${source.command}`;
  }
}

function fromEnvironment(name: string, variable: string, value: string | undefined): ReadSecret {
  if (value === undefined)
    return { failure: `The secret ${name} comes from the environment variable ${variable}, which is not set.` };
  return checked(name, value, `the environment variable ${variable}`);
}

async function fromFile(name: string, path: string): Promise<ReadSecret> {
  const from = `The secret ${name} comes from the file ${path}`;
  try {
    const status = await stat(path);
    if (status.isDirectory()) return { failure: `${from}, which is a folder.` };
    if (status.size > mostBytes)
      return { failure: `${from}, which has ${status.size} bytes; a secret has at most ${mostBytes}.` };
    const bytes = await readFile(path);
    const text = textOf(bytes);
    if (text === undefined) return { failure: `${from}, which is not UTF-8 text.` };
    const read = checked(name, text.replace(/\r?\n$/, ""), `the file ${path}`);
    const othersMayRead = process.platform !== "win32" && (status.mode & 0o044) !== 0;
    return "secret" in read && othersMayRead
      ? { ...read, warning: `${from}, which other accounts of this machine may read (chmod 600 ${path}).` }
      : read;
  } catch (error) {
    return { failure: `${from}, which can't be read: ${reasonOf(error)}.` };
  }
}

function fromCommand(name: string, command: string, reading: SecretReading): Promise<ReadSecret> {
  const from = `The secret ${name} comes from the command \`${command}\``;
  const limitMs = reading.commandTimeoutMs ?? 60_000;
  return new Promise((resolve) => {
    const child = spawn("/bin/sh", ["-c", command], {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...reading.environment },
      ...(reading.signal === undefined ? {} : { signal: reading.signal }),
    });
    const chunks: Buffer[] = [];
    let bytes = 0;
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill("SIGKILL");
      // What it started may still hold the pipe open: nobody waits for that.
      child.stdout.destroy();
    }, limitMs);
    child.stdout.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= mostBytes) chunks.push(chunk);
    });
    child.on("error", (error) => {
      clearTimeout(timer);
      resolve({ failure: `${from}, which could not be run: ${error.message}.` });
    });
    child.on("close", (status, signal) => {
      clearTimeout(timer);
      if (late) resolve({ failure: `${from}, which did not end within ${limitMs / 1000} s.` });
      else if (status !== 0)
        resolve({
          failure: `${from}, which ended with ${status === null ? `signal ${signal}` : `exit status ${status}`}.`,
        });
      else if (bytes > mostBytes)
        resolve({ failure: `${from}, which gave ${bytes} bytes; a secret has at most ${mostBytes}.` });
      else {
        const text = textOf(Buffer.concat(chunks));
        const line = text?.split(/\r?\n/, 1)[0];
        resolve(
          line === undefined
            ? { failure: `${from}, whose output is not UTF-8 text.` }
            : checked(name, line, `the command \`${command}\``),
        );
      }
    });
  });
}

function checked(name: string, value: string, where: string): ReadSecret {
  if (value === "") return { failure: `The secret ${name} is empty: ${where} holds nothing.` };
  if (value.includes("\0"))
    return { failure: `The secret ${name} holds a NUL character, which nothing that asks for it can take.` };
  return { secret: new Secret(name, value) };
}

function textOf(bytes: Buffer): string | undefined {
  try {
    // A byte order mark, which Windows editors write, is no part of a password.
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? error.code : undefined;
  if (code === "ENOENT") return "there is no such file";
  if (code === "EACCES" || code === "EPERM") return "this account may not read it";
  return error.message;
}
