// What a program reads from its standard input, from the options of a run.
import type { RunOptions } from "./connection.ts";

/** The bytes to write at once, and whether the input is closed after them. The only place that reveals an input's secret. */
export function inputOf(options: RunOptions): { readonly bytes: Uint8Array; readonly thenClose: boolean } {
  const { input, preamble, terminal, holdInput } = options;
  const text =
    (preamble?.reveal() ?? "") + (input === undefined ? "" : typeof input === "string" ? input : input.reveal());
  return { bytes: Buffer.from(text, "utf8"), thenClose: holdInput !== true && (input !== undefined || !terminal) };
}
