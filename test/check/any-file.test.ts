// Whatever a file holds, a check ends with findings in their order, inside their files, and never throws.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { showDiagnostic } from "../../src/text/code-frame.ts";
import { check } from "./checked.ts";

const fixtures = join(import.meta.dirname, "..", "fixtures", "check");
const runbooks = readdirSync(fixtures).map((folder) => readFileSync(join(fixtures, folder, "wrong.runbook"), "utf8"));
const lines = [...new Set(runbooks.flatMap((text) => text.split("\n")))];
const whole = readFileSync(
  join(import.meta.dirname, "..", "..", "runbooks", "exchange-certificates", "exchange-certificates.runbook"),
  "utf8",
);
const luna = readFileSync(
  join(import.meta.dirname, "..", "..", "src", "vocabularies", "luna.runbook"),
  "utf8",
).replaceAll("luna", "lunb");

function checksOut(text: string, files: Readonly<Record<string, string>> = {}): boolean {
  const { program, diagnostics } = check(text, files);
  let last = -1;
  for (const finding of diagnostics) {
    const { span } = finding;
    if (span.start < 0 || span.end > span.source.text.length || span.start > span.end) return false;
    if (span.source.path === "it.runbook") {
      if (span.start < last) return false;
      last = span.start;
    }
    if (!/^[a-z]+(?:-[a-z]+)*$/.test(finding.code) || finding.message.length < 20) return false;
    for (const fix of finding.fixes) if (fix.span.end > fix.span.source.text.length) return false;
    showDiagnostic(finding);
  }
  return (program === undefined) === diagnostics.some(({ severity }) => severity === "error");
}

describe("a check of any file", () => {
  it("ends well for lines put together at random", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...lines), fc.constantFrom("", "", "", "  ", "    ")), { maxLength: 25 }),
        (chosen) => checksOut(chosen.map(([line, indent]) => indent + line).join("\n")),
      ),
      { numRuns: 120 },
    );
  });

  it("ends well for a runbook and a vocabulary with a piece cut out, put twice or moved", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(whole, luna),
        fc.nat(),
        fc.nat({ max: 60 }),
        fc.constantFrom("cut", "twice", "move", "{", "<", '"', "\n", "  ", "\\", "/", "\u0001", "\u{1f600}"),
        (text, seed, length, how) => {
          const at = seed % text.length;
          const piece = text.slice(at, at + length);
          const rest = text.slice(0, at) + text.slice(at + length);
          const to = (seed * 7) % Math.max(1, rest.length);
          if (how === "cut") return checksOut(rest);
          if (how === "twice") return checksOut(text.slice(0, at) + piece + text.slice(at));
          if (how === "move") return checksOut(rest.slice(0, to) + piece + rest.slice(to));
          return checksOut(text.slice(0, at) + how + text.slice(at));
        },
      ),
      { numRuns: 120 },
    );
  });

  it("ends well for any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => checksOut(text, { "hosts.runbook": "" })),
      { numRuns: 80 },
    );
  });

  it("ends well for names that grow by doubling, and for blocks in blocks", () => {
    const doubled = Array.from({ length: 80 }, (_, i) => `let a${i + 1} = "{a${i}}{a${i}}"`).join("\n");
    expect(checksOut(`let a0 = x\n${doubled}\nnote "{a80}"\n`)).toBe(true);
    const deep = Array.from({ length: 500 }, (_, i) => `${"  ".repeat(i)}if {x} is y\n`).join("");
    expect(checksOut(`needs x: word\n${deep}${"  ".repeat(500)}note "x"\n`)).toBe(true);
    const each = Array.from({ length: 60 }, (_, i) => `${"  ".repeat(i)}for each i${i} in a, b\n`).join("");
    expect(checksOut(`${each}${"  ".repeat(60)}note "{i59}"\n`)).toBe(true);
  });

  it("has findings that grow with the file, not with its square", () => {
    const of = (count: number): number =>
      check(Array.from({ length: count }, (_, i) => `note "{abc${i}}"`).join("\n")).diagnostics.length;
    expect([of(10), of(3000)]).toEqual([10, 3000]);
  });
});
