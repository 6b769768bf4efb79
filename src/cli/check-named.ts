import { checkRunbook, type Checked } from "../check/check-runbook.ts";
import { isLoadFailure, loadFile } from "../text/load.ts";
import type { Source } from "../text/source.ts";
import type { Output } from "./output.ts";

/**
 * Checks a file of the command line, with the inventory that `--hosts` names. Each is read once: what is checked is what was found
 * readable. Undefined where one of them can't be read, which is said; the exit status is that of a wrong command line.
 */
export function checkNamed(path: string, hosts: string | undefined, output: Output): Checked | undefined {
  const named = new Map<string, Source>();
  for (const file of hosts === undefined ? [path] : [path, hosts]) {
    const source = loadFile(file);
    if (isLoadFailure(source)) {
      output.err(source.problem);
      return undefined;
    }
    named.set(file, source);
  }
  return checkRunbook({
    path,
    load: (file) => named.get(file) ?? loadFile(file),
    ...(hosts === undefined ? {} : { hostsFile: hosts }),
  });
}
