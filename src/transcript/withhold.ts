// The last search before a run ends: a record in which a secret still stands (one that was made or learnt after it was
// written) is replaced by its withheld form. The chain stays as it is, the original line is gone.
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";

import type { Shape, Optional } from "../run/record-shape.ts";
import type { Redactor } from "../secrets/redactor.ts";
import { sha256, withheldForm } from "./chain.ts";
import { splitLines } from "./reader.ts";
import { fieldsOf, isPlainObject, isRecord, type TranscriptRecord } from "./strict.ts";

/** A record in which a secret stood, for the `note` that says so. */
export interface WithheldSecret {
  readonly record: number;
  /** Name of the secret. */
  readonly secret: string;
  readonly form: string;
  /** false for the first record, which can't be withheld. */
  readonly withheld: boolean;
}

/** Records that hold a secret; nothing is changed. */
export async function findSecrets(file: string, redactor: Redactor): Promise<WithheldSecret[]> {
  const found: WithheldSecret[] = [];
  if (!redactor.knowsSecrets) return found;
  for await (const lines of splitLines(createReadStream(file))) {
    for (const { bytes } of lines) {
      const record = parsed(bytes);
      const hit = record === undefined ? undefined : secretIn(record, redactor);
      if (record !== undefined && hit !== undefined) found.push({ record: record.n, ...hit, withheld: record.n > 1 });
    }
  }
  return found;
}

/** Writes a copy of the records with these as their withheld forms, synced; gives its path. */
export async function writeWithheld(folder: string, records: ReadonlySet<number>): Promise<string> {
  const path = join(folder, "transcript.jsonl.unfinished");
  const copy = await open(path, "wx", 0o600);
  try {
    for await (const lines of splitLines(createReadStream(join(folder, "transcript.jsonl")))) {
      const written = lines.map(({ bytes }) => {
        const record = parsed(bytes);
        if (record === undefined || !records.has(record.n)) return bytes;
        return Buffer.from(withheldForm(record.n, sha256(bytes), record.prev));
      });
      await copy.appendFile(Buffer.concat(written));
    }
    await copy.sync();
  } finally {
    await copy.close();
  }
  return path;
}

function parsed(line: Buffer): TranscriptRecord | undefined {
  const value: unknown = JSON.parse(line.toString());
  // A line that is withheld already is no record and is left as it is.
  return isRecord(value) ? value : undefined;
}

function secretIn(
  record: TranscriptRecord,
  redactor: Redactor,
): { readonly secret: string; readonly form: string } | undefined {
  const fields = fieldsOf(record.type);
  for (const [key, value] of Object.entries(record)) {
    const shape = fields[key];
    if (shape === undefined || key === "type" || key === "salt" || key === "prev" || key === "at") continue;
    for (const text of textsOf(shape, value)) {
      const found = redactor.findsIn(text);
      if (found !== undefined) return { secret: found.secret, form: found.form };
    }
  }
  return undefined;
}

/** Every free text of a value; words of the format itself ("done", "out") are none. */
function* textsOf(shape: Shape | Optional, value: unknown): Generator<string> {
  switch (shape.type) {
    case "optional":
      yield* textsOf(shape.of, value);
      break;
    case "text":
    case "json":
    case "list":
    case "map":
      yield* allTexts(value);
      break;
    case "object":
      if (isPlainObject(value))
        for (const [key, inner] of Object.entries(shape.fields)) yield* textsOf(inner, value[key]);
      break;
    case "one-of":
    case "integer":
    case "boolean":
      break;
    default:
      shape satisfies never;
  }
}

function* allTexts(value: unknown): Generator<string> {
  if (typeof value === "string") yield value;
  else if (Array.isArray(value)) for (const item of value) yield* allTexts(item);
  else if (isPlainObject(value)) {
    for (const [key, inner] of Object.entries(value)) {
      yield key;
      yield* allTexts(inner);
    }
  }
}
