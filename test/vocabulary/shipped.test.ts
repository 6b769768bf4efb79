import { describe, expect, it } from "vitest";
import { parseFile } from "../../src/language/parse-file.ts";
import { showDiagnostic } from "../../src/text/code-frame.ts";
import { makeSource } from "../../src/text/source.ts";
import { makePhraseIndex } from "../../src/vocabulary/phrase-index.ts";
import { kindsOf, readVocabulary } from "../../src/vocabulary/read-vocabulary.ts";
import { shippedNames, shippedVocabularyText } from "../../src/vocabulary/shipped.ts";
import { shipped } from "./shipped-index.ts";

const count = (name: string): number => shipped().index.phrases.filter(({ vocabulary }) => vocabulary === name).length;

describe("the shipped vocabularies", () => {
  it("are core, linux, luna, openssl and windows", () => {
    expect(shippedNames()).toEqual(["core", "linux", "luna", "openssl", "windows"]);
    expect(shippedVocabularyText("nothing")).toBeUndefined();
    expect(shippedVocabularyText("../vocabularies/core")).toBeUndefined();
  });
  it.each(["core", "linux", "luna", "openssl", "windows"])("%s is read without a finding", (name) => {
    const text = shippedVocabularyText(name);
    if (text === undefined) throw new Error(`${name} is not there`);
    const { file, diagnostics } = parseFile(makeSource(text.path, text.text));
    const core = shipped().vocabularies.filter((vocabulary) => vocabulary.name === "core" && name !== "core");
    const read = readVocabulary(file, kindsOf(core));
    expect([...diagnostics, ...read.diagnostics].map((finding) => showDiagnostic(finding))).toEqual([]);
    expect(read.vocabulary.name).toBe(name);
  });
  it("have no two phrases that one line could be", () => {
    expect(makePhraseIndex(shipped().vocabularies).diagnostics.map((finding) => showDiagnostic(finding))).toEqual([]);
  });
  it("say in a sentence what each phrase does, and have something to do", () => {
    for (const phrase of shipped().index.phrases) {
      expect(phrase.about, phrase.id).toMatch(/^[A-Z].+\.$/);
      for (const block of phrase.blocks)
        if (phrase.core === undefined) expect(block.node.body.length, phrase.id).toBeGreaterThan(0);
    }
  });
  it("hold the verbs of every day: twenty or more each", () => {
    for (const name of ["luna", "linux", "windows", "openssl"]) expect(count(name), name).toBeGreaterThanOrEqual(20);
  });
});
