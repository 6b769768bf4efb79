import { warning, type Diagnostic } from "../../text/diagnostic.ts";
import type { Binding } from "../names/scope.ts";

/** A name that no line uses. */
export function unusedName(binding: Binding & { readonly span: NonNullable<Binding["span"]> }): Diagnostic {
  const way =
    binding.origin === "capture"
      ? `Write {${binding.name}} where it is meant, or <_> instead of the name.`
      : `Write {${binding.name}} where it is meant, or take this line out.`;
  return warning("unused-name", binding.span, `Nothing uses "${binding.name}". ${way}`);
}
