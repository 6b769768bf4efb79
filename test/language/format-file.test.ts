// One folder a case: `before` in the one layout is exactly `after`. ORDO_REWRITE=1 writes the expectations anew.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { formatSource } from "../../src/language/format-file.ts";
import { makeSource } from "../../src/text/source.ts";

const folder = join(import.meta.dirname, "../fixtures/format");

describe.each(readdirSync(folder))("%s", (name) => {
  for (const file of readdirSync(join(folder, name)).filter((one) => one.startsWith("before.")))
    test(`${file} becomes its one layout, and stays so`, () => {
      const after = join(folder, name, file.replace("before", "after"));
      const formatted = formatSource(makeSource(file, readFileSync(join(folder, name, file), "utf8")));
      if (typeof formatted !== "string") throw new Error("not read");
      if (process.env["ORDO_REWRITE"] === "1") writeFileSync(after, formatted);
      expect(formatted).toBe(readFileSync(after, "utf8"));
      expect(formatSource(makeSource(file, formatted))).toBe(formatted);
    });
});

test("a file with errors is not formatted: its findings come back", () => {
  const result = formatSource(makeSource("a.runbook", "on web1\n    run a\n  run b\n"));
  expect(typeof result === "string" ? [] : result.map((finding) => finding.code)).toEqual(["indentation"]);
});

test("an empty file stays empty", () => {
  expect(formatSource(makeSource("a.runbook", "\n\n  \n"))).toBe("");
});
