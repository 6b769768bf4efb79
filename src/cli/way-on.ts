// The command line that goes on from a failed step.
import type { Plan, PlanItem } from "../plan/plan.ts";
import { shellWord } from "./shell-word.ts";

/** The options that say what a run is; how it is recorded is not among them. */
interface SameRun {
  readonly hosts?: string;
  readonly set?: ReadonlyMap<string, string>;
  readonly allowDestroy?: readonly string[];
  readonly rehearse?: true;
  readonly yes?: true;
}

/**
 * The command that goes on from step `step`: it begins there, or from the start where that step or a later one needs what an earlier
 * one captured or asked. What is so already is left alone then.
 */
export function wayOn(file: string, options: SameRun, plan: Plan, step: number): string {
  const words = ["ordo", "run", file];
  if (step > 1 && !needsEarlier(plan, step)) words.push("--from", String(step));
  if (options.hosts !== undefined) words.push("--hosts", options.hosts);
  for (const [name, value] of options.set ?? []) words.push("--set", `${name}=${value}`);
  for (const text of options.allowDestroy ?? []) words.push("--allow-destroy", text);
  if (options.rehearse) words.push("--rehearse");
  if (options.yes) words.push("--yes");
  return words.map(shellWord).join(" ");
}

function needsEarlier(plan: Plan, step: number): boolean {
  const bound = new Set<string>();
  const used = new Set<string>();
  for (const { number, items } of plan.steps) {
    if (number < step) for (const item of items) takeBound(item, bound);
    else takeUsed(items, used);
  }
  takeUsed(plan.finally, used);
  return [...used].some((name) => bound.has(name));
}

/** Names that only a run can bind; what a `let` says literally is known without it. */
function takeBound(item: PlanItem, bound: Set<string>): void {
  switch (item.type) {
    case "ask":
      bound.add(item.name);
      return;
    case "let": {
      const used = new Set<string>();
      takeUsed(item.value, used);
      if (item.value.type === "reading" || [...used].some((name) => bound.has(name))) bound.add(item.name);
      return;
    }
    case "call":
    case "command":
      for (const clause of item.clauses) if (clause.type.startsWith("capture")) takeNames(clause, bound);
      return;
    case "if":
      for (const branch of item.branches) for (const inner of branch.items) takeBound(inner, bound);
      return;
    case "for-each":
      for (const inner of item.items) takeBound(inner, bound);
      return;
    case "on-each":
      for (const { items } of item.runs) for (const inner of items) takeBound(inner, bound);
      return;
    case "expect":
    case "confirm":
    case "by-hand":
    case "note":
    case "attach":
    case "wait":
    case "fail":
      return;
  }
}

/** Every name in a clause: of its holes, of a regex's groups, after `as`. More than it binds does no harm. */
function takeNames(value: unknown, names: Set<string>): void {
  walk(value, (node) => {
    if (typeof node["regex"] === "string")
      for (const [, group = ""] of node["regex"].matchAll(/\(\?<(\w+)>/g)) names.add(group);
    for (const key of ["name", "as"]) {
      const name = node[key];
      if (isNode(name) && typeof name["text"] === "string") names.add(name["text"]);
    }
  });
}

/** Names of the values that stand in items, what their phrases hold inside excepted: a body has names of its own. */
function takeUsed(value: unknown, names: Set<string>): void {
  walk(value, (node) => {
    if (node["type"] === "value" && isNode(node["name"]) && typeof node["name"]["text"] === "string")
      names.add(node["name"]["text"]);
  });
}

const apart: ReadonlySet<string> = new Set(["span", "source", "bodies"]);

function walk(value: unknown, visit: (node: Readonly<Record<string, unknown>>) => void): void {
  if (value instanceof Map) for (const inner of value.values()) walk(inner, visit);
  else if (Array.isArray(value)) for (const inner of value) walk(inner, visit);
  else if (isNode(value)) {
    visit(value);
    for (const [key, inner] of Object.entries(value)) if (!apart.has(key)) walk(inner, visit);
  }
}

function isNode(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
