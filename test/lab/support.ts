// Labs and real programs for the lab's tests.

import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { LabHost } from "../../src/lab/host.ts";
import { startLab } from "../../src/lab/lab.ts";
import type { Lab, LabHostOptions } from "../../src/lab/lab.ts";

/** A temporary folder that is gone after the test. */
export async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "ordo-lab-test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A lab that is closed after the test. */
export async function openLab(...hosts: readonly LabHostOptions[]): Promise<Lab> {
  const folder = await makeFolder();
  const lab = await startLab({ folder: join(folder, "lab"), ...(hosts.length === 0 ? {} : { hosts }) });
  onTestFinished(() => lab.close());
  return lab;
}

export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
}

/** Runs a real program to its end. */
export async function runProgram(
  command: readonly string[],
  options: { readonly input?: string; readonly cwd?: string; readonly environment?: Record<string, string> } = {},
): Promise<Ran> {
  const [program = "", ...args] = command;
  const child = spawn(program, args, {
    stdio: ["pipe", "pipe", "pipe"],
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: { ...process.env, ...options.environment },
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on("data", (bytes: Buffer) => stdout.push(bytes));
  child.stderr.on("data", (bytes: Buffer) => stderr.push(bytes));
  child.stdin.on("error", () => undefined);
  if (options.input === undefined) child.stdin.end();
  else child.stdin.end(options.input);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  return { stdout: Buffer.concat(stdout).toString("utf8"), stderr: Buffer.concat(stderr).toString("utf8"), code };
}

/** Options with which OpenSSH knows this host and asks nobody. */
export async function sshOptions(host: LabHost): Promise<readonly string[]> {
  const folder = await makeFolder();
  const knownHosts = join(folder, "known_hosts");
  await writeFile(knownHosts, `[127.0.0.1]:${host.port} ${host.publicHostKey}\n`);
  return [
    "-F",
    "none",
    "-o",
    `UserKnownHostsFile=${knownHosts}`,
    "-o",
    "GlobalKnownHostsFile=none",
    "-o",
    "StrictHostKeyChecking=yes",
    "-o",
    "PubkeyAuthentication=no",
    "-o",
    "NumberOfPasswordPrompts=1",
    "-o",
    "LogLevel=ERROR",
  ];
}

/** Runs the real ssh with a command; the password goes through sshpass. */
export async function ssh(
  host: LabHost,
  command: string | undefined,
  options: { readonly input?: string; readonly flags?: readonly string[] } = {},
): Promise<Ran> {
  return runProgram(
    [
      "sshpass",
      "-e",
      "ssh",
      // OpenSSH keeps the first value of an option.
      ...(options.flags ?? []),
      ...(await sshOptions(host)),
      "-p",
      String(host.port),
      `${host.user}@127.0.0.1`,
      ...(command === undefined ? [] : [command]),
    ],
    { ...(options.input === undefined ? {} : { input: options.input }), environment: { SSHPASS: host.password } },
  );
}

/** Runs the real scp with the old protocol (or another flag) in a folder. */
export async function scp(
  host: LabHost,
  cwd: string,
  paths: readonly string[],
  flags: readonly string[] = ["-O"],
): Promise<Ran> {
  return runProgram(
    ["sshpass", "-e", "scp", ...flags, ...(await sshOptions(host)), "-P", String(host.port), ...paths],
    {
      cwd,
      environment: { SSHPASS: host.password },
    },
  );
}
