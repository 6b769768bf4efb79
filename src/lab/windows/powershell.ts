// powershell.exe -EncodedCommand: the runner's way to start a program, and a modest part of the language itself.

import { splitArguments } from "./argv.ts";
import { startPlace } from "./machine.ts";
import type { Printed, ProgramStart, WindowsMachine, WindowsPlace } from "./machine.ts";
import { runScript } from "./powershell-script.ts";
import { findProgram } from "./programs.ts";

/** What the base64 text inside a program-starting script says. */
interface ProgramSpec {
  readonly file: string;
  readonly line: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** The script in a powershell.exe line, or undefined where it has neither -EncodedCommand nor -Command. */
export function scriptOf(line: string): string | undefined {
  const words = splitArguments(line);
  const place = words.findIndex((word) => /^[-/](?:e|ec|en|enc|encodedcommand|c|command)$/i.test(word));
  const given = words[place + 1];
  if (place === -1 || given === undefined) return undefined;
  return /^[-/]e/i.test(words[place] ?? "")
    ? Buffer.from(given, "base64").toString("utf16le")
    : words.slice(place + 1).join(" ");
}

/** The program that a script starts by the runner's transport: its one base64 text is JSON with a file and a line. */
export function programOf(script: string): ProgramSpec | undefined {
  const base64 = /FromBase64String\('([A-Za-z0-9+/=]+)'\)/.exec(script)?.[1];
  if (base64 === undefined) return undefined;
  try {
    const spec: unknown = JSON.parse(Buffer.from(base64, "base64").toString("utf8"));
    return isProgramSpec(spec) ? spec : undefined;
  } catch {
    return undefined;
  }
}

/** Runs powershell.exe with what stands behind its name. */
export async function runPowershell({ machine, place, line, printed }: ProgramStart): Promise<number> {
  const script = scriptOf(line);
  if (script === undefined) {
    printed.print("The lab's PowerShell takes -EncodedCommand or -Command. [sim]\n", { to: "err" });
    return 1;
  }
  const program = programOf(script);
  const own: WindowsPlace = { folder: place.folder, environment: new Map(place.environment) };
  return program === undefined
    ? runScript({ machine, place: own, printed, script })
    : startProgram(machine, own, program, printed, script);
}

async function startProgram(
  machine: WindowsMachine,
  place: WindowsPlace,
  spec: ProgramSpec,
  printed: Printed,
  script: string,
): Promise<number> {
  const folder = spec.cwd === undefined ? place.folder : machine.drive.absolute(spec.cwd, place.folder);
  const inside: WindowsPlace = { folder: folder ?? place.folder, environment: startPlace(machine).environment };
  for (const [name, value] of Object.entries(spec.env ?? {})) inside.environment.set(name.toUpperCase(), value);
  // CreateProcess looks for a bare name where the caller is, not in the folder that the program is to start in.
  const program = findProgram(machine, place, spec.file);
  if (program === undefined) {
    // Said as the script itself would say it: its words and its code are in its own text.
    const words = /WriteLine\('([^']*)'/.exec(script)?.[1] ?? "";
    const code = Number(/;exit (\d+)\}\s*$/.exec(script)?.[1] ?? 1);
    printed.print(`${words}The system cannot find the file specified [sim]\n`, { to: "err", encoding: "utf8" });
    return code;
  }
  return program({ machine, place: inside, line: spec.line, printed });
}

function isProgramSpec(spec: unknown): spec is ProgramSpec {
  return (
    typeof spec === "object" &&
    spec !== null &&
    "file" in spec &&
    "line" in spec &&
    typeof spec.file === "string" &&
    typeof spec.line === "string"
  );
}
