// `for each NAME in LIST` and `on each NAME in GROUP`: what a loop binds ends with it.
import type { ForEachNode, OnEachNode } from "../../language/tree.ts";
import type { Type } from "../../vocabulary/vocabulary.ts";
import { unknownGroup } from "../findings/unknown-group.ts";
import { plainWordIsName } from "../findings/plain-word-is-name.ts";
import { bindName, bindUnknown, endNames } from "../names/bind.ts";
import { checkCount } from "../names/fit.ts";
import { readValue } from "../names/read-value.ts";
import { candidates } from "../names/candidates.ts";
import { use } from "../names/scope.ts";
import type { Walk } from "../names/walk.ts";
import type { Statement } from "../program.ts";
import { whereOnEach } from "./where.ts";

/** Resolves a loop over values. */
export function resolveForEach(node: ForEachNode, walk: Walk): Statement {
  const items = node.list.type === "list" ? node.list.items : node.list.type === "text" ? [node.list] : [];
  for (const item of items) {
    const [part] = item.parts;
    if (item.form !== "word" || item.parts.length !== 1 || part?.type !== "literal") continue;
    const binding = walk.scope.find(part.text);
    if (binding === undefined) continue;
    walk.report(plainWordIsName(item.span, part.text));
    // The name was most likely meant: that nothing uses it would be said of the same mistake.
    use(binding);
  }
  const read = readValue(node.list, walk);
  const mark = walk.scope.mark();
  if (read.type === undefined) bindUnknown(node.name, "loop", walk);
  else bindName(node.name, { type: memberType(read.type), origin: "loop" }, walk);
  const { statements } = walk.block(node.block, walk);
  endNames(walk.scope.release(mark, "loop"), walk);
  return { type: "for-each", name: node.name.text, list: node.list, block: statements, span: node.span };
}

/** Resolves a loop over hosts; `block` resolves what is done on each. */
export function resolveOnEach(
  node: OnEachNode,
  walk: Walk,
  block: (inside: Walk) => readonly Statement[],
): Statement & { readonly type: "on-each" } {
  const { name: group, kinds } = groupNamed(node, walk);
  if (node.atATime !== undefined) checkCount(node.atATime, `"at a time"`, walk);
  if (node.stopAfter !== undefined) checkCount(node.stopAfter, `"stop after"`, walk);
  const mark = walk.scope.mark();
  bindName(node.name, { type: { type: "host", kinds }, origin: "loop" }, walk);
  const statements = block({ ...walk, where: whereOnEach(node, kinds, walk) });
  endNames(walk.scope.release(mark, "loop"), walk);
  return {
    type: "on-each",
    name: node.name.text,
    group,
    atATime: node.atATime,
    stopAfter: node.stopAfter,
    block: statements,
    span: node.span,
  };
}

function groupNamed(
  node: OnEachNode,
  walk: Walk,
): { readonly name: string; readonly kinds: readonly string[] | undefined } {
  const name = node.group.parts.map((part) => (part.type === "literal" ? part.text : part.name.text)).join("");
  const binding = walk.scope.find(name);
  if (binding?.type.type === "group") {
    use(binding);
    return { name, kinds: binding.type.kinds };
  }
  const groups = candidates(groupNames(walk), walk.world);
  if (!walk.world.doubtful.has(name))
    walk.report(unknownGroup(node.group.span, name, groups, binding?.type.type === "host"));
  return { name, kinds: undefined };
}

function memberType(type: Type): Type {
  if (type.type === "list") return type.of;
  if (type.type === "group") return { type: "host", kinds: type.kinds };
  return type;
}

function* groupNames(walk: Walk): Iterable<string> {
  for (const { name, type } of walk.scope.all()) if (type.type === "group") yield name;
}
