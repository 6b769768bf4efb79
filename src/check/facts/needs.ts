// Whether what a line needs is so: given by an earlier line, for every member of a list, or open until inputs are known.
import { couldBe } from "./could-be.ts";
import { keyOf, marks, substitute, type Fact } from "./fact.ts";
import type { FactSet, Given } from "./fact-set.ts";
import type { FactList } from "./names.ts";

export type Answer =
  | { readonly type: "so" }
  /** Only for some values of an input. */
  | { readonly type: "open"; readonly given: Fact }
  | { readonly type: "not so" };

/** How many comparisons with open values one check makes: far more than a runbook has, and a bound for one made to be slow. */
const mostComparisons = 50_000;

export interface Asker {
  readonly ask: (fact: Fact, tag: string) => Answer;
}

/** Answers what is needed from a set of facts; `lists` are the lists whose loops are or were walked, by the loop's symbol. */
export function makeAsker(facts: FactSet, all: () => Iterable<Given>, lists: ReadonlyMap<string, FactList>): Asker {
  const lastFound = new Map<string, string>();
  let comparisons = 0;

  const isGiven = (fact: Fact, tag: string): boolean => {
    const key = keyOf(fact);
    if (!key.includes(marks.any)) return facts.has(key) || (tag !== "" && facts.has(key + tag));
    const last = lastFound.get(key + tag);
    if (last !== undefined && facts.has(last)) return true;
    const form = new RegExp(`^${key.split(marks.any).map(escaped).join(".+?")}(?:${escaped(tag)})?$`, "s");
    for (const given of facts.near(key)) {
      if (!form.test(given.key) || (tag === "" && given.key.includes(tagMark))) continue;
      lastFound.set(key + tag, given.key);
      return true;
    }
    return false;
  };

  const isSoForEach = (fact: Fact, tag: string): boolean => {
    for (const part of fact) {
      if (part.type !== "unknown") continue;
      const members = lists.get(part.id)?.members;
      if (members === undefined || members.length === 0) continue;
      if (members.every((member) => isSo(substitute(fact, part.id, member), tag))) return true;
    }
    return false;
  };

  const isSo = (fact: Fact, tag: string): boolean => isGiven(fact, tag) || isSoForEach(fact, tag);

  const openFor = (fact: Fact): Fact | undefined => {
    const hasInput = fact.some((part) => part.type === "unknown" && part.isInput);
    for (const given of all()) {
      if (!hasInput && !given.fact.some((part) => part.type === "unknown" && part.isInput)) continue;
      if (++comparisons > mostComparisons) return undefined;
      if (couldBe(fact, given.fact, isInput)) return given.fact;
    }
    return undefined;
  };

  return {
    ask: (fact, tag) => {
      if (isSo(fact, tag)) return { type: "so" };
      const given = openFor(fact);
      return given === undefined ? { type: "not so" } : { type: "open", given };
    },
  };
}

function isInput(part: { readonly isInput: boolean }): boolean {
  return part.isInput;
}

/** Begins the part of a key that says: only where this host has this kind. */
export const tagMark = "\u0004";

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`);
}
