import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lineText, makeSource, placeAt } from "../../src/text/source.ts";

describe("a source", () => {
  it("counts lines and columns from 1, columns in characters", () => {
    const source = makeSource("a.runbook", "one\ntwö 𝔸x\n");
    expect(placeAt(source, 0)).toEqual({ file: "a.runbook", line: 1, column: 1 });
    expect(placeAt(source, source.text.indexOf("x"))).toEqual({ file: "a.runbook", line: 2, column: 6 });
  });

  it("drops a byte-order mark and the carriage returns of its lines", () => {
    const source = makeSource("a.runbook", "\uFEFFone\r\ntwo");
    expect(placeAt(source, 0)).toEqual({ file: "a.runbook", line: 1, column: 1 });
    expect([lineText(source, 1), lineText(source, 2), lineText(source, 3)]).toEqual(["one", "two", ""]);
  });

  it("finds for any offset the line that holds it", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", "\n", "\r", "ö", " ") }), fc.nat(), (text, seed) => {
        const source = makeSource("a.runbook", text);
        const offset = seed % (source.text.length + 1);
        const { line } = placeAt(source, offset);
        expect(line).toBe(source.text.slice(0, offset).split("\n").length);
      }),
    );
  });
});
