// `if` and `for each`.
import { evaluateCondition, evaluateValue } from "../../plan/evaluate.ts";
import type { PlanItem } from "../../plan/plan.ts";
import { textOf } from "../../text/source.ts";
import { isInterrupted, outcomeOfAll, type Frame, type ItemResult, type ItemRunner } from "../interpret/frame.ts";
import { givenAt } from "../interpret/given-at.ts";
import { holdsOrThrow, MissingValue } from "../interpret/values.ts";

/** The first branch whose condition holds. A name bound in it lives on; `check` saw to it that every branch binds it. */
export async function runIf(
  item: PlanItem & { readonly type: "if" },
  frame: Frame,
  runItems: ItemRunner,
): Promise<ItemResult> {
  const given = givenAt(frame, item.place);
  for (const { condition, items } of item.branches) {
    if (condition !== undefined) {
      const decided = await evaluateCondition(condition, frame.scope, given);
      if (!holdsOrThrow(decided, condition)) continue;
    }
    return await runItems(items, frame);
  }
  return { type: "ok", outcome: "quiet", changes: false };
}

/** The block for each member; what a round binds ends with it. */
export async function runForEach(
  item: PlanItem & { readonly type: "for-each" },
  frame: Frame,
  runItems: ItemRunner,
): Promise<ItemResult> {
  const given = givenAt(frame, { host: "here", as: undefined, in: undefined });
  const list = await evaluateValue(item.list, frame.scope, given.reading);
  if (list.type === "unknown") throw new MissingValue(textOf(item.list.span));
  const results: ItemResult[] = [];
  for (const member of list.value.type === "list" ? list.value.items : [list.value]) {
    if (isInterrupted(frame)) return { type: "interrupted" };
    const result = await runItems(item.items, { ...frame, scope: frame.scope.inner([[item.name, member]]) });
    if (result.type !== "ok") return result;
    results.push(result);
  }
  return outcomeOfAll(results);
}
