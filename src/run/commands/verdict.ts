// The verdict of a command: independent checks, each with what was expected and what was seen.
// `fails when` first, then `already so`, then the kind's own verdict, the expectations, and the exit status last: it lies.
import type { Exit } from "../../hosts/connection.ts";
import type { ClauseNode, PatternNode } from "../../language/tree.ts";
import { decideCondition, evaluateCondition, evaluatePattern, evaluateText, type Given } from "../../plan/evaluate.ts";
import { textOfValue } from "../../plan/as-value.ts";
import type { Environment, Value } from "../../plan/value.ts";
import { textOf } from "../../text/source.ts";
import type { CompiledPattern } from "../../vocabulary/pattern.ts";
import type { DialogueKind } from "../../vocabulary/vocabulary.ts";
import { captureHoles } from "./captures.ts";
import { sentenceOf, type Check } from "./check.ts";
import { clip, shownPattern } from "./shown.ts";

export interface Verdict {
  readonly outcome: "done" | "already so" | "failed";
  readonly checks: readonly Check[];
  /** One sentence, where it failed. */
  readonly reason: string | undefined;
}

export interface VerdictParts {
  readonly output: string;
  /** Undefined: a dialogue came back to its prompt. */
  readonly exit: Exit | undefined;
  readonly clauses: readonly ClauseNode[];
  /** Undefined on shells. */
  readonly dialogue: DialogueKind | undefined;
  readonly environment: Environment;
  readonly given: Given;
  /** `hide output`: no check may show any of it. */
  readonly hidden: boolean;
}

/** Everything but conditions over captured names, which are checked once those are bound. */
export function verdictOf(parts: VerdictParts): Verdict {
  const known = checkFailsWhen(parts);
  if (known !== undefined) return { outcome: "failed", checks: [known.check], reason: known.reason };
  const already = checkAlreadySo(parts);
  if (already !== undefined) return { outcome: "already so", checks: [already], reason: undefined };
  const checks = [...checkKind(parts), ...checkExpectations(parts), ...checkExit(parts)];
  const broken = checks.find((check) => !check.held);
  return {
    outcome: broken === undefined ? "done" : "failed",
    checks,
    reason: broken === undefined ? undefined : sentenceOf(broken),
  };
}

/** `expect CONDITION`: after the captures. */
export async function checkConditions(parts: VerdictParts): Promise<readonly Check[]> {
  const checks: Check[] = [];
  for (const clause of parts.clauses) {
    if (clause.type !== "expect-condition") continue;
    const decided = await evaluateCondition(clause.condition, parts.environment, parts.given);
    checks.push({ what: textOf(clause.span), expected: decided.expected, seen: decided.seen, held: decided.holds });
  }
  return checks;
}

/** `expect line/text P`, `expect nothing` and stated exit statuses: also what may stand under a phrase. */
export function checkExpectations(parts: VerdictParts): readonly Check[] {
  const checks: Check[] = [];
  for (const clause of parts.clauses) {
    if (clause.type === "expect-pattern") checks.push(checkPattern(clause, parts));
    if (clause.type === "expect-nothing") {
      const own = withoutVerdictLine(parts).trim();
      const seen = own === "" ? "no output" : parts.hidden ? `${own.length} characters` : clip(own);
      checks.push({ what: textOf(clause.span), expected: "no output", seen, held: own === "" });
    }
  }
  return checks;
}

/** What a person would call the command's output: without the kind's verdict line and blank lines at its ends. */
export function withoutVerdictLine(parts: Pick<VerdictParts, "output" | "dialogue" | "environment">): string {
  const verdict = parts.dialogue?.verdict;
  if (verdict === undefined) return parts.output;
  const pattern = evaluatePattern(verdict, parts.environment);
  if (pattern.type === "unknown") return parts.output;
  const lines = parts.output.split("\n");
  const at = lines.findLastIndex((line) => pattern.value.first(line) !== undefined);
  return (at < 0 ? lines : [...lines.slice(0, at), ...lines.slice(at + 1)]).join("\n");
}

function checkFailsWhen(parts: VerdictParts): { readonly check: Check; readonly reason: string } | undefined {
  for (const clause of parts.clauses) {
    if (clause.type !== "fails-when") continue;
    const line = matchingLine(clause.pattern, parts);
    if (line === undefined) continue;
    const because = clause.because === undefined ? undefined : textIn(clause.because, parts.environment);
    const check: Check = {
      what: textOf(clause.span),
      expected: `nothing like ${shownPattern(clause.pattern, parts.environment)}`,
      seen: hide(line, parts),
      held: false,
    };
    return {
      check,
      reason: because ?? `The output says ${JSON.stringify(hide(line, parts))}, which is a known failure.`,
    };
  }
  return undefined;
}

function checkAlreadySo(parts: VerdictParts): Check | undefined {
  for (const clause of parts.clauses) {
    if (clause.type !== "already-so-pattern") continue;
    const line = matchingLine(clause.pattern, parts);
    if (line !== undefined)
      return {
        what: textOf(clause.span),
        expected: shownPattern(clause.pattern, parts.environment),
        seen: hide(line, parts),
        held: true,
      };
  }
  return undefined;
}

