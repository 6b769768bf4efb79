// `if`, `otherwise if`, `otherwise`: a name lives on only when every branch that goes on binds it.
import type { IfNode } from "../../language/tree.ts";
import { fits, textType } from "../../vocabulary/types.ts";
import type { Type } from "../../vocabulary/vocabulary.ts";
import { endNames } from "../names/bind.ts";
import { checkCondition } from "../names/conditions.ts";
import type { Binding } from "../names/scope.ts";
import type { Resolved, Walk } from "../names/walk.ts";
import type { Statement } from "../program.ts";

/** Resolves a choice. */
export function resolveIf(node: IfNode, walk: Walk): Resolved {
  type Branch = (Statement & { readonly type: "if" })["branches"][number];
  const branches: Branch[] = [];
  const bound: (readonly Binding[])[] = [];
  const left: Binding[] = [];
  let goesOn = !node.branches.some((branch) => branch.condition === undefined);
  const isOpen = goesOn;
  for (const branch of node.branches) {
    if (branch.condition !== undefined) checkCondition(branch.condition, walk);
    const mark = walk.scope.mark();
    const { statements, stops } = walk.block(branch.block, walk);
    const gone = walk.scope.release(mark, "branch");
    if (stops === undefined) bound.push(gone);
    else left.push(...gone);
    if (stops === undefined) goesOn = true;
    branches.push({ condition: branch.condition, block: statements, span: branch.span });
  }
  const kept = isOpen ? new Set<string>() : inEvery(bound);
  for (const bindings of bound) left.push(...bindings.filter(({ name }) => !kept.has(name)));
  endNames(left, walk);
  for (const name of kept)
    walk.scope.bind(
      joined(
        bound
          .map((bindings) => bindings.find((binding) => binding.name === name))
          .filter((binding) => binding !== undefined),
      ),
    );
  return {
    statements: [{ type: "if", branches, placement: walk.where.placement, span: node.span }],
    stops: goesOn ? undefined : node.span,
  };
}

function inEvery(bound: readonly (readonly Binding[])[]): Set<string> {
  const [first, ...others] = bound;
  const names = new Set(first?.map(({ name }) => name));
  for (const bindings of others) {
    const here = new Set(bindings.map(({ name }) => name));
    for (const name of names) if (!here.has(name)) names.delete(name);
  }
  return names;
}

function joined(bindings: readonly Binding[]): Binding {
  const [first] = bindings;
  // There is one binding for every branch that goes on, and such a branch exists wherever a name is kept.
  if (first === undefined) throw new Error("a name that every branch binds has a binding");
  const type = bindings.map((binding) => binding.type).reduce(wider);
  const known = bindings.every((binding) => binding.known === first.known) ? first.known : undefined;
  const unsure = bindings.some((binding) => binding.unsure === true);
  return { ...first, type, known, unsure, used: bindings.some(({ used }) => used), from: bindings };
}

function wider(a: Type, b: Type): Type {
  if (a.type === "secret" || b.type === "secret") return { type: "secret" };
  if (fits(a, b) === "yes") return b;
  return fits(b, a) === "yes" ? a : textType;
}
