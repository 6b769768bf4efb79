// A phrase's optional words, written out: `fetch <file> [now]` is `fetch <file>` and `fetch <file> now`.
import type { PhraseWordNode } from "../../language/tree.ts";
import type { Phrase } from "../vocabulary.ts";

/** One way to write a phrase: as many words as the line has. */
export interface Reading {
  readonly phrase: Phrase;
  readonly words: readonly ReadingWord[];
}

export type ReadingWord =
  | { readonly type: "word"; readonly text: string }
  | { readonly type: "slot"; readonly name: string };

/** Every way to write a phrase, the one with the most words first. */
export function expand(phrase: Phrase): readonly Reading[] {
  let ways: readonly (readonly ReadingWord[])[] = [[]];
  for (const word of phrase.node.shape) {
    if (word.type === "optional") {
      const words = word.words.map(toWord);
      ways = [...ways.map((way) => [...way, ...words]), ...ways];
    } else {
      const one = toWord(word);
      ways = ways.map((way) => [...way, one]);
    }
  }
  return ways.map((words) => ({ phrase, words }));
}

/** A reading as it is written. */
export function showReading(reading: Reading): string {
  return reading.words.map((word) => (word.type === "word" ? word.text : `<${word.name}>`)).join(" ");
}

function toWord(word: PhraseWordNode & { readonly type: "word" | "slot" }): ReadingWord {
  return word.type === "word" ? { type: "word", text: word.text } : { type: "slot", name: word.name.text };
}
