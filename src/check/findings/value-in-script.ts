import { warning, type Diagnostic } from "../../text/diagnostic.ts";
import type { Span } from "../../text/source.ts";

/** `{name}` in a script, where braces are text. */
export function valueInScript(span: Span, name: string): Diagnostic {
  return warning(
    "value-in-script",
    span,
    `A script is sent as it is, so {${name}} stays text. To give it the value, write below the script: with ${variable(name)} = {${name}}, and use that variable.`,
  );
}

function variable(name: string): string {
  return name.split(".")[0]?.replaceAll("-", "_").toUpperCase() ?? "NAME";
}
