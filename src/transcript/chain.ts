// The chain: each record names the SHA-256 of the withheld form of the one before it, so that a line can later be
// withheld without changing anything before or after it.
import * as crypto from "node:crypto";

/** `prev` of the first record. */
export const beforeFirst = "0".repeat(64);

/** SHA-256 of a text (as UTF-8) or of bytes, in lower-case hex. */
export function sha256(data: string | Uint8Array): string {
  // One call instead of an object with three: verifying is two of these a line.
  return crypto.hash("sha256", data, "hex");
}

/**
 * The withheld form of a record, with its line feed.
 * @param lineHash SHA-256 of the record's line with its line feed
 */
export function withheldForm(n: number, lineHash: string, prev: string): string {
  return `{"n":${n},"withheld":"${lineHash}","prev":"${prev}"}\n`;
}

/** What the next record names as `prev`, and after the last record: the head. */
export function linkOf(n: number, lineHash: string, prev: string): string {
  return sha256(withheldForm(n, lineHash, prev));
}

export interface Withheld {
  readonly n: number;
  readonly withheld: string;
  readonly prev: string;
}

const withheldPattern = /^\{"n":([1-9][0-9]{0,15}),"withheld":"([0-9a-f]{64})","prev":"([0-9a-f]{64})"\}$/;

/** Reads a line (without its line feed) that is exactly a withheld form; undefined when it is anything else. */
export function readWithheld(line: string): Withheld | undefined {
  const match = withheldPattern.exec(line);
  if (match === null) return undefined;
  const [, n, withheld, prev] = match;
  if (n === undefined || withheld === undefined || prev === undefined) return undefined;
  return { n: Number(n), withheld, prev };
}
