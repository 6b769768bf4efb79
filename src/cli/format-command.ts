import { readFileSync, writeFileSync } from "node:fs";
import { formatSource } from "../language/format-file.ts";
import { decodeSource, isLoadFailure, loadFile } from "../text/load.ts";
import { exitStatus, type ExitStatus } from "./exit-status.ts";
import { printFindings } from "./findings.ts";
import type { Output } from "./output.ts";
import { messageOf } from "../text/message-of.ts";

/** `ordo format FILE…`: writes files in the one layout; with `--check` only names those that differ; `-` goes from standard input to output. */
export function formatCommand(
  files: readonly string[],
  options: { readonly check?: true },
  output: Output,
): ExitStatus {
  let status: ExitStatus = exitStatus.ok;
  const worse = (next: ExitStatus): void => {
    if (status !== exitStatus.usage) status = next;
  };
  for (const path of files) {
    const source = path === "-" ? decodeSource("standard input", readFileSync(0)) : loadFile(path);
    if (isLoadFailure(source)) {
      output.err(source.problem);
      status = exitStatus.usage;
      continue;
    }
    const formatted = formatSource(source);
    if (typeof formatted !== "string") {
      printFindings(formatted, output);
      output.err(`${source.path} is left as it is: only a file without syntax errors can be written anew.`);
      worse(exitStatus.notSo);
    } else if (path === "-" && !options.check) {
      output.out(formatted.replace(/\n$/, ""));
    } else if (formatted !== source.text) {
      if (options.check) {
        output.out(source.path);
        worse(exitStatus.notSo);
        continue;
      }
      try {
        writeFileSync(path, formatted);
      } catch (problem) {
        output.err(`${path} could not be written: ${messageOf(problem)}`);
        worse(exitStatus.usage);
      }
    }
  }
  return status;
}
