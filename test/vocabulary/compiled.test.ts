import { describe, expect, it } from "vitest";
import { parseFile } from "../../src/language/parse-file.ts";
import { makeSource } from "../../src/text/source.ts";
import { readCompiled, writeCompiled } from "../../src/vocabulary/compiled.ts";
import { shippedNames, shippedVocabularyText } from "../../src/vocabulary/shipped.ts";

describe("a compiled vocabulary", () => {
  it.each(shippedNames())("%s is the tree that parsing gives", (name) => {
    const { path, text } = shippedVocabularyText(name) ?? { path: "", text: "" };
    const source = makeSource(path, text);
    const { file } = parseFile(source);
    const read = readCompiled(writeCompiled(file), source);
    expect(read).toEqual(file);
    expect(read.declarations[0]?.span.source).toBe(source);
  });
});
