// cmd.exe, as far as operators' lines need it: echo, type, cd, dir, ver, set, copy, del, mkdir, exit, and programs.

import { appendFile, copyFile, mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import { splitArguments } from "./argv.ts";
import { expandPercents, splitCommands } from "./cmd-line.ts";
import { Printed } from "./machine.ts";
import type { ProgramStart, WindowsPlace } from "./machine.ts";
import { findProgram, readBytes } from "./programs.ts";

/** cmd cuts longer lines on a real machine; it says so and does nothing. */
const longestLine = 8191;

/** The version that `ver` prints. */
export const windowsVersion = "10.0.17763.5936";

/** Runs a line and gives its exit status. */
export async function runCmd(start: ProgramStart): Promise<number> {
  const { place, line, printed } = start;
  if (line.length > longestLine) {
    printed.print("The command line is too long. [sim]\n", { to: "err" });
    return 1;
  }
  const commands = splitCommands(expandPercents(line, (name) => findVariable(place, name)));
  if (commands === undefined) {
    printed.print("The lab's cmd has no pipes and no input redirection. [sim]\n", { to: "err" });
    return 1;
  }
  let status = 0;
  for (const command of commands) {
    if ((command.after === "success" && status !== 0) || (command.after === "failure" && status === 0)) continue;
    const own = new Printed();
    const ended = await runOne({ ...start, line: command.text, printed: own });
    status = ended.status;
    if (command.err === "out") own.out.push(...own.err.splice(0));
    if (command.err === "nul") own.err.splice(0);
    if (command.out === undefined) printed.out.push(...own.out);
    else if (!(await redirect(start, command.out, Buffer.concat(own.out)))) status = 1;
    printed.err.push(...own.err);
    if (ended.isExit) break;
  }
  return status;
}

/** A variable by its name, in any case; `CD` is the folder. */
export function findVariable(place: WindowsPlace, name: string): string | undefined {
  const key = name.toUpperCase();
  return key === "CD" ? place.folder : place.environment.get(key);
}

interface Ended {
  readonly status: number;
  readonly isExit?: boolean;
}

type Builtin = (start: ProgramStart, rest: string) => Promise<Ended> | Ended;

async function runOne(start: ProgramStart): Promise<Ended> {
  const line = start.line.replace(/^@/, "");
  const builtinName = /^[A-Za-z]+/.exec(line)?.[0] ?? "";
  const builtin = builtins.get(builtinName.toLowerCase());
  if (builtin !== undefined && /^(?:$|[\s.\\/:;,="])/.test(line.slice(builtinName.length))) {
    return builtin(start, line.slice(builtinName.length));
  }
  // The program's name ends at the first blank outside quotes; what follows is its own to split.
  const match = /^((?:"[^"]*"|[^\s"])+)\s*(.*)$/s.exec(line);
  const file = (match?.[1] ?? "").replaceAll('"', "");
  const program = findProgram(start.machine, start.place, file);
  if (program === undefined) {
    start.printed.print(
      `'${match?.[1] ?? line}' is not recognized as an internal or external command,\noperable program or batch file. [sim]\n`,
      { to: "err" },
    );
    return { status: 1 };
  }
  return { status: await program({ ...start, line: match?.[2] ?? "" }) };
}

const noFile = "The system cannot find the file specified. [sim]\n";
const noPath = "The system cannot find the path specified. [sim]\n";

const builtins: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  [
    "echo",
    ({ printed }, rest) => {
      printed.print(rest.trim() === "" ? "ECHO is on.\n" : `${rest.slice(1)}\n`);
      return { status: 0 };
    },
  ],
  [
    "ver",
    ({ printed }) => {
      printed.print(`\nMicrosoft Windows [Version ${windowsVersion}]\n`);
      return { status: 0 };
    },
  ],
  ["exit", (_start, rest) => ({ status: Number(/-?\d+/.exec(rest)?.[0] ?? 0), isExit: true })],
  [
    "type",
    async ({ machine, place, printed }, rest) => {
      const content = await readBytes(machine, place, splitArguments(rest)[0] ?? "");
      if (content === undefined) return fail(printed, noFile);
      printed.out.push(content);
      return { status: 0 };
    },
  ],
  ["cd", changeFolder],
  ["chdir", changeFolder],
  [
    "set",
    ({ place, printed }, rest) => {
      const match = /^\s+"?([^=]+)=([^"]*)"?$/.exec(rest);
      if (match !== null) place.environment.set((match[1] ?? "").toUpperCase(), match[2] ?? "");
      else for (const [name, value] of place.environment) printed.print(`${name}=${value}\n`);
      return { status: 0 };
    },
  ],
  ["dir", listFolder],
  [
    "copy",
    async ({ machine, place, printed }, rest) => {
      const [from = "", to = "."] = splitArguments(rest).filter((word) => !word.startsWith("/"));
      const source = machine.drive.real(from, place.folder);
      let target = machine.drive.real(to, place.folder);
      if (source === undefined || target === undefined || !(await isThere(source))) return fail(printed, noFile);
      if (await isFolder(target)) target = `${target}/${from.split(/[\\/]/).at(-1)}`;
      await copyFile(source, target);
      printed.print("        1 file(s) copied.\n");
      return { status: 0 };
    },
  ],
  ["del", remove],
  ["erase", remove],
  ["mkdir", makeFolder],
  ["md", makeFolder],
]);

