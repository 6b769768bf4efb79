// A phrase: its slots evaluated, the body for the host's version carried out in a scope of its own, then the clauses under the line.
import type { TextNode } from "../../language/tree.ts";
import { textOfValue } from "../../plan/as-value.ts";
import { evaluateSlot, type Given } from "../../plan/evaluate.ts";
import type { PlanCall } from "../../plan/plan.ts";
import type { Value } from "../../plan/value.ts";
import { textOf } from "../../text/source.ts";
import { capturesSecret } from "../commands/captures.ts";
import { retrying } from "../commands/retry.ts";
import { defaultWithinMs } from "../commands/settings.ts";
import { recordUnsent } from "../commands/unsent.ts";
import { runFetch } from "../core/fetch.ts";
import { runSend } from "../core/send.ts";
import { lastLinesOf } from "../failure.ts";
import {
  contextOf,
  failureAt,
  hostOf,
  placeHere,
  sentenceOf,
  type Frame,
  type ItemResult,
  type ItemRunner,
} from "../interpret/frame.ts";
import { givenAt } from "../interpret/given-at.ts";
import { allowDestroy } from "../interpret/people.ts";
import { learnSecrets, milliseconds, MissingValue, plainText, WrongValue } from "../interpret/values.ts";
import { sentenceOf as sentenceOfCheck } from "../commands/check.ts";
import { shownValue } from "../scope.ts";
import { outcomeOf } from "./step-records.ts";
import { checkUnderPhrase } from "./under-phrase.ts";
import { chooseBody } from "./version-of.ts";
import { lastClause } from "../commands/clause.ts";

type Body = PlanCall["bodies"][number];

export async function runCall(item: PlanCall, frame: Frame, runItems: ItemRunner): Promise<ItemResult> {
  const slots = slotValues(item, frame);
  if (item.core !== undefined) return await runCore(item, slots, frame);
  const host = hostOf(frame, item.place);
  const text = filledIn(item.phrase, slots);
  const body = await chooseBody(item, frame, host, text);
  if ("type" in body) return body;
  const { block } = body.body;
  const changes = !(block.changesNothing || frame.changesNothing);
  if (frame.run.given.options.rehearse && changes) {
    return recordUnsent(
      frame,
      { span: item.span, host, text, shell: "phrase", changes, context: contextOf(frame, item.span) },
      { outcome: "skipped", reason: "A rehearsal runs only what changes nothing." },
    );
  }
  const bodyScope = (): Frame["scope"] => frame.scope.body([...slots, ["host", { type: "host", name: host }]]);
  const destroys = block.destroys === undefined ? undefined : plainText(block.destroys, bodyScope());
  if (destroys !== undefined) {
    const refused = await allowDestroy(frame, {
      words: destroys,
      role: undefined,
      host,
      span: sentenceOf(frame, item.span),
    });
    if (refused !== undefined) return refused;
  }
  const within = lastClause(item.clauses, "within");
  const place = placeHere(frame, item.place);
  const once = async (number: number): Promise<ItemResult> => {
    const { recorder, given } = frame.run;
    const sinceMs = given.clock.monotonicMs();
    const pair = isOneCommand(item, body)
      ? undefined
      : recorder.emit({
          type: "command",
          sentence: textOf(sentenceOf(frame, item.span)),
          text,
          shell: "phrase",
          changes,
          ...(destroys === undefined ? {} : { destroys }),
          attempt: number,
          host,
          ...contextOf(frame, item.span),
        });
    const inner: Frame = {
      ...frame,
      scope: bodyScope(),
      sentence: sentenceOf(frame, item.span),
      parent: pair?.n ?? frame.parent,
      changesNothing: !changes,
      logsIn: frame.logsIn || block.logsIn,
      deadlineMs:
        within === undefined
          ? frame.deadlineMs
          : Math.min(frame.deadlineMs, sinceMs + milliseconds(within.duration, frame.scope)),
      around: { host: place.host, as: literal(place.as, frame), in: literal(place.in, frame) },
      allowed: destroys === undefined ? frame.allowed : [...frame.allowed, destroys],
      last: { command: undefined },
      secretCaptures: capturesSecret(item.clauses)
        ? [...frame.secretCaptures, { clauses: item.clauses, scope: frame.scope }]
        : frame.secretCaptures,
      unmet: [...frame.unmet, ...item.unmet],
    };
    const carried = await runItems(body.items, inner);
    const result =
      carried.type === "ok" && carried.outcome !== "skipped"
        ? await underPhrase(item, { frame, inner, host, parent: pair?.n }, carried)
        : carried;
    frame.last.command = inner.last.command;
    if (pair !== undefined) endPair(frame, item, { n: pair.n, host, sinceMs, changes }, result);
    return result.type === "ok" ? { ...result, changes: result.changes && changes } : result;
  };
  return await retrying(item.clauses, frame, once);
}

/** Its body is a single command and nothing is asked of it here: that command's record is the phrase's. */
function isOneCommand(item: PlanCall, body: Body): boolean {
  return item.clauses.length === 0 && body.items.length === 1 && body.items[0]?.type === "command";
}

