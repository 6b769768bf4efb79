// What the Windows-like client is: its drive, its services, its account; and what its programs print.

import { codePageNamed } from "../../hosts/code-pages.ts";
import type { VtlClient } from "../client/vtl.ts";
import type { WindowsDrive } from "./paths.ts";

/** A service, simulated: whether it runs, and how it starts. */
export interface WindowsService {
  readonly name: string;
  readonly title: string;
  readonly isRunning: boolean;
  /** `Automatic`, `Manual` or `Disabled`. */
  readonly startType: string;
}

/** A role or feature of Windows Server. */
export interface WindowsFeature {
  readonly name: string;
  readonly title: string;
  readonly isInstalled: boolean;
}

/** One start of a program: its arguments as they stand on the line, and where it runs. */
export interface ProgramStart {
  readonly machine: WindowsMachine;
  readonly place: WindowsPlace;
  readonly line: string;
  readonly printed: Printed;
}

/** A program: prints, and gives its exit status. */
export type WindowsProgram = (start: ProgramStart) => Promise<number>;

/** One simulated machine. */
export interface WindowsMachine {
  readonly drive: WindowsDrive;
  readonly vtl: VtlClient;
  readonly hostname: string;
  readonly user: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The two programs that start others. */
  readonly shells: { readonly cmd: WindowsProgram; readonly powershell: WindowsProgram };
  services: readonly WindowsService[];
  features: readonly WindowsFeature[];
}

/** Where a command runs. Names of variables are upper case. */
export interface WindowsPlace {
  folder: string;
  readonly environment: Map<string, string>;
}

/** What was printed, as bytes, in order. */
export class Printed {
  readonly out: Buffer[] = [];
  readonly err: Buffer[] = [];

  /** Prints text with LF; the client gets CRLF, in code page 850 unless UTF-8 was asked for. */
  print(text: string, options: { readonly to?: "out" | "err"; readonly encoding?: "oem" | "utf8" } = {}): void {
    const lines = text.replaceAll(/\r?\n/g, "\r\n");
    this[options.to ?? "out"].push(options.encoding === "utf8" ? Buffer.from(lines, "utf8") : encodeOem(lines));
  }
}

/** A new place: the account's profile, the machine's variables. */
export function startPlace(machine: WindowsMachine): WindowsPlace {
  return { folder: machine.drive.profile, environment: new Map(Object.entries(machine.environment)) };
}

/** Text in code page 850; what it lacks becomes `?`. */
export function encodeOem(text: string): Buffer {
  const page = codePageNamed("850");
  const table = page !== undefined && "table" in page ? page.table : "";
  return Buffer.from(
    Array.from(text, (character) => {
      if (character.charCodeAt(0) < 128) return character.charCodeAt(0);
      const place = table.indexOf(character);
      return place === -1 ? 0x3f : place + 128;
    }),
  );
}
