// Two phrases that one line could match are an error where they are defined, whatever their slots' types.
import type { Diagnostic } from "../../text/diagnostic.ts";
import { error } from "../../text/diagnostic.ts";
import type { Phrase, Vocabulary } from "../vocabulary.ts";
import { showReading, type Reading } from "./readings.ts";
import { emptyTrie, findMeeting, insert } from "./trie.ts";

/** One finding for each pair of phrases, at the later one. Of two vocabularies that are not the core nothing is said. */
export function findOverlaps(
  vocabularies: readonly Vocabulary[],
  readings: ReadonlyMap<Phrase, readonly Reading[]>,
): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const core = vocabularies.filter(({ name }) => name === "core").flatMap(({ phrases }) => phrases);
  for (const vocabulary of vocabularies) {
    const trie = emptyTrie();
    if (vocabulary.name !== "core")
      for (const phrase of core) for (const reading of readings.get(phrase) ?? []) insert(trie, reading);
    for (const phrase of vocabulary.phrases) {
      const met = new Set<Phrase>();
      for (const reading of readings.get(phrase) ?? []) {
        for (const other of findMeeting(trie, reading)) {
          if (met.has(other.phrase)) continue;
          met.add(other.phrase);
          diagnostics.push(overlap(reading, other));
        }
        insert(trie, reading);
      }
    }
  }
  return diagnostics;
}

function overlap(reading: Reading, other: Reading): Diagnostic {
  const { phrase } = reading;
  const line = bothMatch(reading, other);
  if (phrase === other.phrase) {
    return error(
      "overlapping-phrases",
      phrase.node.span,
      `The line "${line}" would be this phrase in two ways, so nobody could say which slot is meant. Put a word of its own before each optional slot.`,
    );
  }
  const owner = other.phrase.vocabulary === phrase.vocabulary ? "" : ` of ${other.phrase.vocabulary}`;
  return error(
    "overlapping-phrases",
    phrase.node.span,
    `The line "${line}" would be this phrase and "${showReading(other)}"${owner}, so nobody could say which is meant. Change a word of one of them.`,
    { notes: [{ message: "The other is here.", span: other.phrase.node.span }] },
  );
}

// A line that both readings match: literal words win, where both have a slot stands the first one's name.
function bothMatch(reading: Reading, other: Reading): string {
  return reading.words
    .map((word, position) => {
      const second = other.words[position];
      if (word.type === "word") return word.text;
      return second?.type === "word" ? second.text : word.name;
    })
    .join(" ");
}
