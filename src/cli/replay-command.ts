import { once } from "node:events";
import { statSync } from "node:fs";
import { join } from "node:path";
import { isWithheld, readRecords } from "../transcript/reader.ts";
import { exitStatus } from "./exit-status.ts";
import type { Output } from "./output.ts";
import { replayLines } from "./replay-lines.ts";
import { messageOf } from "../text/message-of.ts";

const longestPauseMs = 3000;

/**
 * `ordo replay TRANSCRIPT`: what the run showed, in its own time (a pause of more than three seconds is cut to that). Without a
 * terminal there is nobody to wait for: it is printed at once.
 */
export async function replayCommand(
  folder: string,
  options: { readonly speed?: number; readonly step?: true },
  output: Output,
): Promise<number> {
  const timed = process.stdout.isTTY === true;
  const stepwise = options.step === true && timed && process.stdin.isTTY === true;
  if (options.step && !stepwise) {
    output.err("--step waits for Enter, and there is no terminal: leave it out.");
    return exitStatus.usage;
  }
  if (!isRegularFile(join(folder, "transcript.jsonl"))) {
    output.err(`${folder} is no transcript: there is no file transcript.jsonl in it.`);
    return exitStatus.usage;
  }
  let lastMs: number | undefined;
  try {
    for await (const record of readRecords(folder)) {
      if (isWithheld(record)) {
        output.out(output.outPaint.dim(`record ${record.n} is withheld`));
        continue;
      }
      if (timed && !stepwise && lastMs !== undefined)
        await pause(Math.min((record.ms - lastMs) / (options.speed ?? 1), longestPauseMs));
      lastMs = record.ms;
      for (const line of replayLines(record, output.outPaint)) output.out(line);
      if (stepwise && record.type === "step-ended") await enter(output);
    }
  } catch (problem) {
    output.err(`${folder} can't be replayed: ${messageOf(problem)}`);
    return exitStatus.usage;
  }
  return exitStatus.ok;
}

/** A pipe of that name would be waited for. */
function isRegularFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function pause(ms: number): Promise<void> {
  return ms <= 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, ms));
}

async function enter(output: Output): Promise<void> {
  output.err(output.paint.dim("Enter: the next step"));
  process.stdin.resume();
  await once(process.stdin, "data");
  process.stdin.pause();
}
