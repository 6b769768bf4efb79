// The programs that the Windows-like client has: vtl.exe, certutil.exe, hostname.exe, whoami.exe, cmd.exe, powershell.exe.

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { runVtl } from "../client/vtl.ts";
import { splitArguments } from "./argv.ts";
import type { WindowsMachine, WindowsPlace, WindowsProgram } from "./machine.ts";

/** The folder of vtl.exe. */
export const lunaClientFolder = "C:\\Program Files\\SafeNet\\LunaClient";

/** Finds a program as CreateProcess does: by its path, in the folder, in System32, on the path; `.exe` may be left out. */
export function findProgram(machine: WindowsMachine, place: WindowsPlace, file: string): WindowsProgram | undefined {
  const name = /\.[^\\/.]+$/.test(file) ? file : `${file}.exe`;
  const hasFolder = /[\\/:]/.test(file);
  const folders = hasFolder ? [place.folder] : [place.folder, ...(place.environment.get("PATH") ?? "").split(";")];
  for (const folder of folders) {
    const path = machine.drive.absolute(name, folder);
    const real = path === undefined ? undefined : machine.drive.real(path);
    if (path !== undefined && real !== undefined && existsSync(real)) return programs.get(path.toLowerCase());
  }
  return undefined;
}

/** The paths of the programs, for whoever lays the drive out. */
export function programPaths(): readonly string[] {
  return [...programs.keys()];
}

const vtl: WindowsProgram = async ({ machine, place, line, printed }) => {
  const result = await runVtl(machine.vtl, {
    args: splitArguments(line),
    // A path on another drive is read as one that is not there.
    findFile: (path) => machine.drive.real(path, place.folder) ?? "/nonexistent",
  });
  printed.print(result.stdout);
  return result.status;
};

const certutil: WindowsProgram = async ({ machine, place, line, printed }) => {
  const [verb = "", file = "", algorithm = "SHA1"] = splitArguments(line);
  if (verb.toLowerCase() !== "-hashfile") {
    printed.print(`CertUtil: Unknown arg: ${verb} [sim]\n`);
    return 1;
  }
  const content = await readBytes(machine, place, file);
  if (content === undefined || !/^(?:md5|sha1|sha256|sha384|sha512)$/i.test(algorithm)) {
    printed.print(
      "CertUtil: -hashfile command FAILED: 0x80070002 (WIN32: 2 ERROR_FILE_NOT_FOUND)\nCertUtil: The system cannot find the file specified. [sim]\n",
    );
    return 0x80070002;
  }
  const hash = createHash(algorithm.toLowerCase()).update(content).digest("hex");
  printed.print(
    `${algorithm.toUpperCase()} hash of ${file}:\n${hash}\nCertUtil: -hashfile command completed successfully.\n`,
  );
  return 0;
};

const hostname: WindowsProgram = ({ machine, printed }) => {
  printed.print(`${machine.hostname}\n`);
  return Promise.resolve(0);
};

const whoami: WindowsProgram = ({ machine, printed }) => {
  printed.print(`${machine.hostname}\\${machine.user}\n`.toLowerCase());
  return Promise.resolve(0);
};

const cmd: WindowsProgram = (start) => {
  const command = /\/c\s+(.*)$/is.exec(start.line)?.[1] ?? "";
  const line = /^"(.*)"\s*$/s.exec(command)?.[1] ?? command;
  const place = { folder: start.place.folder, environment: new Map(start.place.environment) };
  return start.machine.shells.cmd({ ...start, place, line });
};

const powershell: WindowsProgram = (start) => start.machine.shells.powershell(start);

const system = "c:\\windows\\system32";
const programs: ReadonlyMap<string, WindowsProgram> = new Map([
  [`${lunaClientFolder.toLowerCase()}\\vtl.exe`, vtl],
  [`${system}\\certutil.exe`, certutil],
  [`${system}\\hostname.exe`, hostname],
  [`${system}\\whoami.exe`, whoami],
  [`${system}\\cmd.exe`, cmd],
  [`${system}\\windowspowershell\\v1.0\\powershell.exe`, powershell],
]);

/** A file's bytes by the client's path, or undefined. */
export async function readBytes(
  machine: WindowsMachine,
  place: WindowsPlace,
  path: string,
): Promise<Buffer | undefined> {
  const real = machine.drive.real(path, place.folder);
  try {
    return real === undefined ? undefined : await readFile(real);
  } catch {
    return undefined;
  }
}
