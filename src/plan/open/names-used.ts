// The names that a runbook's own statements use: which of the declared secrets it needs.
import type { Program, Statement } from "../../check/program.ts";

/** Every name in the values (`{name}`) of the runbook's steps and of its `finally`. */
export function namesUsed(program: Program): ReadonlySet<string> {
  const names = new Set<string>();
  for (const step of program.steps) {
    collect(step.statements, names);
    collect(step.undo, names);
    collect(step.title, names);
  }
  collect(program.finally satisfies readonly Statement[], names);
  return names;
}

/** Goes through plain data of any shape; spans, phrases and kinds lead out of the statements. */
function collect(node: unknown, names: Set<string>): void {
  if (Array.isArray(node)) {
    for (const item of node) collect(item, names);
    return;
  }
  if (node instanceof Map) {
    for (const item of node.values()) collect(item, names);
    return;
  }
  if (typeof node !== "object" || node === null) return;
  if ("type" in node && node.type === "value" && "name" in node && isName(node.name)) names.add(node.name.text);
  for (const [key, child] of Object.entries(node))
    if (key !== "span" && key !== "source" && key !== "phrase") collect(child, names);
}

function isName(node: unknown): node is { readonly text: string } {
  return typeof node === "object" && node !== null && "text" in node && typeof node.text === "string";
}
