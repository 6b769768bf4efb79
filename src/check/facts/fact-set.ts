// The facts that are so at one place. A trail of changes lets a branch be walked and taken back at the cost of what it
// changed; nothing is copied.
import { keyOf, marks, type Fact } from "./fact.ts";

export interface Given {
  readonly fact: Fact;
  readonly key: string;
}

/** Facts added and removed since a mark, by key; what was added and removed again is in neither. */
export interface Changes {
  readonly added: ReadonlyMap<string, Given>;
  readonly removed: ReadonlyMap<string, Given>;
}

export interface FactSet {
  readonly has: (key: string) => boolean;
  readonly add: (fact: Fact, key?: string) => void;
  readonly remove: (key: string) => void;
  /** Those that a fact with `<_>` may be about. */
  readonly near: (key: string) => readonly Given[];
  readonly all: () => Iterable<Given>;
  /** Those whose text an input decides. */
  readonly withInputs: () => Iterable<Given>;
  readonly mark: () => number;
  readonly since: (mark: number) => Changes;
  readonly takeBack: (mark: number) => void;
}

/** No facts. */
export function makeFactSet(): FactSet {
  const all = new Map<string, Given>();
  const open = new Map<string, Given>();
  const byFirstWord = new Map<string, Map<string, Given>>();
  const byTwoWords = new Map<string, Map<string, Given>>();
  const trail: { readonly given: Given; readonly isAdded: boolean }[] = [];

  const put = (given: Given): void => {
    all.set(given.key, given);
    if (given.fact.some((part) => part.type === "unknown" && part.isInput)) open.set(given.key, given);
    const { first, two } = wordsOf(given.key);
    bucket(byFirstWord, first).set(given.key, given);
    bucket(byTwoWords, two).set(given.key, given);
  };
  const drop = ({ key }: Given): void => {
    all.delete(key);
    open.delete(key);
    const { first, two } = wordsOf(key);
    byFirstWord.get(first)?.delete(key);
    byTwoWords.get(two)?.delete(key);
  };

  return {
    has: (key) => all.has(key),
    add: (fact, key = keyOf(fact)) => {
      if (all.has(key)) return;
      const given = { fact, key };
      put(given);
      trail.push({ given, isAdded: true });
    },
    remove: (key) => {
      const given = all.get(key);
      if (given === undefined) return;
      drop(given);
      trail.push({ given, isAdded: false });
    },
    near: (key) => {
      const { first, two } = wordsOf(key);
      if (!two.includes(marks.any)) return [...(byTwoWords.get(two)?.values() ?? [])];
      return [...(first.includes(marks.any) ? all : (byFirstWord.get(first) ?? new Map<string, Given>())).values()];
    },
    all: () => all.values(),
    withInputs: () => open.values(),
    mark: () => trail.length,
    since: (mark) => {
      const added = new Map<string, Given>();
      const removed = new Map<string, Given>();
      for (let at = mark; at < trail.length; at++) {
        const change = trail[at];
        if (change === undefined) continue;
        const { given, isAdded } = change;
        const [to, other] = isAdded ? [added, removed] : [removed, added];
        if (!other.delete(given.key)) to.set(given.key, given);
      }
      return { added, removed };
    },
    takeBack: (mark) => {
      while (trail.length > mark) {
        const change = trail.pop();
        if (change === undefined) return;
        if (change.isAdded) drop(change.given);
        else put(change.given);
      }
    },
  };
}

function wordsOf(key: string): { readonly first: string; readonly two: string } {
  const end = key.indexOf(" ");
  if (end === -1) return { first: key, two: key };
  const second = key.indexOf(" ", end + 1);
  return { first: key.slice(0, end), two: second === -1 ? key : key.slice(0, second) };
}

function bucket(buckets: Map<string, Map<string, Given>>, word: string): Map<string, Given> {
  let found = buckets.get(word);
  if (found === undefined) buckets.set(word, (found = new Map()));
  return found;
}
