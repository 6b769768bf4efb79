import { checkNamed } from "./check-named.ts";
import { exitStatus, type ExitStatus } from "./exit-status.ts";
import { findingJson, hasErrors, printFindings } from "./findings.ts";
import type { Output } from "./output.ts";

/** `ordo check FILE…`: every finding of every file; a file that can't be read is said, and the others are checked all the same. */
export function checkCommand(
  files: readonly string[],
  options: { readonly hosts?: string; readonly json?: true },
  output: Output,
): ExitStatus {
  let status: ExitStatus = exitStatus.ok;
  for (const path of files) {
    const checked = checkNamed(path, options.hosts, output);
    if (checked === undefined) {
      status = exitStatus.usage;
      continue;
    }
    const { diagnostics } = checked;
    if (options.json) for (const diagnostic of diagnostics) output.out(findingJson(diagnostic));
    else printFindings(diagnostics, output);
    const wrong = hasErrors(diagnostics);
    if (wrong && status === exitStatus.ok) status = exitStatus.notSo;
    if (!options.json && !wrong)
      output.out(diagnostics.length === 0 ? `${path}: nothing is wrong.` : `${path}: no error.`);
  }
  return status;
}
