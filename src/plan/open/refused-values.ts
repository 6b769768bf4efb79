// What a run of this plan could not send: found now, before anything runs.
import { error, type Diagnostic } from "../../text/diagnostic.ts";
import { renderCommand } from "../render-command.ts";
import type { Plan, PlanCommand } from "../plan.ts";
import { walkPlan, type Around } from "../walk-plan.ts";
import { hostNameIn } from "./open-items.ts";

/** Values that their shell can't carry, and slots that hold what can't be of their type. */
export function refusedValues(plan: Plan): readonly Diagnostic[] {
  const out: Diagnostic[] = [];
  walkPlan(plan, {
    item: (item, around, wrong) => {
      for (const { value, problem } of wrong) out.push(error("wrong-type", value.span, problem, calledFrom(around)));
      if (item.type !== "command") return;
      const reason = refusalOf(item, around, plan);
      if (reason !== undefined)
        out.push(
          error(
            "refused-value",
            around.sentence,
            reason,
            around.calls.length === 0
              ? {}
              : { notes: [{ message: "The command in the phrase's body:", span: item.span }] },
          ),
        );
    },
  });
  return out;
}

function refusalOf(item: PlanCommand, around: Around, plan: Plan): string | undefined {
  const name = hostNameIn(item.place.host, around.names);
  const host = name === undefined ? undefined : plan.hosts.get(name);
  if (host === undefined) return undefined;
  const rendered = renderCommand(item, around.names, host.kind, {
    sudoPassword: host.host.sudoPassword !== undefined,
    marker: "0".repeat(32),
  });
  return rendered.type === "refused" ? rendered.reason : undefined;
}

function calledFrom(around: Around): { readonly notes?: Diagnostic["notes"] } {
  return around.calls.length === 0 ? {} : { notes: [{ message: "The runbook's own line:", span: around.sentence }] };
}
