// The built program as a child process: what a person at a shell, a pipe or a scheduler would have started.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

/** `bin/ordo.js` of this repository; it runs what `npm run build` made. */
export const ordoPath = join(import.meta.dirname, "..", "..", "bin", "ordo.js");

/** `runbooks/` of this repository. */
export const runbooksPath = join(import.meta.dirname, "..", "..", "runbooks");

export interface ProgramOptions {
  /** Where it is started; a workspace's folder. */
  readonly cwd: string;
  /** Beside PATH, HOME (the folder it is started in) and LANG. */
  readonly env?: Readonly<Record<string, string>>;
  /** What stands on its standard input, which ends after it; nothing, without it. */
  readonly input?: string;
  /** An open file in place of the pipe from its standard output. */
  readonly stdout?: number;
}

export interface Ran {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

export interface Running {
  readonly pid: number;
  /** What it has printed so far, on both streams. */
  printed(): string;
  /** Resolves when one of its streams holds the text; throws when it ends without. */
  until(text: string): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  /** Closes this end of its standard output, as `| head -1` does. */
  leaveStdout(): void;
  readonly ended: Promise<Ran>;
}

/** Starts `ordo` with these words, without any shell; it is killed when the test is over. */
export function startOrdo(words: readonly string[], options: ProgramOptions): Running {
  return startProgram([process.execPath, ordoPath, ...words], options);
}

/** Runs `ordo` to its end. */
export function ordo(words: readonly string[], options: ProgramOptions): Promise<Ran> {
  return startOrdo(words, options).ended;
}

/** Starts any program in the same way. */
export function startProgram([program = "", ...words]: readonly string[], options: ProgramOptions): Running {
  const child = spawn(program, words, {
    cwd: options.cwd,
    stdio: ["pipe", options.stdout ?? "pipe", "pipe"],
    env: environment(options),
  });
  const texts = { out: "", err: "" };
  let wake = (): void => undefined;
  let over = false;
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    texts.out += text;
    wake();
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    texts.err += text;
    wake();
  });
  child.stdin?.on("error", () => undefined);
  child.stdin?.end(options.input ?? "");
  const ended = new Promise<Ran>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status, signal) => {
      over = true;
      wake();
      resolve({ status, signal, ...texts });
    });
  });
  ended.catch(() => undefined);
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  const printed = (): string => texts.out + texts.err;
  return {
    pid: child.pid ?? -1,
    printed,
    async until(text) {
      while (!texts.out.includes(text) && !texts.err.includes(text)) {
        if (over) throw new Error(`it ended without "${text}":\n${printed()}`);
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
    kill: (signal) => child.kill(signal),
    leaveStdout: () => child.stdout?.destroy(),
    ended,
  };
}

/** What the child sees of this process's environment: nothing that colours, configures or leads to a person's own files. */
export function environment({ cwd, env }: Pick<ProgramOptions, "cwd" | "env">): Record<string, string> {
  return { PATH: process.env["PATH"] ?? "", HOME: cwd, LANG: "C.UTF-8", ...env };
}

/** A folder of a test's own with these files in it, gone after the test. */
export function makeWorkspace(files: Readonly<Record<string, string | Buffer>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "ordo-cli-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFiles(folder, files);
  return folder;
}

/** Writes files under a folder. */
export function writeFiles(folder: string, files: Readonly<Record<string, string | Buffer>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

/** The folders of the transcripts under `transcripts/` of a folder, oldest first. */
export function transcriptsIn(folder: string): string[] {
  try {
    return readdirSync(join(folder, "transcripts"))
      .filter((name) => /^\d{4}-/.test(name))
      .toSorted()
      .map((name) => join(folder, "transcripts", name));
  } catch {
    return [];
  }
}

/** A record as it stands in the file, for tests that read it from outside. */
export type RawRecord = Readonly<Record<string, unknown>> & { readonly n: number; readonly type: string };

/** The whole records of a transcript's folder; a torn last line is left out. */
export function recordsOf(folder: string): RawRecord[] {
  return readFileSync(join(folder, "transcript.jsonl"), "utf8")
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as RawRecord); // read from outside: its shape is what the tests look at
}

/** The one transcript that a run left in a folder. */
export function onlyTranscript(folder: string): string {
  const [only, ...more] = transcriptsIn(folder);
  if (only === undefined || more.length > 0)
    throw new Error(`${more.length + (only ? 1 : 0)} transcripts in ${folder}`);
  return only;
}
