import type { Name } from "../../language/tree.ts";
import { error, type Diagnostic } from "../../text/diagnostic.ts";
import { nearest } from "../../text/nearest.ts";
import { showType } from "../../vocabulary/types.ts";
import type { Type } from "../../vocabulary/vocabulary.ts";
import { a, list } from "./said.ts";

/** `{hsm.adress}` */
export function unknownField(field: Name, of: Type, fields: readonly string[]): Diagnostic {
  const near = nearest(field.text, fields);
  const has =
    fields.length === 0
      ? `${a(of.type === "host" ? "host" : showType(of))} has no fields: write the name alone.`
      : near === undefined
        ? `Its fields are ${list(fields)}.`
        : `The nearest is: ${near}`;
  return error(
    "unknown-field",
    field.span,
    `There is no field "${field.text}" here. ${has.charAt(0).toUpperCase()}${has.slice(1)}`,
    near === undefined ? {} : { fixes: [{ span: field.span, text: near, safe: false }] },
  );
}
