// What is indented under a phrase or a `run`: its values, patterns and conditions, and the names that it captures.
import type { ClauseNode, PatternNode, TextNode } from "../../language/tree.ts";
import type { Diagnostic } from "../../text/diagnostic.ts";
import { textType, wordType } from "../../vocabulary/types.ts";
import type { Type } from "../../vocabulary/vocabulary.ts";
import { captureBesideAlreadySo } from "../findings/capture-beside-already-so.ts";
import { mayFailWithoutReason } from "../findings/may-fail-without-reason.ts";
import { noHoleToCapture } from "../findings/nothing-to-capture.ts";
import { outOfRange } from "../findings/out-of-range.ts";
import { secretInFile } from "../findings/secret-in-file.ts";
import { checkElevation } from "../commands/check-command.ts";
import { bindName, bindUnknown } from "../names/bind.ts";
import { checkCondition } from "../names/conditions.ts";
import { checkCount, checkDuration, checkText, checkWords, expectType } from "../names/fit.ts";
import { checkPattern, type Hole } from "../names/patterns.ts";
import { readText } from "../names/read-text.ts";
import { readValue } from "../names/read-value.ts";
import type { Walk } from "../names/walk.ts";

/** Names that a phrase's body binds, for `capture NAME`; reports where there is none. */
export type BodyName = (clause: ClauseNode & { readonly type: "capture-name" }) => Type | undefined;

/** Checks clauses in their order. A secret that is captured is given to `atStepsEnd`: it ends there. */
export function checkClauses(clauses: readonly ClauseNode[], walk: Walk, bodyName: BodyName): void {
  const alreadySo = clauses.find(
    (clause) => clause.type === "already-so-pattern" || clause.type === "already-so-condition",
  );
  for (const clause of clauses) {
    if (alreadySo !== undefined && isCapture(clause)) walk.report(captureBesideAlreadySo(clause.span, alreadySo.span));
    checkClause(clause, walk, bodyName);
  }
}

/** Whether a clause binds names. */
function isCapture(clause: ClauseNode): boolean {
  return (
    clause.type === "capture-pattern" ||
    clause.type === "capture-each" ||
    clause.type === "capture-output" ||
    clause.type === "capture-name"
  );
}

function checkClause(clause: ClauseNode, walk: Walk, bodyName: BodyName): void {
  switch (clause.type) {
    case "expect-pattern":
    case "already-so-pattern":
      checkPattern(clause.pattern, walk, "keeps nothing");
      return;
    case "expect-exit":
      for (const { value, span } of clause.statuses)
        if (!Number.isInteger(value) || value < 0 || value > 4_294_967_295)
          walk.report(outOfRange(span, String(value), "an exit status is a whole number from 0 to 4294967295"));
      return;
    case "expect-condition":
    case "already-so-condition":
      return checkCondition(clause.condition, walk);
    case "capture-pattern":
      for (const { name, type, span } of capturedHoles(clause.pattern, walk))
        bindName({ text: name, span }, { type, origin: "capture" }, walk);
      return;
    case "capture-each": {
      const holes = capturedHoles(clause.pattern, walk);
      if (holes.length === 0) return bindUnknown(clause.as, "capture", walk);
      const fields = Object.fromEntries(holes.map(({ name, type }) => [name, type]));
      return bindName(clause.as, { type: { type: "list", of: { type: "record", fields } }, origin: "capture" }, walk);
    }
    case "capture-output":
      return bindName(clause.as, { type: textType, origin: "capture" }, walk);
    case "capture-name": {
      const type = bodyName(clause);
      if (type === undefined) bindUnknown(clause.as ?? clause.name, "capture", walk);
      else bindName(clause.as ?? clause.name, { type, origin: "capture" }, walk);
      return;
    }
    case "fails-when":
      checkPattern(clause.pattern, walk, "keeps nothing");
      return checkWords(clause.because, walk);
    case "answer":
      checkPattern(clause.to, walk, "keeps nothing");
      return checkAnswer(clause, walk);
    case "by-hand-at":
      checkPattern(clause.at, walk, "keeps nothing");
      return checkWords(clause.instruction, walk);
    case "input":
      checkSent(clause.value, `"input"`, walk);
      return;
    case "within":
    case "idle":
      return checkDuration(clause.duration, `"${clause.type}"`, walk);
    case "retry":
      checkDuration(clause.every, `"every"`, walk);
      if (clause.limit.type === "times") checkCount(clause.limit.count, `"retry"`, walk);
      else checkDuration(clause.limit.duration, `"retry for"`, walk);
      return;
    case "as":
      checkText(clause.user, { type: wordType, place: `"as"` }, walk);
      return checkElevation(clause.span, walk);
    case "in":
      checkText(clause.folder, { type: textType, place: `"in"` }, walk);
      return;
    case "with": {
      const read = readValue(clause.value, walk, "may be secret");
      if (read.type?.type !== "secret") expectType(read, { type: textType, place: `"with"` }, clause.value.span, walk);
      return;
    }
    case "destroys":
      return checkWords(clause.what, walk);
    case "may-fail":
      if (clause.because === undefined) walk.report(mayFailWithoutReason(clause.span));
      return checkWords(clause.because, walk);
    case "expect-nothing":
    case "using":
    case "hide-output":
    case "changes-nothing":
      return;
  }
}

/** The named holes of a `capture`; reports a pattern that has none. One that does not compile has its own finding. */
function capturedHoles(pattern: PatternNode, walk: Walk): readonly Hole[] {
  let isRead = true;
  const report = (finding: Diagnostic): void => {
    if (finding.code === "regex") isRead = false;
    walk.report(finding);
  };
  const holes = checkPattern(pattern, { ...walk, report }, "keeps its holes");
  if (isRead && holes.length === 0) walk.report(noHoleToCapture(pattern.span, pattern.form === "regex"));
  return holes;
}

/** What goes to the program: a text or a secret. */
function checkSent(node: TextNode, place: string, walk: Walk): void {
  const read = readText(node, walk, "may be secret");
  if (read.type?.type !== "secret") expectType(read, { type: textType, place }, node.span, walk);
}

function checkAnswer(clause: ClauseNode & { readonly type: "answer" }, walk: Walk): void {
  checkSent(clause.value, `"answer"`, walk);
  const isLiteral = clause.value.parts.every((part) => part.type === "literal");
  if (isLiteral && asksForPassword(clause.to.parts.map((part) => (part.type === "literal" ? part.text : " ")).join("")))
    walk.report(secretInFile(clause.value.span, "The answer to this question"));
}

/** Whether a question ends as those do that ask for a password. */
function asksForPassword(question: string): boolean {
  return /\b(?:password|passphrase|pin)\b[^.!]{0,20}[:?>]?\s*$/i.test(question);
}

/** Where an `expect` of some kind, or what stands for one, is among the clauses. */
export function looksAtResult(clauses: readonly ClauseNode[]): boolean {
  return clauses.some(
    (clause) =>
      clause.type.startsWith("expect-") ||
      clause.type.startsWith("already-so") ||
      clause.type === "fails-when" ||
      clause.type === "capture-pattern" ||
      clause.type === "capture-each",
  );
}
