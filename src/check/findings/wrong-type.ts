import { error, type Diagnostic } from "../../text/diagnostic.ts";
import type { Span } from "../../text/source.ts";
import { showType } from "../../vocabulary/types.ts";
import type { Type } from "../../vocabulary/vocabulary.ts";
import { a } from "./said.ts";

/** A literal that can't be read as what its place takes; `problem` is the type's own sentence. */
export function wrongLiteral(span: Span, problem: string): Diagnostic {
  return error("wrong-type", span, problem);
}

/** A value of a type that its place never takes. */
export function wrongType(span: Span, has: Type, wants: { readonly type: Type; readonly place: string }): Diagnostic {
  return error(
    "wrong-type",
    span,
    `This is ${a(showType(has))}, and ${wants.place} takes ${a(showType(wants.type))}. ${wayOn(has, wants.type)}`,
  );
}

/** Two sides of a condition that no value has in common. */
export function sidesDiffer(span: Span, left: Type, right: Type): Diagnostic {
  return error(
    "wrong-type",
    span,
    `The two sides can never be equal: the left is ${a(showType(left))}, the right ${a(showType(right))}. Compare values of one type.`,
  );
}

/** A list beside one text. */
export function textAndList(span: Span, list: Type): Diagnostic {
  return error(
    "wrong-type",
    span,
    `This is one text, and the other side is ${a(showType(list))}: they can never be equal. To look for a member of a list, write: has`,
  );
}

/** `<` between texts. */
export function withoutOrder(span: Span, type: Type): Diagnostic {
  return error(
    "wrong-type",
    span,
    `${sentence(a(showType(type)))} has no order, so < and > say nothing here. Only numbers, sizes, durations and dates have one.`,
  );
}

/** `contains` or `matches` with a list, `has` without one, `if {list} …`. */
export function wrongOperand(span: Span, type: Type, operator: "contains" | "has" | "matches"): Diagnostic {
  const why =
    operator === "has"
      ? `"has" looks for a member of a list, and this is ${a(showType(type))}. To look for text in text, write: contains`
      : `"${operator}" looks into a text, and this is ${a(showType(type))}. To look for a member of a list, write: has`;
  return error("wrong-type", span, why);
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function wayOn(has: Type, wants: Type): string {
  if (has.type === "list") return "Take one item of it: for each NAME in LIST.";
  if (has.type === "record") return `Name one of its fields: ${Object.keys(has.fields).slice(0, 4).join(", ")}.`;
  if (wants.type === "secret") return "Declare it: secret NAME from prompt.";
  if (wants.type === "list") return "Give a list: a, b, c.";
  return "Use another value here.";
}
