// From a runbook's file, or its text, to its plan, as `ordo plan` goes.
import { checkRunbook } from "../../src/check/check-runbook.ts";
import { bindInputs } from "../../src/plan/bind-inputs.ts";
import { makePlan } from "../../src/plan/make-plan.ts";
import type { Plan } from "../../src/plan/plan.ts";
import type { Diagnostic } from "../../src/text/diagnostic.ts";
import { loadFile } from "../../src/text/load.ts";
import { makeSource } from "../../src/text/source.ts";

export interface Asked {
  readonly path: string;
  /** The file's text, instead of what lies under the path. */
  readonly text?: string;
  readonly set?: ReadonlyMap<string, string>;
  readonly ask?: (name: string, type: string) => Promise<string | undefined>;
}

/** The plan, or everything that stands against it. */
export async function planOf({
  path,
  text,
  set = new Map(),
  ask,
}: Asked): Promise<{ readonly plan: Plan | undefined; readonly diagnostics: readonly Diagnostic[] }> {
  const load = (file: string) => (file === path && text !== undefined ? makeSource(file, text) : loadFile(file));
  const { program, diagnostics } = checkRunbook({ path, load });
  if (program === undefined) return { plan: undefined, diagnostics };
  const bound = await bindInputs(program, { set, ...(ask === undefined ? {} : { ask }) });
  const before = [...diagnostics, ...bound.diagnostics];
  if (before.some(({ severity }) => severity === "error")) return { plan: undefined, diagnostics: before };
  const made = makePlan(program, bound);
  return { plan: made.plan, diagnostics: [...before, ...made.diagnostics] };
}
