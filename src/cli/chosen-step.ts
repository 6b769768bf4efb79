// `--from` and `--only`: whether the runbook has the step that they name.
import type { WillRun } from "../plan/needs-person.ts";
import type { Plan } from "../plan/plan.ts";
import { previewPlan } from "../plan/preview.ts";
import { printable } from "../text/code-frame.ts";
import { nearest } from "../text/nearest.ts";

const mostShown = 20;

/**
 * What is wrong with the steps that the command line names: lines for the operator, or none. Without this a run that begins at
 * a step that does not exist would run nothing and be done.
 */
export function unknownSteps(plan: Plan, options: { readonly from?: string; readonly only?: string }): string[] {
  const named = [options.from, options.only].filter((words) => words !== undefined);
  if (named.length === 0) return [];
  const steps = previewPlan(plan).flatMap(({ number, title }) => (number === undefined ? [] : [{ number, title }]));
  const missing = named.filter(
    (words) => !steps.some(({ number, title }) => words === String(number) || words === title),
  );
  return missing.flatMap((words) => {
    const near = nearest(
      words,
      steps.map(({ title }) => title),
    );
    const shown = steps.slice(0, mostShown).map(({ number, title }) => `  ${number}  ${printable(title)}`);
    return [
      `There is no step "${printable(words)}"${near === undefined ? "." : `; the nearest is "${printable(near)}".`} Nothing was run. Name a step by its number or by its whole title:`,
      ...shown,
      ...(steps.length > mostShown ? [`  … and ${steps.length - mostShown} more: "ordo plan" shows them all.`] : []),
    ];
  });
}

/**
 * Which steps may run, for what a run asks before it begins. A title that only the run knows may be the named one; `finally`
 * always runs.
 */
export function chosenSteps(plan: Plan, options: { readonly from?: string; readonly only?: string }): WillRun {
  const { from, only } = options;
  const words = only ?? from;
  if (words === undefined) return () => true;
  const named = previewPlan(plan).flatMap(({ number, title }) => {
    const written = plan.steps.find((step) => step.number === number)?.title;
    const isOpen = typeof written === "object" && written.parts.some(({ type }) => type === "value");
    return number !== undefined && (isOpen || words === String(number) || words === title) ? [number] : [];
  });
  const first = Math.min(...named);
  return (step) => step === undefined || (only === undefined ? step >= first : named.includes(step));
}
