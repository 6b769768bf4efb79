// `run COMMAND` and what is indented under it.
import type { ClauseNode, RunNode } from "../../language/tree.ts";
import { noExpectation } from "../findings/no-expectation.ts";
import { retryAroundChange } from "../findings/retry-around-change.ts";
import { retryAroundLogin } from "../findings/retry-around-login.ts";
import { checkCommand } from "../commands/check-command.ts";
import { endNames } from "../names/bind.ts";
import { shellsAt, type Walk } from "../names/walk.ts";
import type { Statement } from "../program.ts";
import { checkClauses, looksAtResult } from "./clauses.ts";

/** Resolves a raw command. */
export function resolveRun(node: RunNode, walk: Walk): Statement {
  const { clauses } = node;
  checkCommand(node, walk);
  const mark = walk.scope.mark();
  // `capture NAME` stands under phrases alone, and the parser says so.
  checkClauses(clauses, walk, () => undefined);
  if (clauses.some(({ type }) => type === "may-fail")) endNames(walk.scope.release(mark, "may-fail"), walk);
  checkRetry(clauses, walk);
  checkLooked(node, walk);
  return { type: "run", command: node.command, placement: walk.where.placement, clauses, span: node.span };
}

function checkRetry(clauses: readonly ClauseNode[], walk: Walk): void {
  const knowsWhenMade = clauses.some(({ type }) => type === "already-so-pattern" || type === "already-so-condition");
  if (knowsWhenMade && walk.inPhrase !== undefined) walk.inPhrase.hasAlreadySo = true;
  const retry = clauses.find(({ type }) => type === "retry");
  if (retry === undefined) return;
  if (clauses.some((clause) => clause.type === "answer" && isSecret(clause, walk)) || walk.inPhrase?.block.logsIn)
    walk.report(retryAroundLogin(retry.span));
  else if (
    !knowsWhenMade &&
    !clauses.some(({ type }) => type === "changes-nothing") &&
    !walk.inPhrase?.block.changesNothing
  )
    walk.report(retryAroundChange(retry.span));
}

function isSecret(clause: ClauseNode & { readonly type: "answer" }, walk: Walk): boolean {
  return clause.value.parts.some(
    (part) => part.type === "value" && walk.scope.find(part.name.text)?.type.type === "secret",
  );
}

/** A dialogue whose kind has no verdict says nothing by itself: something must look at the answer. */
function checkLooked(node: RunNode, walk: Walk): void {
  if (
    looksAtResult(node.clauses) ||
    node.clauses.some(({ type }) => type === "changes-nothing") ||
    walk.inPhrase?.block.changesNothing
  )
    return;
  const mute = shellsAt(walk).find(({ kind }) => kind.dialogue !== undefined && kind.dialogue.verdict === undefined);
  if (mute !== undefined) walk.report(noExpectation(node.span, mute.kind.name));
}
