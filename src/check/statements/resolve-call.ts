// A line that calls a phrase: which phrase, on which host, with what in its slots.
import { asNotForFiles } from "../findings/as-not-for-files.ts";
import type { CallNode, TextNode } from "../../language/tree.ts";
import { fits } from "../../vocabulary/types.ts";
import type { Phrase, PhraseBlock, Slot, Type } from "../../vocabulary/vocabulary.ts";
import { retryAroundChange } from "../findings/retry-around-change.ts";
import { retryAroundLogin } from "../findings/retry-around-login.ts";
import { valueLikeOption } from "../findings/value-like-option.ts";
import { nothingToCapture } from "../findings/nothing-to-capture.ts";
import { recursivePhrase } from "../findings/recursive-phrase.ts";
import { secretInFile } from "../findings/secret-in-file.ts";
import { wrongType } from "../findings/wrong-type.ts";
import { checkCarried, isNumber } from "../commands/check-command.ts";
import { endNames } from "../names/bind.ts";
import { checkText } from "../names/fit.ts";
import { readText } from "../names/read-text.ts";
import type { BodyFacts, Walk, Where } from "../names/walk.ts";
import type { CallStatement, Statement } from "../program.ts";
import { checkClauses } from "./clauses.ts";
import { choosePhrase } from "./choose-phrase.ts";
import { hostNamed } from "./host-named.ts";
import { reportUnknownPhrase } from "./unknown-phrase.ts";

/** Resolves a call; undefined where no phrase can be meant. */
export function resolveCall(node: CallNode, outer: Walk): Statement | undefined {
  let wrong = false;
  const walk: Walk = {
    ...outer,
    report: (finding) => {
      if (finding.severity === "error") wrong = true;
      outer.report(finding);
    },
  };
  const matches = walk.world.findPhrases(node.words, node.vocabulary?.text);
  if (matches.length === 0) {
    reportUnknownPhrase(node, walk);
    // Its words may use names all the same, and its clauses bind some.
    for (const word of node.words) readText(word, quiet(walk));
    checkClauses(node.clauses, quiet(walk), () => undefined);
    return undefined;
  }
  const { match, where } = choosePhrase(node, matches, walk);
  const { phrase } = match;
  const blocks = blocksFor(phrase, where);
  const bodies = bodiesOf(phrase, blocks, node, walk);
  for (const slot of phrase.slots) {
    const filled = match.slots.get(slot.name);
    if (filled !== undefined) checkSlot(slot, filled, { bodies, walk });
  }
  checkCallClauses(node, { phrase, blocks, bodies }, walk);
  const unmet: string[] = [];
  const statement: CallStatement = {
    type: "call",
    phrase,
    slots: match.slots,
    placement: where.placement,
    clauses: node.clauses,
    unmet,
    span: node.span,
  };
  if (phrase.core !== undefined && statement.placement.as !== undefined) walk.report(asNotForFiles(node.span));
  walk.world.calls.set(statement, { kinds: where.kinds, unmet });
  if (wrong) walk.world.wrongLines.push({ span: node.span, phrase, statement });
  return statement;
}

/** A walk that looks up names and says nothing: a line that is wrong already gets one finding. */
function quiet(walk: Walk): Walk {
  return { ...walk, report: () => {} };
}

/** The phrase's blocks that may run there. */
function blocksFor(phrase: Phrase, where: Where): readonly PhraseBlock[] {
  const { kinds } = where;
  return kinds === undefined
    ? phrase.blocks
    : phrase.blocks.filter((block) => block.kinds === undefined || block.kinds.some((kind) => kinds.includes(kind)));
}

function bodiesOf(phrase: Phrase, blocks: readonly PhraseBlock[], node: CallNode, walk: Walk): readonly BodyFacts[] {
  const bodies: BodyFacts[] = [];
  for (const block of blocks) {
    const body = walk.world.body(phrase, block);
    if (body === "recursive") {
      walk.report(recursivePhrase(node.span, phrase));
      return bodies;
    }
    bodies.push(body);
  }
  return bodies;
}

function checkSlot(
  slot: Slot,
  filled: TextNode,
  { bodies, walk }: { readonly bodies: readonly BodyFacts[]; readonly walk: Walk },
): void {
  const place = `<${slot.name}>`;
  if (slot.type.type === "host") return checkHostSlot(slot.type, filled, walk);
  if (slot.type.type === "secret") {
    const read = readText(filled, walk, "may be secret");
    if (read.literal) walk.report(secretInFile(filled.span, place));
    else if (read.type !== undefined && read.type.type !== "secret")
      walk.report(wrongType(filled.span, read.type, { type: slot.type, place }));
    return;
  }
  const { known } = checkText(filled, { type: slot.type, place }, walk);
  if (known === undefined) return;
  const saysText = slot.type.type === "scalar" && (slot.type.name === "text" || slot.type.name === "number");
  if (
    known.startsWith("-") &&
    !saysText &&
    !isNumber(known) &&
    bodies.some(({ beginsArgument }) => beginsArgument.has(slot.name))
  )
    walk.report(valueLikeOption(filled.span, place, known));
  for (const { body, inCommand } of bodies) {
    if (!inCommand.has(slot.name)) continue;
    for (const name of body.block.kinds ?? []) {
      const kind = walk.world.kinds.get(name);
      if (kind !== undefined)
        checkCarried(
          { span: filled.span, shown: place, text: known },
          { kind, shell: kind.dialogue === undefined ? (kind.shell ?? "sh") : "dialogue" },
          walk,
        );
    }
  }
}

function checkHostSlot(type: Type & { readonly type: "host" }, filled: TextNode, walk: Walk): void {
  const { host, kinds, guessed } = hostNamed(filled, walk);
  if (guessed || kinds === undefined || type.kinds === undefined) return;
  const has: Type = { type: "host", kinds };
  if (fits(has, type) !== "yes")
    walk.report(wrongType(filled.span, has, { type, place: host.type === "here" ? "this place" : "this slot" }));
}

interface Called {
  readonly phrase: Phrase;
  readonly blocks: readonly PhraseBlock[];
  readonly bodies: readonly BodyFacts[];
}

function checkCallClauses(node: CallNode, called: Called, walk: Walk): void {
  const { clauses } = node;
  const mark = walk.scope.mark();
  checkClauses(clauses, walk, (clause) => {
    const types = called.bodies.map(({ binds }) => binds.get(clause.name.text));
    const [first] = types;
    if (first !== undefined && types.every((type) => type !== undefined)) return first;
    walk.report(
      nothingToCapture(clause.name.span, clause.name.text, called.phrase, [
        ...new Set(called.bodies.flatMap(({ binds }) => [...binds.keys()])),
      ]),
    );
    return undefined;
  });
  if (clauses.some(({ type }) => type === "may-fail")) endNames(walk.scope.release(mark, "may-fail"), walk);
  const retry = clauses.find(({ type }) => type === "retry");
  if (retry === undefined) return;
  if (called.blocks.some(({ logsIn }) => logsIn)) walk.report(retryAroundLogin(retry.span));
  else if (
    called.phrase.core === undefined &&
    called.blocks.some((block) => !block.changesNothing) &&
    called.bodies.some(({ body, hasAlreadySo }) => !body.block.changesNothing && !hasAlreadySo)
  )
    walk.report(retryAroundChange(retry.span));
}
