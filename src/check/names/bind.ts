// Binding a name, and saying which were bound for nothing.
import type { Name } from "../../language/tree.ts";
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

/** Reports the names of a runbook that nothing used; a phrase's are for those who call it, a loop's own need not be used. */
export function reportUnused(bindings: Iterable<Binding>, walk: Walk): void {
  if (walk.inPhrase !== undefined) return;
  for (const binding of bindings) {
    if (binding.used || binding.span === undefined) continue;
    if (
      binding.origin === "host" ||
      binding.origin === "group" ||
      binding.origin === "loop" ||
      binding.origin === "slot"
    )
      continue;
    if (binding.from.length > 0) continue;
    walk.report(unusedName({ ...binding, span: binding.span }));
  }
}
