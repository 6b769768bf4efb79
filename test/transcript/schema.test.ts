import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, it } from "vitest";

import { transcriptSchema } from "../../src/transcript/schema.ts";

const path = join(import.meta.dirname, "../../grammar/transcript.schema.json");

it("the schema in grammar is the one that the table of records gives (UPDATE=1 writes it anew)", () => {
  if (process.env["UPDATE"] === "1") writeFileSync(path, transcriptSchema());
  expect(readFileSync(path, "utf8")).toBe(transcriptSchema());
});

it("the schema describes every type with its fields and allows no others", () => {
  const schema: unknown = JSON.parse(transcriptSchema());
  expect(schema).toMatchObject({
    $defs: {
      result: {
        required: ["n", "at", "ms", "type", "outcome", "durationMs", "bytes", "salt", "prev"],
        additionalProperties: false,
        properties: { type: { const: "result" } },
      },
      withheld: { required: ["n", "withheld", "prev"] },
    },
  });
});
