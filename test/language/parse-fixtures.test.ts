// One folder a case: `right.runbook` has no findings, `wrong.runbook` gives exactly `expected.txt`.
// ORDO_REWRITE=1 writes the expectations anew; the diff is read.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseFile } from "../../src/language/parse-file.ts";
import { showDiagnostic } from "../../src/text/code-frame.ts";
import { makeSource } from "../../src/text/source.ts";

const folder = join(import.meta.dirname, "../fixtures/parse");
const rewrites = process.env["ORDO_REWRITE"] === "1";

function findings(name: string, file: string): string {
  const { diagnostics } = parseFile(makeSource(file, readFileSync(join(folder, name, file), "utf8")));
  return diagnostics.map((finding) => `${showDiagnostic(finding)}\n`).join("\n");
}

describe.each(readdirSync(folder))("%s", (name) => {
  for (const file of readdirSync(join(folder, name))) {
    if (file.startsWith("right."))
      test(`${file} is read without findings`, () => expect(findings(name, file)).toBe(""));
    if (file.startsWith("wrong."))
      test(`${file} gives its findings`, () => {
        const expected = join(folder, name, "expected.txt");
        const found = findings(name, file);
        if (rewrites) writeFileSync(expected, found);
        expect(existsSync(expected)).toBe(true);
        expect(found).toBe(readFileSync(expected, "utf8"));
        expect(found).not.toBe("");
      });
  }
});
