// One line read strictly: UTF-8, one JSON object, no key twice, nothing unseen written raw, whole numbers, and a type's own fields.
import { isUtf8 } from "node:buffer";

import { readWithheld, type Withheld } from "../chain.ts";
import type { TranscriptRecord } from "../reader.ts";
import { escapeUnseen } from "../record-line.ts";
import { isPlainObject, misfitOfRecord } from "../strict.ts";
import { looseness } from "./loose-json.ts";

/** What a line holds. A record that has a misfit is still given where its number and chain can be followed. */
export interface StrictLine {
  readonly record?: TranscriptRecord | Withheld;
  readonly misfit?: string;
  /** `n` and `prev` as far as they can be read. */
  readonly n?: number;
  readonly prev?: string;
}

/** Reads a whole line with its line feed. Never throws. */
export function readStrictly(bytes: Buffer): StrictLine {
  if (!isUtf8(bytes)) return { misfit: "It is not UTF-8." };
  const text = bytes.toString("utf8", 0, bytes.length - 1);
  const withheld = readWithheld(text);
  if (withheld !== undefined) return { record: withheld, n: withheld.n, prev: withheld.prev };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { misfit: looseness(text) ?? "It is not one JSON object." };
  }
  if (!isPlainObject(value)) return { misfit: "It is not one JSON object." };
  const place = {
    ...(typeof value["n"] === "number" && Number.isSafeInteger(value["n"]) ? { n: value["n"] } : {}),
    ...(typeof value["prev"] === "string" ? { prev: value["prev"] } : {}),
  };
  if (Object.hasOwn(value, "withheld"))
    return { ...place, misfit: 'It has a key "withheld" but is not exactly a withheld form.' };
  const misfit = misfitOfRecord(value) ?? (isWrittenPlainly(value, text) ? undefined : looseness(text));
  if (misfit !== undefined) return { ...place, misfit };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the table was just asked whether it is a record
  return { ...place, record: value as unknown as TranscriptRecord };
}

/** Whether the text is what JSON.stringify gives: then no key can stand twice and no number is written oddly. Most lines are. */
function isWrittenPlainly(value: unknown, text: string): boolean {
  return escapeUnseen(JSON.stringify(value)) === text;
}
