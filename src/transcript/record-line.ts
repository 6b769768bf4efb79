// A record as its one line of transcript.jsonl, written the one way: keys in the table's order, UTF-8, invisible characters escaped.
import { Buffer } from "node:buffer";

import { commonFields, recordTable, type NumberedEvent } from "../run/record-table.ts";
import { misfitOfRecord } from "./strict.ts";

/** A line is at most this long, its line feed included. */
export const longestLineBytes = 1024 * 1024;

/**
 * The record's line with its line feed.
 *
 * Text that is not well-formed Unicode goes as `base64` in an output (its lone surrogates as the three bytes that a lax
 * encoder gives them), elsewhere each lone surrogate becomes U+FFFD: `\ud800` in JSON stops jq.
 * @param salt 16 random bytes in hex: keeps a short line from being guessed once it is withheld
 * @returns the line; throws when the event does not fit the table or is too long, because then `run` has a bug
 */
export function recordLine(event: NumberedEvent, salt: string, prev: string): string {
  // Every event is an object of the table's fields; here they are only walked over.
  const given: Readonly<Record<string, unknown>> = { ...event };
  const record: Record<string, unknown> = { n: event.n, at: event.at, ms: event.ms, type: event.type };
  for (const key of [...Object.keys(commonFields), ...Object.keys(recordTable[event.type] ?? {})]) {
    if (given[key] !== undefined) record[key] = given[key];
  }
  for (const key of Object.keys(given)) {
    if (given[key] !== undefined && !(key in record))
      throw new Error(`A record "${event.type}" has no field "${key}".`);
  }
  record["salt"] = salt;
  record["prev"] = prev;
  const misfit = misfitOfRecord(record);
  if (misfit !== undefined) throw new Error(`Record ${event.n} (${event.type}) can't be written: ${misfit}`);
  const line = `${escapeUnseen(wellFormedJson(record))}\n`;
  // A UTF-16 unit is at most three bytes, so short lines need no count.
  if (line.length * 3 > longestLineBytes && Buffer.byteLength(line) > longestLineBytes) {
    throw new Error(`Record ${event.n} (${event.type}) is longer than 1 MiB; a long output goes as several records.`);
  }
  return line;
}

// Control characters after ASCII, line and paragraph separators, bidi controls, zero-width and other unseen characters (tags as pairs).
const unseen =
  /[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\udb40[\udc00-\udfff]/g;

/** Writes characters that a reader can't see, or that reorder what he sees, as `\uXXXX`: the text must be JSON. */
export function escapeUnseen(json: string): string {
  return json.replace(unseen, (found) => {
    let escaped = "";
    for (let i = 0; i < found.length; i++) escaped += `\\u${found.charCodeAt(i).toString(16).padStart(4, "0")}`;
    return escaped;
  });
}

const loneSurrogate = /\p{Surrogate}/u;

function wellFormedJson(record: Readonly<Record<string, unknown>>): string {
  const json = JSON.stringify(record);
  // JSON.stringify writes a lone surrogate as \udXXX; a text that holds such letters itself only takes the longer way.
  if (!/\\ud[89a-f]/.test(json)) return json;
  const entries = Object.entries(record).map(([key, value]): [string, unknown] =>
    record["type"] === "output" && key === "text" && typeof value === "string" && loneSurrogate.test(value)
      ? ["base64", laxBytes(value).toString("base64")]
      : [key, repaired(value)],
  );
  return JSON.stringify(Object.fromEntries(entries));
}

function repaired(value: unknown): unknown {
  if (typeof value === "string")
    return loneSurrogate.test(value) ? value.replaceAll(/\p{Surrogate}/gu, "\ufffd") : value;
  if (Array.isArray(value)) return value.map(repaired);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [repaired(key), repaired(inner)]));
}

function laxBytes(text: string): Buffer {
  const pieces: Buffer[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const lone = code >= 0xd800 && code <= 0xdfff;
    pieces.push(
      lone
        ? Buffer.from([0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)])
        : Buffer.from(character),
    );
  }
  return Buffer.concat(pieces);
}
