// Statements in their order. Each kind of statement has a function of its own; what they throw about values and hosts becomes
// a failure of the statement here.
import { HostFailure } from "../../hosts/connection.ts";
import type { PlanItem } from "../../plan/plan.ts";
import { RecordingFailure } from "../events/recorder.ts";
import { textOf } from "../../text/source.ts";
import { runCommand } from "../commands/run-command.ts";
import { runCall } from "../statements/call.ts";
import { runForEach, runIf } from "../statements/choices.ts";
import { judgedInRehearsal, mayFail } from "../statements/may-fail.ts";
import { runOnEach } from "../statements/on-each.ts";
import { runAsk, runAttach, runConfirm, runExpect, runFail, runLet, runNote, runWait } from "../statements/plain.ts";
import { contextOf, failed, hostOf, isInterrupted, outcomeOfAll, type Frame, type ItemResult } from "./frame.ts";
import { MissingValue, WrongValue } from "./values.ts";
import { messageOf } from "../../text/message-of.ts";

/** Carries out statements until one fails, stops or is interrupted. Rejects only with `RecordingFailure` or a bug. */
export async function runItems(items: readonly PlanItem[], frame: Frame): Promise<ItemResult> {
  const results: ItemResult[] = [];
  for (const item of items) {
    if (isInterrupted(frame)) return { type: "interrupted" };
    const result = await runItem(item, frame);
    if (result.type !== "ok") return result;
    results.push(result);
  }
  return outcomeOfAll(results);
}

async function runItem(item: PlanItem, frame: Frame): Promise<ItemResult> {
  try {
    if (item.type === "call" || item.type === "command") {
      const result = await mayFail(item.clauses, frame, item.span, (inner) =>
        item.type === "call" ? runCall(item, inner, runItems) : runCommand(item, inner),
      );
      return judgedInRehearsal(result, frame, item.span);
    }
    const result = await runOther(item, frame);
    return item.type === "expect" ? judgedInRehearsal(result, frame, item.span) : result;
  } catch (problem) {
    return explained(problem, item, frame);
  }
}

async function runOther(
  item: Exclude<PlanItem, { readonly type: "call" | "command" }>,
  frame: Frame,
): Promise<ItemResult> {
  switch (item.type) {
    case "on-each":
      return await runOnEach(item, frame);
    case "if":
      return await runIf(item, frame, runItems);
    case "for-each":
      return await runForEach(item, frame, runItems);
    case "let":
      return await runLet(item, frame);
    case "expect":
      return await runExpect(item, frame);
    case "ask":
      return await runAsk(item, frame);
    case "confirm":
    case "by-hand":
      return await runConfirm(item, frame);
    case "note":
      return runNote(item, frame);
    case "attach":
      return await runAttach(item, frame);
    case "wait":
      return await runWait(item, frame);
    case "fail":
      return runFail(item, frame);
  }
}

/** What went wrong, as the failure of a statement. In a rehearsal a value that no skipped line gave is no failure. */
function explained(problem: unknown, item: PlanItem, frame: Frame): ItemResult {
  const { run } = frame;
  if (run.given.interrupt.second.aborted && problem instanceof HostFailure) return { type: "interrupted" };
  const host = "place" in item ? hostOf(frame, item.place) : undefined;
  if (
    run.given.options.rehearse &&
    (problem instanceof MissingValue || (problem instanceof HostFailure && problem.reason === "file-missing"))
  ) {
    run.recorder.emit({
      type: "note",
      words: `Skipped in this rehearsal: ${textOf(item.span)} (it needs what a skipped line would have given)`,
      ...contextOf(frame, item.span),
    });
    return { type: "ok", outcome: "skipped", changes: false };
  }
  if (problem instanceof MissingValue || problem instanceof WrongValue)
    return failed(frame, item.span, { reason: problem.message, host, final: true });
  if (problem instanceof HostFailure)
    return failed(frame, item.span, { reason: problem.message, wayOn: problem.wayOn, host });
  if (problem instanceof RecordingFailure) throw problem;
  // The machine that runs this (a full disk), or a mistake of ours: the run ends in order, and its transcript says so.
  const said = messageOf(problem);
  const ours = !(problem instanceof Error && "code" in problem);
  return failed(frame, item.span, {
    reason: ours ? `ordo failed here by a mistake of its own: ${said}` : `This machine failed: ${said}`,
    host,
    final: true,
  });
}
