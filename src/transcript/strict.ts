// Strict reading: whether a value is exactly what the table of records says, and if not, where.
import type { Fields, Optional, Shape, ShapedFields } from "../run/record-shape.ts";
import { commonFields, recordTable, type EventType, type NumberedEvent } from "../run/record-table.ts";
import { shown } from "./shown.ts";

/** An event in its place in the chain. */
export type TranscriptRecord = NumberedEvent & { readonly salt: string; readonly prev: string };

/** Fields of every record, beside those of its type. */
const frameFields: Fields = {
  n: { type: "integer" },
  at: { type: "text" },
  ms: { type: "integer" },
  type: { type: "text" },
};

/** Fields that the transcript adds to an event. */
const chainFields: Fields = { salt: { type: "text" }, prev: { type: "text" } };

/** All fields of a type of record, in the order in which they are written. */
export function fieldsOf(type: EventType): Fields {
  return known.get(type) ?? {};
}

export function isEventType(type: unknown): type is EventType {
  return typeof type === "string" && known.has(type);
}

/**
 * Says in a sentence why this is no record; undefined when it is one. Texts from the record are shown without control characters.
 */
export function misfitOfRecord(record: unknown): string | undefined {
  if (!isPlainObject(record)) return "It is not an object.";
  const type = record["type"];
  if (!isEventType(type))
    return typeof type === "string" ? `There is no type of record "${shown(type)}".` : "It has no type.";
  const misfit = misfitOfFields(record, fieldsOf(type), "");
  if (misfit !== undefined) return misfit;
  if (!timePattern.test(String(record["at"])))
    return `"at" is no UTC time with milliseconds: "${shown(String(record["at"]))}".`;
  if (!saltPattern.test(String(record["salt"]))) return '"salt" is not 32 hexadecimal digits.';
  if (!hashPattern.test(String(record["prev"]))) return '"prev" is not 64 hexadecimal digits.';
  return undefined;
}

/** Whether a value is exactly a record of the table. */
export function isRecord(value: unknown): value is TranscriptRecord {
  return misfitOfRecord(value) === undefined;
}

/** A JSON text as what these fields describe, or a sentence why it is not. */
export function readFields<F extends Fields>(json: string, fields: F): ShapedFields<F> | string {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return "It is not JSON.";
  }
  if (!isPlainObject(value)) return "It is not an object.";
  const misfit = misfitOfFields(value, fields, "");
  if (misfit !== undefined) return misfit;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each field was just looked at
  return value as unknown as ShapedFields<F>;
}

/** Says in a sentence why the value has not exactly these fields. */
function misfitOfFields(value: Readonly<Record<string, unknown>>, fields: Fields, path: string): string | undefined {
  for (const key in value) {
    const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (field === undefined) return `It has a field "${shown(path + key)}", which nothing describes.`;
    const misfit = misfitOf(value[key], field.type === "optional" ? field.of : field, path + key, 0);
    if (misfit !== undefined) return misfit;
  }
  for (const key in fields) {
    if (fields[key]?.type !== "optional" && !Object.hasOwn(value, key)) return `Its field "${path}${key}" is missing.`;
  }
  return undefined;
}

const known = new Map<string, Fields>(
  Object.entries(recordTable).map(([type, fields]) => [
    type,
    { ...frameFields, ...commonFields, ...fields, ...chainFields },
  ]),
);
const timePattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const saltPattern = /^[0-9a-f]{32}$/;
const hashPattern = /^[0-9a-f]{64}$/;
/** Deeper values would exhaust the stack of whoever reads them. */
const deepest = 100;

function misfitOf(
  value: unknown,
  shape: Exclude<Shape | Optional, Optional>,
  path: string,
  depth: number,
): string | undefined {
  switch (shape.type) {
    case "text":
      return typeof value === "string" ? undefined : `"${shown(path)}" is no text.`;
    case "integer":
      return isInteger(value) ? undefined : `"${shown(path)}" is no whole number between -2^53 and 2^53.`;
    case "boolean":
      return typeof value === "boolean" ? undefined : `"${shown(path)}" is neither true nor false.`;
    case "one-of":
      return typeof value === "string" && shape.values.includes(value)
        ? undefined
        : `"${shown(path)}" is none of: ${shape.values.join(", ")}.`;
    case "list":
      if (!Array.isArray(value)) return `"${shown(path)}" is no list.`;
      return first(value.entries(), ([i, item]) => misfitOf(item, shape.of, `${path}[${i}]`, depth + 1));
    case "map":
      if (!isPlainObject(value)) return `"${shown(path)}" is no object.`;
      return first(Object.entries(value), ([key, item]) => misfitOf(item, shape.of, `${path}.${key}`, depth + 1));
    case "object":
      return isPlainObject(value) ? misfitOfFields(value, shape.fields, `${path}.`) : `"${shown(path)}" is no object.`;
    case "json":
      return misfitOfJson(value, shape, path, depth);
  }
}

function misfitOfJson(
  value: unknown,
  shape: Shape & { readonly type: "json" },
  path: string,
  depth: number,
): string | undefined {
  if (depth > deepest) return `"${shown(path.slice(0, 40))}…" is nested more than ${deepest} deep.`;
  if (value === null || typeof value === "string" || typeof value === "boolean") return undefined;
  if (typeof value === "number")
    return isInteger(value) ? undefined : `"${shown(path)}" is no whole number between -2^53 and 2^53.`;
  if (Array.isArray(value))
    return first(value.entries(), ([i, item]) => misfitOf(item, shape, `${path}[${i}]`, depth + 1));
  if (!isPlainObject(value)) return `"${shown(path)}" is nothing that JSON knows.`;
  return first(Object.entries(value), ([key, item]) => misfitOf(item, shape, `${path}.${key}`, depth + 1));
}

function first<T>(items: Iterable<T>, misfit: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = misfit(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value) && !Object.is(value, -0);
}

export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
