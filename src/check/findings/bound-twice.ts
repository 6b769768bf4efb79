import { error, type Diagnostic } from "../../text/diagnostic.ts";
import type { Span } from "../../text/source.ts";
import type { Binding } from "../names/scope.ts";

/** A name that stands for something already. */
export function boundTwice(span: Span, name: string, earlier: Binding): Diagnostic {
  const what =
    earlier.origin === "host"
      ? "the name of a host"
      : earlier.origin === "group"
        ? "the name of a group"
        : earlier.origin === "need"
          ? "an input"
          : "bound";
  return error(
    "bound-twice",
    span,
    `"${name}" is ${what} already, and a name is bound once: what a line says would depend on where it stands. Choose another name.`,
    {
      notes: earlier.span === undefined ? [] : [{ message: "It is bound here first", span: earlier.span }],
    },
  );
}
