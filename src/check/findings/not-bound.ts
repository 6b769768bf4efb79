import { error, type Diagnostic } from "../../text/diagnostic.ts";
import type { Span } from "../../text/source.ts";
import type { Binding, Ended } from "../names/scope.ts";

/** A name that was bound on some path only, or that has ended. */
export function notBoundHere(
  span: Span,
  name: string,
  how: { readonly binding: Binding; readonly with: Ended["with"] | "finally" },
): Diagnostic {
  return error("not-bound", span, `"${name}" is not bound here on every path: ${why(how.with)}`, {
    notes: how.binding.span === undefined ? [] : [{ message: "It is bound here", span: how.binding.span }],
  });
}

function why(how: Ended["with"] | "finally"): string {
  switch (how) {
    case "loop":
      return "it ends with the loop that binds it. Use it inside the loop.";
    case "branch":
      return `only some branches of the "if" bind it. Bind it in every branch, with an "otherwise" too, or before the "if".`;
    case "may-fail":
      return `it is captured by a line that may fail, and ends there. Take "may fail" away, or use it only in that line's own clauses.`;
    case "brackets":
      return "its slot stands in brackets, and a line that leaves it out has no value for it. Take the brackets away, or make a second phrase without the slot.";
    case "step":
      return "a captured secret ends with its step. Use it in that step.";
    case "finally":
      return `"finally" runs also when the runbook ended before that line. Bind it at the beginning, by needs or let.`;
  }
}
