// All shipped vocabularies, read once for a test file.
import { parseFile } from "../../src/language/parse-file.ts";
import type { TextNode } from "../../src/language/tree.ts";
import { makeSource } from "../../src/text/source.ts";
import { makePhraseIndex, type PhraseIndex } from "../../src/vocabulary/phrase-index.ts";
import { kindsOf, readVocabulary } from "../../src/vocabulary/read-vocabulary.ts";
import { shippedNames, shippedVocabularyText } from "../../src/vocabulary/shipped.ts";
import type { Vocabulary } from "../../src/vocabulary/vocabulary.ts";

let read: { readonly vocabularies: readonly Vocabulary[]; readonly index: PhraseIndex } | undefined;

export function shipped(): { readonly vocabularies: readonly Vocabulary[]; readonly index: PhraseIndex } {
  if (read !== undefined) return read;
  const vocabularies: Vocabulary[] = [];
  for (const name of shippedNames()) {
    const text = shippedVocabularyText(name);
    if (text !== undefined)
      vocabularies.push(
        readVocabulary(parseFile(makeSource(text.path, text.text)).file, kindsOf(vocabularies.slice(0, 1))).vocabulary,
      );
  }
  read = { vocabularies, index: makePhraseIndex(vocabularies).index };
  return read;
}

/** A vocabulary of some text, with what is wrong in its definitions. */
export function vocabularyOf(text: string): ReturnType<typeof readVocabulary> & { readonly syntax: readonly string[] } {
  const { file, diagnostics } = parseFile(makeSource("own.runbook", text));
  const core = shipped().vocabularies.slice(0, 1);
  return { ...readVocabulary(file, kindsOf(core)), syntax: diagnostics.map(({ message }) => message) };
}

/** The words of a line that calls a phrase. */
export function wordsOf(line: string): {
  readonly words: readonly TextNode[];
  readonly vocabulary: string | undefined;
} {
  const { file } = parseFile(makeSource("line.runbook", `${line}\n`));
  const [call] = file.statements;
  if (call?.type !== "call") throw new Error(`${line} calls no phrase`);
  return { words: call.words, vocabulary: call.vocabulary?.text };
}
