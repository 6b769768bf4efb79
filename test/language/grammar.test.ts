import { expect, test } from "vitest";
import { LineGrammar } from "../../src/language/read/line-grammar.ts";

test("the grammar passes chevrotain's own validation, which the program leaves out", () => {
  expect(() => new LineGrammar(false)).not.toThrow();
});

test("the grammar has at most 25 rules, since its start-up time grows with them", () => {
  expect(Object.keys(new LineGrammar(true).getGAstProductions()).length).toBeLessThanOrEqual(25);
});
