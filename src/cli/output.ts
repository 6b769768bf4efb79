// Where the program prints. A reader that went away (`ordo plan | head -1`) ends the printing, never the run.
import { plainPaint, type Paint } from "../text/code-frame.ts";

export interface Output {
  /** A line of the result, on standard output. */
  readonly out: (line: string) => void;
  /** A line for people, on standard error. */
  readonly err: (line: string) => void;
  /** For standard error, where people read. */
  readonly paint: Paint;
  /** For standard output. */
  readonly outPaint: Paint;
  /** Width for people, 40 at least; 80 where nobody knows. */
  readonly columns: number;
  /** Whether standard error is a terminal on which lines can be drawn over. */
  readonly live: boolean;
  /** Whether standard output could not take what was printed, for another reason than a reader who went away. */
  readonly lost: () => boolean;
  /** Draws over the current line of standard error; only where `live`. */
  readonly draw: (text: string) => void;
}

/** Makes the program's output; colour is decided once, from `--color`, NO_COLOR, FORCE_COLOR and the terminal. */
export async function makeOutput(colour: boolean | undefined): Promise<Output> {
  let lost = false;
  const err = lineWriter(process.stderr, () => undefined);
  const out = lineWriter(process.stdout, (reason) => {
    lost = true;
    err(
      `Standard output can't be written (${reason}): what comes after is not printed there. Look at the disk, or send the output elsewhere.\n`,
    );
  });
  return {
    out: (line) => out(`${line}\n`),
    err: (line) => err(`${line}\n`),
    draw: err,
    lost: () => lost,
    paint: await makePaint(decideColour(colour, process.stderr)),
    outPaint: await makePaint(decideColour(colour, process.stdout)),
    columns: Math.max(40, (process.stderr.isTTY && process.stderr.columns) || 80),
    live: process.stderr.isTTY === true && process.env["TERM"] !== "dumb",
  };
}

function decideColour(asked: boolean | undefined, stream: NodeJS.WriteStream): boolean {
  if (asked !== undefined) return asked;
  if (process.env["NO_COLOR"]) return false;
  if (process.env["FORCE_COLOR"] !== undefined && process.env["FORCE_COLOR"] !== "0") return true;
  return stream.isTTY === true && process.env["TERM"] !== "dumb";
}

async function makePaint(colour: boolean): Promise<Paint> {
  if (!colour) return plainPaint;
  const { createColors } = (await import("picocolors")).default;
  const colours = createColors(true);
  return { error: colours.red, warning: colours.yellow, good: colours.green, dim: colours.dim, bold: colours.bold };
}

function lineWriter(stream: NodeJS.WriteStream, failed: (reason: string) => void): (text: string) => void {
  let open = true;
  // A closed reader or a full disk behind a redirection: what is left to say goes nowhere, and the transcript of a run has it all.
  stream.on("error", (problem: NodeJS.ErrnoException) => {
    if (open && problem.code !== "EPIPE") failed(problem.message);
    open = false;
  });
  return (text) => {
    if (!open) return;
    try {
      stream.write(text);
    } catch {
      open = false;
    }
  };
}
