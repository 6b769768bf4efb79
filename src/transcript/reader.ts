// Reading a transcript line by line in the memory of one line, and as records for those who show or replay it.
import { createReadStream } from "node:fs";
import { join } from "node:path";

import { readWithheld, type Withheld } from "./chain.ts";
import { longestLineBytes } from "./record-line.ts";
import { isRecord, type TranscriptRecord } from "./strict.ts";

export type { TranscriptRecord } from "./strict.ts";

/** One line: its bytes with the line feed; `torn` has none, `tooLong` only its first MiB. */
export interface Line {
  readonly bytes: Buffer;
  readonly type: "whole" | "torn" | "too-long";
  /** Of the whole line, with what was left out. */
  readonly sizeBytes: number;
}

const lineFeed = 0x0a;

/** Splits a stream of bytes at line feeds. A line longer than 1 MiB is passed over, so memory stays bounded. */
export async function* splitLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Line[]> {
  let rest: Buffer[] = [];
  let restBytes = 0;
  for await (const chunk of chunks) {
    const lines: Line[] = [];
    let from = 0;
    for (let at = chunk.indexOf(lineFeed); at >= 0; at = chunk.indexOf(lineFeed, from)) {
      const piece = chunk.subarray(from, at + 1);
      lines.push(lineOf(rest, restBytes, piece));
      rest = [];
      restBytes = 0;
      from = at + 1;
    }
    if (from < chunk.length) {
      const piece = chunk.subarray(from);
      if (restBytes <= longestLineBytes) rest.push(piece);
      restBytes += piece.length;
    }
    if (lines.length > 0) yield lines;
  }
  if (restBytes > 0) yield [{ bytes: Buffer.concat(rest), type: "torn", sizeBytes: restBytes }];
}

/**
 * The records of a transcript in their order, withheld ones too; a torn last line is left out, as it never was a record.
 * Integrity is `verify`'s matter: this reads what can be read.
 * @throws an error with a plain sentence when the file can't be read or holds a line that is no record
 */
export async function* readRecords(folder: string): AsyncGenerator<TranscriptRecord | Withheld> {
  const path = join(folder, "transcript.jsonl");
  let number = 0;
  for await (const lines of splitLines(createReadStream(path, { highWaterMark: 256 * 1024 }))) {
    for (const line of lines) {
      number++;
      if (line.type === "torn") return;
      const record =
        line.type === "too-long" ? undefined : recordOf(line.bytes.toString("utf8", 0, line.bytes.length - 1));
      if (record === undefined) throw new Error(`Line ${number} of ${path} is no record. ordo verify says more.`);
      yield record;
    }
  }
}

/** Whether a record was withheld by `ordo disclose`. */
export function isWithheld(record: TranscriptRecord | Withheld): record is Withheld {
  return "withheld" in record;
}

function recordOf(text: string): TranscriptRecord | Withheld | undefined {
  const withheld = readWithheld(text);
  if (withheld !== undefined) return withheld;
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function lineOf(rest: readonly Buffer[], restBytes: number, piece: Buffer): Line {
  const sizeBytes = restBytes + piece.length;
  const bytes = rest.length === 0 ? piece : Buffer.concat([...rest, piece]);
  return { bytes, type: sizeBytes > longestLineBytes ? "too-long" : "whole", sizeBytes };
}
