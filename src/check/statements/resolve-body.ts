// Phrases' bodies: resolved once for each block, when something first calls it.
import type { Kind, Phrase, PhraseBlock, Type } from "../../vocabulary/vocabulary.ts";
import { secretShown } from "../findings/secret-shown.ts";
import { bindName } from "../names/bind.ts";
import { checkCondition } from "../names/conditions.ts";
import { checkWords } from "../names/fit.ts";
import { checkPattern } from "../names/patterns.ts";
import { makeScope, type Scope } from "../names/scope.ts";
import type { BodyFacts, InPhrase, Walk, Where, World } from "../names/walk.ts";
import { bodyKey, type PhraseBody, type Statement } from "../program.ts";
import { resolveBlock } from "./resolve-block.ts";

export interface Bodies {
  readonly resolve: World["body"];
  /** Every body that was resolved, by `bodyKey`. */
  readonly all: ReadonlyMap<string, BodyFacts>;
}

/** Resolves bodies as they are asked for; `world` is asked when the first one is. */
export function makeBodies(world: () => World): Bodies {
  const all = new Map<string, BodyFacts>();
  const open = new Set<string>();
  const resolve = (phrase: Phrase, block: PhraseBlock): BodyFacts | "recursive" => {
    const key = bodyKey(phrase, block);
    const known = all.get(key);
    if (known !== undefined) return known;
    if (open.has(key)) return "recursive";
    open.add(key);
    const { facts, resolveUndo } = resolveBody(phrase, block, world());
    open.delete(key);
    all.set(key, facts);
    // Two phrases may undo each other: an `undo` is never itself undone.
    resolveUndo();
    return facts;
  };
  return { resolve, all };
}

/** Checks the condition on a kind's verdict, and resolves the statements of its `on opening`. */
export function resolveKind(kind: Kind, world: World): readonly Statement[] {
  const { dialogue } = kind;
  if (dialogue === undefined) return [];
  const scope = makeScope();
  bindHost(scope, [kind.name]);
  const walk: Walk = { ...walkIn(world, scope, [kind.name]), inPhrase: undefined };
  const { statements } = resolveBlock(dialogue.onOpening, walk);
  if (dialogue.verdict !== undefined)
    for (const { name, type, span } of checkPattern(dialogue.verdict, walk, "keeps its holes"))
      bindName({ text: name, span }, { type, origin: "capture" }, walk);
  // Without a verdict line its names can't be known: that has been said.
  if (dialogue.succeedsWhen !== undefined && dialogue.verdict !== undefined)
    checkCondition(dialogue.succeedsWhen, walk);
  return statements;
}

function resolveBody(
  phrase: Phrase,
  block: PhraseBlock,
  world: World,
): { readonly facts: BodyFacts; readonly resolveUndo: () => void } {
  const scope = makeScope();
  bindHost(scope, block.kinds);
  bindSlots(phrase, scope);
  const inPhrase: InPhrase = { phrase, block, beginsArgument: new Set(), inCommand: new Set(), hasAlreadySo: false };
  const walk: Walk = { ...walkIn(world, scope, block.kinds), inPhrase };
  checkWords(block.destroys, walk);
  // A fact is shown to people, so no secret may be in it; its names were looked up where the phrase was read.
  for (const part of block.facts.flatMap((fact) => fact.parts))
    if (
      part.type === "value" &&
      phrase.slots.some(({ name, type }) => name === part.name.text && type.type === "secret")
    )
      world.report(secretShown(part.span, part.name.text));
  const { statements } = resolveBlock(block.node.body, walk);
  const binds = new Map<string, Type>();
  for (const { name, type, origin } of scope.all()) if (origin !== "slot" && name !== "host") binds.set(name, type);
  const body: { -readonly [Part in keyof PhraseBody]: PhraseBody[Part] } = {
    phrase,
    block,
    statements,
    undo: undefined,
  };
  const { beginsArgument, inCommand } = inPhrase;
  return {
    facts: { body, binds, beginsArgument, inCommand, hasAlreadySo: inPhrase.hasAlreadySo },
    resolveUndo: () => {
      if (block.node.undo !== undefined) body.undo = resolveBlock(block.node.undo, walk).statements;
    },
  };
}

function walkIn(world: World, scope: Scope, kinds: readonly string[] | undefined): Omit<Walk, "inPhrase"> {
  const where: Where = {
    placement: { host: { type: "named", name: "host" }, as: undefined, in: undefined },
    kinds,
    said: true,
  };
  return { world, scope, where, report: world.report, inFinally: false, block: resolveBlock };
}

/** Slots in brackets are not bound: a line that leaves them out has no value for them. Only facts may speak of them. */
function bindSlots({ slots }: Phrase, scope: Scope): void {
  const bind = (optional: boolean): void => {
    for (const slot of slots)
      if (slot.optional === optional)
        scope.bind({
          name: slot.name,
          type: slot.type,
          origin: "slot",
          span: undefined,
          known: undefined,
          used: false,
          from: [],
        });
  };
  bind(false);
  const mark = scope.mark();
  bind(true);
  scope.release(mark, "brackets");
}

function bindHost(scope: Scope, kinds: readonly string[] | undefined): void {
  scope.bind({
    name: "host",
    type: kinds === undefined ? { type: "host", kinds: undefined } : { type: "host", kinds },
    origin: "slot",
    span: undefined,
    known: undefined,
    used: true,
    from: [],
  });
}
