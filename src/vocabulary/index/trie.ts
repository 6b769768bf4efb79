// A trie of readings: at every place a literal word, or a slot.
import type { TextNode } from "../../language/tree.ts";
import type { Reading } from "./readings.ts";

export interface Trie {
  readonly words: Map<string, Trie>;
  slot: Trie | undefined;
  /** The readings that end here. */
  readonly ends: Reading[];
}

export function emptyTrie(): Trie {
  return { words: new Map(), slot: undefined, ends: [] };
}

export function insert(trie: Trie, reading: Reading): void {
  let at = trie;
  for (const word of reading.words) {
    if (word.type === "slot") {
      at.slot ??= emptyTrie();
      at = at.slot;
    } else {
      let next = at.words.get(word.text);
      if (next === undefined) at.words.set(word.text, (next = emptyTrie()));
      at = next;
    }
  }
  at.ends.push(reading);
}

/** The readings that a line's words are. */
export function findReadings(trie: Trie, words: readonly TextNode[]): readonly Reading[] {
  let level: readonly Trie[] = [trie];
  for (const word of words) {
    const plain = plainWord(word);
    const next: Trie[] = [];
    for (const at of level) {
      const literal = plain === undefined ? undefined : at.words.get(plain);
      if (literal !== undefined) next.push(literal);
      if (at.slot !== undefined) next.push(at.slot);
    }
    if (next.length === 0) return [];
    level = next;
  }
  return level.flatMap(({ ends }) => ends);
}

/** The readings that some line could match together with this one: a slot meets anything. */
export function findMeeting(trie: Trie, reading: Reading): readonly Reading[] {
  let level: readonly Trie[] = [trie];
  for (const word of reading.words) {
    const next: Trie[] = [];
    for (const at of level) {
      if (at.slot !== undefined) next.push(at.slot);
      if (word.type === "slot") next.push(...at.words.values());
      else {
        const literal = at.words.get(word.text);
        if (literal !== undefined) next.push(literal);
      }
    }
    level = next;
  }
  return level.flatMap(({ ends }) => ends);
}

/** A plain word's text; undefined for a string, and for a word with a value in it. */
export function plainWord(word: TextNode): string | undefined {
  const [part, ...more] = word.parts;
  return word.form === "word" && part?.type === "literal" && more.length === 0 ? part.text : undefined;
}
