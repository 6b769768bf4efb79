// Binding a name, and saying which were bound for nothing.
import type { Name } from "../../language/tree.ts";
import { textType } from "../../vocabulary/types.ts";
import type { Type } from "../../vocabulary/vocabulary.ts";
import { boundTwice } from "../findings/bound-twice.ts";
import { unusedName } from "../findings/unused-name.ts";
import type { Binding, Origin } from "./scope.ts";
import type { Walk } from "./walk.ts";

/** Binds a name for the rest of its block; a second time is a finding. */
export function bindName(
  name: Name,
  as: { readonly type: Type; readonly origin: Origin; readonly known?: string | undefined },
  walk: Walk,
): void {
  const earlier = walk.scope.bind({
    name: name.text,
    type: as.type,
    origin: as.origin,
    span: name.span,
    known: as.known,
    used: false,
    from: [],
  });
  if (earlier !== undefined) walk.report(boundTwice(name.span, name.text, earlier));
}

/** Binds a name of which nothing more is known, because its line has a finding: nothing further is said of it. */
export function bindUnknown(name: Name, origin: Origin, walk: Walk): void {
  walk.scope.bind({
    name: name.text,
    type: textType,
    origin,
    span: name.span,
    known: undefined,
    unsure: true,
    used: true,
    from: [],
  });
}

/**
 * Remembers names that end here, so that the unused ones are said at the end: a later line may use one wrongly, and
 * that is its only finding. A phrase's are for those who call it.
 */
export function endNames(bindings: readonly Binding[], walk: Walk): void {
  if (walk.inPhrase === undefined) walk.world.ended.push(...bindings);
}

/** Reports the names that nothing used; a loop's own, hosts and slots need not be. */
export function reportUnused(bindings: Iterable<Binding>, walk: Walk): void {
  for (const binding of bindings) {
    if (binding.used || binding.span === undefined) continue;
    if (
      binding.origin === "host" ||
      binding.origin === "group" ||
      binding.origin === "loop" ||
      binding.origin === "slot"
    )
      continue;
    walk.report(unusedName({ ...binding, span: binding.span }));
  }
}
