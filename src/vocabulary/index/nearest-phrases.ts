// "Did you mean": phrases that are like a line that is none.
import type { TextNode } from "../../language/tree.ts";
import { editDistance } from "../../text/nearest.ts";
import type { Phrase } from "../vocabulary.ts";
import type { Reading, ReadingWord } from "./readings.ts";
import { plainWord } from "./trie.ts";

/** At most three phrases, the likeliest first; none that shares no word with the line. */
export function nearestPhrases(
  words: readonly TextNode[],
  readings: ReadonlyMap<Phrase, readonly Reading[]>,
): readonly Phrase[] {
  const plain = words.map(plainWord);
  const scored: { readonly phrase: Phrase; readonly cost: number }[] = [];
  for (const [phrase, ways] of readings) {
    let best = Infinity;
    for (const { words: shape } of ways) {
      if (!sharesWord(shape, plain)) continue;
      best = Math.min(best, alignmentCost(shape, plain) / Math.max(shape.length, plain.length));
    }
    if (best <= 0.65) scored.push({ phrase, cost: best });
  }
  scored.sort((a, b) => a.cost - b.cost);
  const limit = (scored[0]?.cost ?? 0) + 0.15;
  return scored
    .filter(({ cost }) => cost <= limit)
    .slice(0, 3)
    .map(({ phrase }) => phrase);
}

function sharesWord(shape: readonly ReadingWord[], plain: readonly (string | undefined)[]): boolean {
  return shape.some(
    (word) => word.type === "word" && plain.some((other) => other !== undefined && likeness(word.text, other) < 0.5),
  );
}

// Words left out or too many cost 1, a word that is another one up to 1, a slot takes what comes.
function alignmentCost(shape: readonly ReadingWord[], plain: readonly (string | undefined)[]): number {
  let last = plain.map((_, index) => index + 1);
  last.unshift(0);
  for (const [row, word] of shape.entries()) {
    const now = [row + 1];
    for (const [column, other] of plain.entries()) {
      const same = word.type === "slot" ? 0.1 : other === undefined ? 1 : likeness(word.text, other);
      now.push(Math.min((last[column + 1] ?? 0) + 1, (now[column] ?? 0) + 1, (last[column] ?? 0) + same));
    }
    last = now;
  }
  return last[plain.length] ?? Infinity;
}

/** 0 for the same word (but for its case, almost), 1 for one that has nothing of it. */
function likeness(a: string, b: string): number {
  if (a === b) return 0;
  const distance = editDistance(a.toLowerCase(), b.toLowerCase());
  return Math.min(1, distance / Math.max(1, Math.min(a.length, b.length)) + 0.05);
}
