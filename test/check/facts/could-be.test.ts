import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { couldBe } from "../../../src/check/facts/could-be.ts";
import { anything, known, unknown, type Fact } from "../../../src/check/facts/fact.ts";

const text = (of: string): Fact => [known(of)];
const input = unknown("need a", "a", { type: "scalar", name: "text" });
const word = unknown("need w", "w", { type: "scalar", name: "word" });
const captured = unknown("capture b", "b");
const could = (a: Fact, b: Fact): boolean => couldBe(a, b, ({ isInput }) => isInput);

describe("two facts", () => {
  it("are the same where their texts are", () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 20 }),
        fc.string({ maxLength: 20 }),
        (a, b) => could(text(a), text(b)) === (a === b),
      ),
    );
  });

  it("may be the same where `<_>` or an input stands for at least one character", () => {
    expect(could([known("client "), anything, known(" is on hsm")], text("client supreme is on hsm"))).toBe(true);
    expect(could([known("client "), anything], text("client "))).toBe(false);
    expect(could([input, known(".pem")], [known("a"), input])).toBe(true);
    expect(could([known("x"), input], [known("y"), anything])).toBe(false);
    fc.assert(
      fc.property(
        fc.string({ maxLength: 8 }),
        fc.string({ minLength: 1, maxLength: 8 }),
        fc.string({ maxLength: 8 }),
        (before, value, after) => could([known(before), anything, known(after)], text(before + value + after)),
      ),
    );
  });

  it("are not the same where an input of one word would have to hold a blank", () => {
    expect(could([word, known(".pem")], text("a.pem"))).toBe(true);
    expect(could([word, known(".pem")], text("a b.pem"))).toBe(false);
    expect(could([input, known(".pem")], text("a b.pem"))).toBe(true);
  });

  it("are the same where a value that only a run knows is the same value", () => {
    expect(could([captured], [captured])).toBe(true);
    expect(could([captured], [unknown("capture c", "c")])).toBe(false);
    expect(could([captured], text("b"))).toBe(false);
    expect(could([captured, known("x")], [anything])).toBe(true);
  });

  it("are not searched where they are as long as a book", () => {
    expect(could([anything, known("a".repeat(5000))], [input, known("a".repeat(5000))])).toBe(false);
  });
});
