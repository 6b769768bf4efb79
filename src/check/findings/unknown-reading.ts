import type { Name } from "../../language/tree.ts";
import { error, type Diagnostic } from "../../text/diagnostic.ts";
import { nearest } from "../../text/nearest.ts";
import { list } from "./said.ts";

/** `sha265 of FILE` */
export function unknownReading(reading: Name, known: readonly string[]): Diagnostic {
  const near = nearest(reading.text, known);
  const hint =
    near === undefined
      ? `There are ${list(known.map((name) => `${name} of FILE`))}.`
      : `The nearest is: ${near} of FILE`;
  return error("unknown-reading", reading.span, `There is no reading "${reading.text}". ${hint}`, {
    fixes: near === undefined ? [] : [{ span: reading.span, text: near, safe: false }],
  });
}