/** The kind's `verdict`, `succeeds when` and `fails when`. */
function checkKind(parts: VerdictParts): readonly Check[] {
  const { dialogue } = parts;
  if (dialogue === undefined) return [];
  const checks: Check[] = [];
  for (const pattern of dialogue.failsWhen) {
    const line = matchingLine(pattern, parts);
    if (line !== undefined)
      checks.push({
        what: "the host's own errors",
        expected: `nothing like ${shownPattern(pattern, parts.environment)}`,
        seen: hide(line, parts),
        held: false,
      });
  }
  if (dialogue.verdict === undefined) return checks;
  const pattern = evaluatePattern(dialogue.verdict, parts.environment);
  if (pattern.type === "unknown") return checks;
  const found = pattern.value.each(parts.output).at(-1);
  const expected = shownPattern(dialogue.verdict, parts.environment);
  if (found === undefined) {
    checks.push({
      what: "the host's verdict",
      expected,
      seen: "no such line",
      held: false,
      ...nearestIn(pattern.value, parts),
    });
    return checks;
  }
  const line =
    parts.output
      .split("\n")
      .findLast((one) => pattern.value.first(one) !== undefined)
      ?.trim() ?? expected;
  if (dialogue.succeedsWhen === undefined)
    return [...checks, { what: "the host's verdict", expected, seen: line, held: true }];
  const inner = new Map<string, Value>([...parts.environment.values, ...captureHoles(pattern.value, found)]);
  checks.push({
    what: "the host's verdict",
    expected: `a verdict where ${textOf(dialogue.succeedsWhen.span)}`,
    seen: line,
    held: holdsNow(dialogue.succeedsWhen, { ...parts.environment, values: inner }),
  });
  return checks;
}

function checkPattern(clause: ClauseNode & { readonly type: "expect-pattern" }, parts: VerdictParts): Check {
  const what = textOf(clause.span);
  const pattern = evaluatePattern(clause.pattern, parts.environment);
  const expected = `${clause.no ? "no " : ""}${clause.pattern.over} ${shownPattern(clause.pattern, parts.environment)}`;
  if (pattern.type === "unknown") return { what, expected, seen: "a value in it is not known", held: false };
  const line = matchingLine(clause.pattern, parts);
  const held = (line !== undefined) !== clause.no;
  if (line !== undefined) return { what, expected, seen: hide(line, parts), held };
  const seen = parts.output.trim() === "" ? "no output" : "nothing like it";
  return { what, expected, seen, held, ...(held ? {} : nearestIn(pattern.value, parts)) };
}

/** A stated status on any host; the default only where a shell's command ended. */
function checkExit(parts: VerdictParts): readonly Check[] {
  const stated = parts.clauses.flatMap((clause) => (clause.type === "expect-exit" ? [clause] : []));
  const { exit } = parts;
  if (exit === undefined && stated.length === 0) return [];
  const wanted = stated.length === 0 ? [0] : stated.flatMap((clause) => clause.statuses.map(({ value }) => value));
  const what = stated[0] === undefined ? "exit status" : textOf(stated[0].span);
  const expected = `exit ${wanted.join(" or ")}`;
  if (exit === undefined) return [{ what, expected, seen: "a dialogue, which gives no exit status", held: false }];
  switch (exit.type) {
    case "status":
      return [{ what, expected, seen: `exit ${exit.status}`, held: wanted.includes(exit.status) }];
    case "signal":
      return [{ what, expected, seen: `ended by signal ${exit.signal}`, held: false }];
    case "lost":
      return [{ what, expected, seen: `no exit status: ${exit.reason}`, held: false }];
  }
}

/** The line (or the text) of the output in which a pattern stands; undefined: nowhere. */
function matchingLine(node: PatternNode, parts: VerdictParts): string | undefined {
  const pattern = evaluatePattern(node, parts.environment);
  if (pattern.type === "unknown" || pattern.value.first(parts.output) === undefined) return undefined;
  const line = parts.output.split("\n").find((one) => pattern.value.first(one) !== undefined);
  return line?.trim() ?? shownPattern(node, parts.environment);
}

function nearestIn(pattern: CompiledPattern, parts: VerdictParts): { readonly nearest?: string } {
  const line = parts.hidden ? undefined : pattern.nearest(parts.output);
  return line === undefined ? {} : { nearest: clip(line.trim()) };
}

function holdsNow(condition: NonNullable<DialogueKind["succeedsWhen"]>, environment: Environment): boolean {
  const decided = decideCondition(condition, environment);
  return decided.type === "known" && decided.value.holds;
}

function textIn(node: Parameters<typeof evaluateText>[0], environment: Environment): string | undefined {
  const value = evaluateText(node, environment);
  return value.type === "known" ? textOfValue(value.value) : undefined;
}

function hide(line: string, parts: VerdictParts): string {
  return parts.hidden ? "(hidden output)" : clip(line);
}
