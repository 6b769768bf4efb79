// grammar/transcript.schema.json, made from the one table of records: what an auditor's own program can check a line with.
import type { Fields, Optional, Shape } from "../run/record-shape.ts";
import { recordTable, type EventType } from "../run/record-table.ts";
import { fieldsOf, isEventType } from "./strict.ts";

type Schema = { readonly [key: string]: unknown };

const largest = Number.MAX_SAFE_INTEGER;
const hash = { type: "string", pattern: "^[0-9a-f]{64}$" };

/** Fields whose text has a form of its own. */
const frame: Readonly<Record<string, Schema>> = {
  n: { type: "integer", minimum: 1, maximum: largest },
  at: { type: "string", pattern: "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$" },
  salt: { type: "string", pattern: "^[0-9a-f]{32}$" },
  prev: hash,
};

/** The schema of one line of transcript.jsonl (JSON Schema 2020-12), as the file's text. */
export function transcriptSchema(): string {
  const types = Object.keys(recordTable).filter(isEventType);
  const schema: Schema = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "A line of transcript.jsonl",
    description:
      "A record, or its withheld form. Made from src/run/record-table.ts; the text of the contract is transcript.md.",
    oneOf: [...types.map((type) => ({ $ref: `#/$defs/${type}` })), { $ref: "#/$defs/withheld" }],
    $defs: {
      ...Object.fromEntries(types.map((type) => [type, recordSchema(type)])),
      withheld: objectSchema({ n: frame["n"] ?? {}, withheld: hash, prev: hash }, ["n", "withheld", "prev"]),
    },
  };
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}

function recordSchema(type: EventType): Schema {
  const fields = fieldsOf(type);
  const properties = Object.entries(fields).map(([name, field]): [string, Schema] => [
    name,
    name === "type" ? { const: type } : (frame[name] ?? fieldSchema(field)),
  ]);
  return objectSchema(Object.fromEntries(properties), requiredOf(fields));
}

function fieldSchema(field: Shape | Optional): Schema {
  switch (field.type) {
    case "optional":
      return fieldSchema(field.of);
    case "text":
      return { type: "string" };
    case "integer":
      return { type: "integer", minimum: -largest, maximum: largest };
    case "boolean":
      return { type: "boolean" };
    case "one-of":
      return { enum: field.values };
    case "list":
      return { type: "array", items: fieldSchema(field.of) };
    case "map":
      return { type: "object", additionalProperties: fieldSchema(field.of) };
    case "object":
      return objectSchema(
        Object.fromEntries(Object.entries(field.fields).map(([name, inner]) => [name, fieldSchema(inner)])),
        requiredOf(field.fields),
      );
    case "json":
      return { description: "Any JSON value whose numbers are whole." };
  }
}

function requiredOf(fields: Fields): string[] {
  return Object.keys(fields).filter((name) => fields[name]?.type !== "optional");
}

function objectSchema(properties: Schema, required: readonly string[]): Schema {
  return { type: "object", properties, required, additionalProperties: false };
}
