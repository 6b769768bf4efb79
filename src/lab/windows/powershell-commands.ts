// Which cmdlets the lab's PowerShell has, their aliases and their switches.

import type { Cmdlet } from "./powershell-cmdlet.ts";
import { fileCmdlets } from "./powershell-files.ts";
import { machineCmdlets } from "./powershell-machine.ts";
import { pipelineCmdlets } from "./powershell-pipeline.ts";

/** Parameters that take no value; every other one does. */
const switches: ReadonlySet<string> = new Set([
  "force",
  "recurse",
  "raw",
  "name",
  "passthru",
  "directory",
  "file",
  "quiet",
  "nonewline",
  "unique",
  "autosize",
  "wait",
]);

/** The cmdlet of a name or alias, in any case. */
export function findCmdlet(name: string): Cmdlet | undefined {
  const key = name.toLowerCase();
  return cmdlets.get(aliases.get(key) ?? key);
}

/** Whether `-name` of a cmdlet is a switch: `-Name` is one of Get-ChildItem only. */
export function isSwitch(cmdlet: string, parameter: string): boolean {
  if (parameter === "name") return /^(?:get-childitem|dir|ls|gci)$/i.test(cmdlet);
  return switches.has(parameter);
}

const aliases: ReadonlyMap<string, string> = new Map([
  ["echo", "write-output"],
  ["write", "write-output"],
  ["dir", "get-childitem"],
  ["ls", "get-childitem"],
  ["gci", "get-childitem"],
  ["cat", "get-content"],
  ["type", "get-content"],
  ["gc", "get-content"],
  ["copy", "copy-item"],
  ["cp", "copy-item"],
  ["move", "move-item"],
  ["mv", "move-item"],
  ["del", "remove-item"],
  ["rm", "remove-item"],
  ["cd", "set-location"],
  ["sl", "set-location"],
  ["pwd", "get-location"],
  ["gsv", "get-service"],
  ["select", "select-object"],
  ["sleep", "start-sleep"],
  ["where", "where-object"],
  ["fl", "format-list"],
  ["ft", "format-table"],
  ["mkdir", "new-folder"],
  ["md", "new-folder"],
]);

const cmdlets: ReadonlyMap<string, Cmdlet> = new Map([...fileCmdlets, ...machineCmdlets, ...pipelineCmdlets]);
