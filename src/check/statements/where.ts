// `on HOST [as USER] [in DIR]`: where the statements of its block happen.
import type { OnEachNode, OnNode } from "../../language/tree.ts";
import { textType, wordType } from "../../vocabulary/types.ts";
import { checkElevation } from "../commands/check-command.ts";
import { checkText } from "../names/fit.ts";
import type { Walk, Where } from "../names/walk.ts";
import type { Placement } from "../program.ts";
import { hostNamed } from "./host-named.ts";

/** Where the block of an `on` happens. User and folder go on from an outer `on` of the same host. */
export function whereOn(node: OnNode, walk: Walk): Where {
  const { host, kinds, guessed } = hostNamed(node.host, walk);
  // Of a host that is only the likeliest, no kind is held against the lines of its block.
  return within(node, { host, kinds: guessed ? undefined : kinds }, walk);
}

/** The same for one host of an `on each`, which its name stands for. */
export function whereOnEach(node: OnEachNode, kinds: readonly string[] | undefined, walk: Walk): Where {
  return within(node, { host: { type: "named", name: node.name.text }, kinds }, walk);
}

function within(
  node: OnNode | OnEachNode,
  at: { readonly host: Placement["host"]; readonly kinds: readonly string[] | undefined },
  walk: Walk,
): Where {
  const outer = walk.where.placement;
  const same = isSame(outer.host, at.host);
  const where: Where = {
    placement: {
      host: at.host,
      as: node.as ?? (same ? outer.as : undefined),
      in: node.in ?? (same ? outer.in : undefined),
    },
    kinds: at.kinds,
    said: true,
  };
  if (node.as !== undefined) {
    checkText(node.as, { type: wordType, place: `"as"` }, walk);
    checkElevation(node.as.span, { ...walk, where });
  }
  if (node.in !== undefined) checkText(node.in, { type: textType, place: `"in"` }, walk);
  return where;
}

function isSame(a: Placement["host"], b: Placement["host"]): boolean {
  return a.type === "here" ? b.type === "here" : b.type === "named" && a.name === b.name;
}
