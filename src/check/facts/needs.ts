// Whether what a line needs is so: given by an earlier line, for every member of a list, or open until inputs are known.
import { couldBe } from "./could-be.ts";
import { keyOf, marks, substitute, type Fact } from "./fact.ts";
import type { FactSet } from "./fact-set.ts";
import type { FactList } from "./names.ts";

/** How many comparisons with open values one check makes: far more than a runbook has, and a bound for one made to be slow. */
const mostComparisons = 50_000;

/** A longer fact is compared as it stands: to search it for what `<_>` stands for would take long. */
const longest = 1000;

export interface Asker {
  /** Whether it is so, on a host whose kind the tag says. */
  readonly isSo: (fact: Fact, tag: string) => boolean;
  /** A given fact that it may be, for some values of the inputs. */
  readonly openFor: (fact: Fact) => Fact | undefined;
}

/** Answers what is needed from a set of facts; `lists` are the lists whose loops are or were walked, by the loop's symbol. */
export function makeAsker(facts: FactSet, lists: ReadonlyMap<string, FactList>): Asker {
  const lastFound = new Map<string, string>();
  let comparisons = 0;

  const isGiven = (fact: Fact, tag: string): boolean => {
    const key = keyOf(fact);
    if (!key.includes(marks.any)) return facts.has(key) || (tag !== "" && facts.has(key + tag));
    const last = lastFound.get(key + tag);
    if (last !== undefined && facts.has(last)) return true;
    const form = new RegExp(`^${key.split(marks.any).map(escaped).join(".+?")}(?:${escaped(tag)})?$`, "s");
    for (const given of facts.near(key)) {
      if (given.key.length > longest || !form.test(given.key) || (tag === "" && given.key.includes(tagMark))) continue;
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
    for (const given of hasInput ? facts.all() : facts.withInputs()) {
      if (++comparisons > mostComparisons) return undefined;
      if (couldBe(fact, given.fact, isInput)) return given.fact;
    }
    return undefined;
  };

  return { isSo, openFor };
}

function isInput(part: { readonly isInput: boolean }): boolean {
  return part.isInput;
}

/** Begins the part of a key that says: only where this host has this kind. */
export const tagMark = "\u0004";

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`);
}
