import { planJson, previewPlan, showPlan } from "../plan/preview.ts";
import { exitStatus } from "./exit-status.ts";
import { loadPlan, type LoadOptions } from "./load-program.ts";
import type { Output } from "./output.ts";
import { makePerson } from "./person.ts";

/** `ordo plan FILE`: what a run would do, as far as it is known before; no host is asked. */
export async function planCommand(file: string, options: LoadOptions, output: Output): Promise<number> {
  const person = await makePerson(undefined);
  const plan = await loadPlan(file, options, output, person?.askInput);
  if (typeof plan === "number") return plan;
  const steps = previewPlan(plan);
  if (options.json) for (const line of planJson(steps)) output.out(line);
  else output.out(showPlan(steps, process.stdout.isTTY ? output.columns : 80));
  return exitStatus.ok;
}
