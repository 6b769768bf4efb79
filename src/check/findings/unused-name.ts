import { warning, type Diagnostic } from "../../text/diagnostic.ts";
import type { Span } from "../../text/source.ts";
import type { Binding } from "../names/scope.ts";

/** A name that no line uses. */
export function unusedName(binding: Binding & { readonly span: NonNullable<Binding["span"]> }): Diagnostic {
  return warning(
    "unused-name",
    binding.span,
    `Nothing uses "${binding.name}". Write {${binding.name}} where it is meant, or ${insteadOf(binding.span)}.`,
  );
}

/** A hole may stay without its name; what binds nothing else is not needed. */
function insteadOf({ source, start, end }: Span): string {
  // A regex's named groups have no places of their own.
  if (source.text[end - 1] === "/") return "(?:…) instead of the named group";
  return source.text[start - 1] === "<" ? "<_> instead of the name" : "take this line out";
}
