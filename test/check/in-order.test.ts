import { describe, expect, it } from "vitest";
import { inOrder } from "../../src/check/files/in-order.ts";
import { error } from "../../src/text/diagnostic.ts";
import { makeSource } from "../../src/text/source.ts";

describe("findings", () => {
  it("come in the order of the runbook, then of the other files, each once", () => {
    const main = makeSource("main", "abc");
    const other = makeSource("other", "abc");
    const at = (code: string, source: typeof main, start: number) =>
      error(code, { source, start, end: start + 1 }, "It is wrong.");
    const found = [at("d", other, 0), at("c", main, 2), at("b", main, 1), at("a", main, 1), at("c", main, 2)];
    expect(inOrder(found, main).map(({ code }) => code)).toEqual(["a", "b", "c", "d"]);
  });
});
