// Phrases of the vocabularies that come with the program and that the file does not use: read only when a line fits none.
import type { TextNode } from "../../language/tree.ts";
import { makePhraseIndex, type PhraseIndex } from "../../vocabulary/phrase-index.ts";
import { readVocabulary } from "../../vocabulary/read-vocabulary.ts";
import { shippedNames } from "../../vocabulary/shipped.ts";
import type { Phrase, Vocabulary } from "../../vocabulary/vocabulary.ts";
import { shippedFile } from "./read-files.ts";

/** Finds the phrase that a line would be, if the file used its vocabulary. */
export function shippedPhrases(used: readonly Vocabulary[]): (words: readonly TextNode[]) => Phrase | undefined {
  let indexes: readonly PhraseIndex[] | undefined;
  return (words) => {
    indexes ??= shippedNames()
      .filter((name) => !used.some((vocabulary) => vocabulary.name === name))
      .flatMap((name) => {
        const file = shippedFile(name);
        return file === undefined ? [] : [makePhraseIndex([readVocabulary(file.file).vocabulary]).index];
      });
    for (const index of indexes) {
      const [match] = index.find(words);
      if (match !== undefined) return match.phrase;
    }
    return undefined;
  };
}
