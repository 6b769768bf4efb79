import type { Name } from "../../language/tree.ts";
import { error, type Diagnostic } from "../../text/diagnostic.ts";
import { nearest } from "../../text/nearest.ts";
import { textOf, type Span } from "../../text/source.ts";

/** `{partion}`: nothing binds this name, or only a later line does. */
export function unknownName(span: Span, name: Name, known: Iterable<string>): Diagnostic {
  const near = nearest(name.text, known);
  const hint =
    near === undefined
      ? `Bind it before: needs ${name.text}: word, or let ${name.text} = …`
      : `The nearest is: {${near}}`;
  const asText = `{\\${textOf(span).slice(1)}`;
  return error(
    "unknown-name",
    span,
    `No earlier line binds the name "${name.text}". ${hint}\nIf the braces are meant as text, write: ${asText}`,
    {
      fixes: [
        ...(near === undefined ? [] : [{ span: name.span, text: near, safe: false }]),
        { span, text: asText, safe: false },
      ],
    },
  );
}
