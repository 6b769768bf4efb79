// From a file's name to a plan, with what is wrong printed on the way: what `plan`, `run` and `demo` share.
import type { Program } from "../check/program.ts";
import { bindInputs } from "../plan/bind-inputs.ts";
import { makePlan } from "../plan/make-plan.ts";
import type { Plan } from "../plan/plan.ts";
import { checkNamed } from "./check-named.ts";
import { exitStatus, type ExitStatus } from "./exit-status.ts";
import { findingJson, hasErrors, printFindings } from "./findings.ts";
import type { Output } from "./output.ts";
import { unsupportedWays } from "./unsupported-ways.ts";

export interface LoadOptions {
  readonly hosts?: string;
  readonly set?: ReadonlyMap<string, string>;
  readonly json?: true;
}

/** Findings that are about the command line, not about the runbook. */
const commandLineCodes: ReadonlySet<string> = new Set(["unknown-input", "secret-by-set"]);

/** Reads and checks a runbook and binds its inputs; on a mistake everything has been said, and the status is returned. */
export async function loadPlan(
  path: string,
  options: LoadOptions,
  output: Output,
  ask: ((name: string, type: string) => Promise<string | undefined>) | undefined,
): Promise<Plan | ExitStatus> {
  const program = loadProgram(path, options, output);
  if (typeof program === "number") return program;
  const bound = await bindInputs(program, { set: options.set ?? new Map(), ...(ask === undefined ? {} : { ask }) });
  say(bound.diagnostics, options, output);
  if (hasErrors(bound.diagnostics))
    return bound.diagnostics.some(({ code }) => commandLineCodes.has(code)) ? exitStatus.usage : exitStatus.notSo;
  const made = makePlan(program, bound);
  const diagnostics = [...made.diagnostics, ...(made.plan === undefined ? [] : unsupportedWays(made.plan))];
  say(diagnostics, options, output);
  return made.plan === undefined || hasErrors(diagnostics) ? exitStatus.notSo : made.plan;
}

/** Reads and checks a runbook. */
function loadProgram(path: string, options: LoadOptions, output: Output): Program | ExitStatus {
  const checked = checkNamed(path, options.hosts, output);
  if (checked === undefined) return exitStatus.usage;
  const { program, diagnostics } = checked;
  // What an input leaves open is decided where it is bound: the plan says what came of it.
  say(
    diagnostics.filter(({ code }) => code !== "fact-left-open"),
    options,
    output,
  );
  return program === undefined || hasErrors(diagnostics) ? exitStatus.notSo : program;
}

function say(diagnostics: Parameters<typeof printFindings>[0], options: LoadOptions, output: Output): void {
  if (options.json) for (const diagnostic of diagnostics) output.out(findingJson(diagnostic));
  else printFindings(diagnostics, output);
}
