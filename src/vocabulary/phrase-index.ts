// Which phrase a line is: found in a trie over literal words, so that a line costs the same among ten phrases and ten thousand.
import type { TextNode } from "../language/tree.ts";
import type { Diagnostic } from "../text/diagnostic.ts";
import { findOverlaps } from "./index/overlaps.ts";
import { nearestPhrases } from "./index/nearest-phrases.ts";
import { expand, type Reading } from "./index/readings.ts";
import { emptyTrie, findReadings, insert } from "./index/trie.ts";
import type { Phrase, PhraseMatch, Vocabulary } from "./vocabulary.ts";

export interface PhraseIndex {
  /** Every phrase, in the order of the vocabularies. */
  readonly phrases: readonly Phrase[];
  /**
   * The phrases that a line's words are: none, one, or several (of different vocabularies, for the current host's kind to
   * decide). A slot takes one word or one string, a literal word only the same plain word.
   * @param vocabulary the one that the line names (`luna: verify`)
   */
  find(words: readonly TextNode[], vocabulary?: string): readonly PhraseMatch[];
  /** For "did you mean": at most three phrases that are like the line, the likeliest first. */
  nearest(words: readonly TextNode[]): readonly Phrase[];
  /** Every word that begins a phrase. */
  firstWords(): readonly string[];
}

/**
 * Makes the index of several vocabularies, the core's among them. The findings are overlaps: two phrases of a vocabulary,
 * or of one and the core, that one line could match.
 */
export function makePhraseIndex(vocabularies: readonly Vocabulary[]): {
  readonly index: PhraseIndex;
  readonly diagnostics: readonly Diagnostic[];
} {
  const each = [...new Set(vocabularies)];
  const phrases = each.flatMap((vocabulary) => vocabulary.phrases);
  const readings = new Map<Phrase, readonly Reading[]>(phrases.map((phrase) => [phrase, expand(phrase)]));
  const trie = emptyTrie();
  for (const ofPhrase of readings.values()) for (const reading of ofPhrase) insert(trie, reading);
  const firstWords = [...trie.words.keys()];
  const index: PhraseIndex = {
    phrases,
    find: (words, vocabulary) =>
      findReadings(trie, words)
        .filter(({ phrase }) => vocabulary === undefined || phrase.vocabulary === vocabulary)
        .map((reading) => toMatch(reading, words)),
    nearest: (words) => nearestPhrases(words, readings),
    firstWords: () => firstWords,
  };
  return { index, diagnostics: findOverlaps(each, readings) };
}

function toMatch(reading: Reading, words: readonly TextNode[]): PhraseMatch {
  const slots = new Map<string, TextNode>();
  for (const [position, word] of reading.words.entries()) {
    const filled = words[position];
    if (word.type === "slot" && filled !== undefined) slots.set(word.name, filled);
  }
  return { phrase: reading.phrase, slots };
}