async function changeFolder({ machine, place, printed }: ProgramStart, rest: string): Promise<Ended> {
  const wanted = rest
    .replace(/^\s*\/d\b/i, "")
    .trim()
    .replaceAll('"', "");
  if (wanted === "") {
    printed.print(`${place.folder}\n`);
    return { status: 0 };
  }
  const path = machine.drive.absolute(wanted, place.folder);
  if (path === undefined || !(await isFolder(machine.drive.real(path) ?? ""))) return fail(printed, noPath);
  place.folder = path;
  return { status: 0 };
}

async function listFolder({ machine, place, printed }: ProgramStart, rest: string): Promise<Ended> {
  const words = splitArguments(rest);
  const isBare = words.some((word) => word.toLowerCase() === "/b");
  const path = machine.drive.absolute(words.find((word) => !word.startsWith("/")) ?? ".", place.folder);
  const real = path === undefined ? undefined : machine.drive.real(path);
  if (path === undefined || real === undefined || !(await isFolder(real)))
    return fail(printed, "File Not Found [sim]\n");
  const names = (await readdir(real)).toSorted((a, b) => a.localeCompare(b));
  if (!isBare)
    printed.print(
      ` Volume in drive C has no label. [sim]\n Volume Serial Number is 0000-0001\n\n Directory of ${path}\n\n`,
    );
  for (const name of names) {
    const info = await stat(`${real}/${name}`);
    const at = info.mtime.toISOString();
    const size = info.isDirectory() ? "<DIR>         " : info.size.toLocaleString("en-US").padStart(14);
    printed.print(
      isBare
        ? `${name}\n`
        : `${at.slice(5, 7)}/${at.slice(8, 10)}/${at.slice(0, 4)}  ${at.slice(11, 16)}    ${size} ${name}\n`,
    );
  }
  return { status: 0 };
}

async function remove({ machine, place, printed }: ProgramStart, rest: string): Promise<Ended> {
  const file = splitArguments(rest).find((word) => !word.startsWith("/")) ?? "";
  const real = machine.drive.real(file, place.folder);
  if (real === undefined || !(await isThere(real))) {
    // del says so and exits with 0, on the real one too.
    printed.print(`Could Not Find ${machine.drive.absolute(file, place.folder) ?? file} [sim]\n`, { to: "err" });
    return { status: 0 };
  }
  await rm(real);
  return { status: 0 };
}

async function makeFolder({ machine, place, printed }: ProgramStart, rest: string): Promise<Ended> {
  const name = splitArguments(rest)[0] ?? "";
  const real = machine.drive.real(name, place.folder);
  if (real === undefined) return fail(printed, noPath);
  if (await isThere(real)) return fail(printed, `A subdirectory or file ${name} already exists. [sim]\n`);
  await mkdir(real, { recursive: true });
  return { status: 0 };
}

async function redirect(
  start: ProgramStart,
  target: { readonly path: string; readonly isAppended: boolean },
  bytes: Buffer,
): Promise<boolean> {
  if (target.path.toLowerCase() === "nul") return true;
  const real = start.machine.drive.real(target.path, start.place.folder);
  try {
    if (real === undefined) throw new Error("another drive");
    await (target.isAppended ? appendFile(real, bytes) : writeFile(real, bytes));
    return true;
  } catch {
    start.printed.print(noPath, { to: "err" });
    return false;
  }
}

function fail(printed: Printed, text: string): Ended {
  printed.print(text, { to: "err" });
  return { status: 1 };
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (info) => info.isDirectory(),
    () => false,
  );
}
