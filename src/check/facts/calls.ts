// What a call means for facts: its host, the blocks that may run, what fills its slots.
import type { FactNode } from "../../language/tree.ts";
import type { Phrase, PhraseBlock, Type } from "../../vocabulary/vocabulary.ts";
import type { CallStatement, Program, Statement } from "../program.ts";
import { fill, fillHost, known, type Fact, type Names } from "./fact.ts";

/** This machine, under the name of the one host of the inventory that is `at here`. */
export function nameOfHere(program: Pick<Program, "inventory">): Fact {
  const here = [...program.inventory.hosts.values()].filter((host) => host.here);
  const [only] = here;
  return here.length === 1 && only !== undefined ? [known(only.name, true)] : [known("here")];
}

/** A phrase's blocks for each kind that its host may have; for each kind, one a version. */
export function alternatives(
  phrase: Phrase,
  kinds: readonly string[] | undefined,
): readonly { readonly kind: string | undefined; readonly blocks: readonly PhraseBlock[] }[] {
  if (kinds === undefined || phrase.core !== undefined) return [{ kind: kinds?.[0], blocks: phrase.blocks }];
  return kinds
    .map((kind) => ({ kind, blocks: phrase.blocks.filter((block) => block.kinds?.includes(kind) ?? true) }))
    .filter(({ blocks }) => blocks.length > 0);
}

/** Slot → what fills it, in the caller's names; `here` is the machine that runs the runbook. */
export function slotsOf(call: CallStatement, names: Names, here: Fact): ReadonlyMap<string, Fact> {
  const slots = new Map<string, Fact>();
  for (const slot of call.phrase.slots) {
    const filled = call.slots.get(slot.name);
    if (filled !== undefined)
      slots.set(
        slot.name,
        slot.type.type === "host"
          ? fillHost(filled, (name) => (name === "here" ? here : names(name)))
          : fill(filled.parts, names),
      );
  }
  return slots;
}

/** Whether every slot that a fact names was filled: an optional one that was left out says nothing. */
export function isFilled(fact: FactNode, phrase: Phrase, slots: ReadonlyMap<string, Fact>): boolean {
  return fact.parts.every(
    (part) =>
      part.type !== "value" || slots.has(part.name.text) || !phrase.slots.some(({ name }) => name === part.name.text),
  );
}

/** Whether some statement calls a phrase: a body without one gives and needs only what its phrase says. */
export function hasCall(statements: readonly Statement[]): boolean {
  return statements.some((statement) => {
    if (statement.type === "call") return true;
    if (statement.type === "if") return statement.branches.some(({ block }) => hasCall(block));
    return (statement.type === "for-each" || statement.type === "on-each") && hasCall(statement.block);
  });
}

/** Whether values of a type are hosts. */
export function isHostType(type: Type): boolean {
  return type.type === "host";
}