async function underPhrase(
  item: PlanCall,
  at: { readonly frame: Frame; readonly inner: Frame; readonly host: string; readonly parent: number | undefined },
  carried: ItemResult,
): Promise<ItemResult> {
  const { frame, inner, host, parent } = at;
  const given: Given = givenAt(frame, item.place);
  const checked = await checkUnderPhrase(item.clauses, {
    frame,
    inner,
    given,
    dialogue: frame.run.hosts.kind(host)?.dialogue,
  });
  const context = { ...contextOf(frame, item.span), ...(parent === undefined ? {} : { command: parent }), host };
  for (const check of checked.checks) frame.run.recorder.emit({ type: "check", ...check, ...context });
  const broken = checked.checks.filter((check) => !check.held);
  const [first] = broken;
  if (first === undefined) {
    for (const { name, value } of checked.names)
      frame.run.recorder.emit({ type: "captured", name, value: shownValue(value), ...context });
    return carried;
  }
  const last = inner.last.command;
  const failure = failureAt({ ...frame, unmet: inner.unmet }, item.span, {
    reason: sentenceOfCheck(first),
    host,
    command: last?.n,
    sent: last?.sent,
    lastLines: last === undefined || last.hidden ? [] : lastLinesOf(last.output),
    checks: broken.map((check) => ({ ...check, nearest: check.nearest })),
  });
  return { type: "failed", failures: [failure], final: inner.logsIn };
}

function endPair(
  frame: Frame,
  item: PlanCall,
  pair: { readonly n: number; readonly host: string; readonly sinceMs: number; readonly changes: boolean },
  result: ItemResult,
): void {
  const failure = result.type === "failed" || result.type === "stopped" ? result.failures[0] : undefined;
  const ended = outcomeOf(result);
  // What is not known of its command is not known of the phrase.
  const isUnknown = ended.outcome === "failed" && failure?.outcome === "unknown";
  frame.run.recorder.emit({
    type: "result",
    ...(isUnknown ? { unknown: true } : {}),
    outcome: isUnknown ? "unknown" : ended.outcome,
    ...(ended.reason === undefined ? {} : { reason: ended.reason }),
    ...(failure === undefined || failure.likelyCause.length === 0 ? {} : { likelyCause: failure.likelyCause }),
    ...(failure?.wayOn === undefined ? {} : { wayOn: failure.wayOn }),
    durationMs: Math.round(frame.run.given.clock.monotonicMs() - pair.sinceMs),
    bytes: 0,
    host: pair.host,
    ...contextOf(frame, item.span),
    command: pair.n,
  });
}

async function runCore(item: PlanCall, slots: ReadonlyMap<string, Value>, frame: Frame): Promise<ItemResult> {
  const within = lastClause(item.clauses, "within");
  const withinMs = within === undefined ? defaultWithinMs : milliseconds(within.duration, frame.scope);
  const unmet = [...frame.unmet, ...item.unmet];
  return await retrying(item.clauses, frame, (number) => {
    const deadlineMs = Math.min(frame.deadlineMs, frame.run.given.clock.monotonicMs() + withinMs);
    const call = { item, slots, frame: { ...frame, deadlineMs, unmet }, number };
    return item.core === "fetch" ? runFetch(call) : runSend(call);
  });
}

/** Slot → value of its type; a wider value turned out to be of it, or not. */
function slotValues(item: PlanCall, frame: Frame): ReadonlyMap<string, Value> {
  const values = new Map<string, Value>();
  for (const [name, { value, type }] of item.slots) {
    const found = evaluateSlot(value, type, frame.scope);
    if (found.type === "unknown") throw new MissingValue(textOf(item.span));
    if (found.type === "wrong") throw new WrongValue(found.problem);
    learnSecrets(found.value, frame.run.given.redactor);
    values.set(name, found.value);
  }
  return values;
}

/** `register client <name: word> ip <address: ip>` with what fills it. */
function filledIn(shown: string, slots: ReadonlyMap<string, Value>): string {
  const without = shown.replaceAll(/\[([^\]]*)\]/g, (_, words: string) =>
    holesIn(words).every((name) => slots.has(name)) ? words : "",
  );
  return without
    .replaceAll(/<([\w-]+)(?:: [^>]*)?>/g, (hole, name: string) => {
      const value = slots.get(name);
      return value === undefined ? hole : textOfValue(value);
    })
    .replaceAll(/ {2,}/g, " ")
    .trim();
}

function holesIn(words: string): readonly string[] {
  return [...words.matchAll(/<([\w-]+)/g)].map((match) => match[1] ?? "");
}

/** A text of the caller's, as one that needs none of the caller's names. */
function literal(node: TextNode | undefined, frame: Frame): TextNode | undefined {
  if (node === undefined) return undefined;
  return {
    type: "text",
    form: "string",
    parts: [{ type: "literal", text: plainText(node, frame.scope), span: node.span }],
    span: node.span,
  };
}
