// Conditions: both sides have one type, and a literal takes the other's.
import type { ConditionNode, ValueNode } from "../../language/tree.ts";
import type { Span } from "../../text/source.ts";
import { fits, isDiagnostic, readAs, textType, typeFromNode } from "../../vocabulary/types.ts";
import type { ScalarName, Type } from "../../vocabulary/vocabulary.ts";
import {
  sidesDiffer,
  textAndList,
  withoutOrder,
  wrongLiteral,
  wrongOperand,
  wrongType,
} from "../findings/wrong-type.ts";
import { expectType } from "./fit.ts";
import { checkPattern } from "./patterns.ts";
import { readText, type ReadText } from "./read-text.ts";
import { readValue } from "./read-value.ts";
import type { Walk } from "./walk.ts";

/** Types whose values have an order. */
const ordered: readonly ScalarName[] = ["number", "size", "duration", "date"];

/** Checks a condition: names, types, patterns. */
export function checkCondition(node: ConditionNode, walk: Walk): void {
  switch (node.type) {
    case "compare":
      return checkCompare(node, walk);
    case "matches": {
      const left = readValue(node.left, walk);
      if (left.type !== undefined && !isText(left.type))
        walk.report(wrongOperand(node.left.span, left.type, "matches"));
      checkPattern(node.pattern, walk, "keeps nothing");
      return;
    }
    case "is-a": {
      readValue(node.left, walk);
      const type = typeFromNode(node.of, walk.world.kinds);
      if (isDiagnostic(type)) walk.report(type);
      return;
    }
    case "file-exists":
      readText(node.path, walk);
      return;
    case "not":
      return checkCondition(node.condition, walk);
    case "all":
    case "any":
      for (const one of node.conditions) checkCondition(one, walk);
      return;
  }
}

function checkCompare(node: ConditionNode & { readonly type: "compare" }, walk: Walk): void {
  const left = readValue(node.left, walk);
  const right = readValue(node.right, walk);
  if (left.type === undefined || right.type === undefined) return;
  switch (node.operator) {
    case "is":
    case "is not":
      return checkEqual(side(node.left, left), side(node.right, right), node.span, walk);
    case "<":
    case ">":
      return checkOrder(side(node.left, left), side(node.right, right), walk);
    case "contains":
      if (!isText(left.type)) walk.report(wrongOperand(node.left.span, left.type, "contains"));
      else if (!isText(right.type))
        walk.report(wrongType(node.right.span, right.type, { type: textType, place: `"contains"` }));
      return;
    case "has":
      if (left.type.type === "list")
        expectType(right, { type: left.type.of, place: "this list" }, node.right.span, walk);
      else if (left.type.type !== "group") walk.report(wrongOperand(node.left.span, left.type, "has"));
      return;
  }
}

interface Side {
  readonly read: ReadText;
  readonly type: Type;
  readonly span: Span;
}

function side(node: ValueNode, read: ReadText): Side {
  return { read, type: read.type ?? textType, span: node.span };
}

function checkEqual(left: Side, right: Side, span: Span, walk: Walk): void {
  if (left.read.literal && right.read.literal) return;
  if (left.read.literal) return expectLiteral(left, right.type, walk);
  if (right.read.literal) return expectLiteral(right, left.type, walk);
  if (fits(left.type, right.type) === "no" && fits(right.type, left.type) === "no")
    walk.report(sidesDiffer(span, left.type, right.type));
}

function checkOrder(left: Side, right: Side, walk: Walk): void {
  const sides = [left, right];
  const typed = sides.find(({ read, type }) => !read.literal && isOrdered(type));
  if (typed !== undefined) {
    for (const one of sides)
      if (one !== typed)
        if (one.read.literal || one.read.known !== undefined) expectLiteral(one, typed.type, walk);
        else if (!isOrdered(one.type) && fits(one.type, typed.type) === "no")
          walk.report(withoutOrder(one.span, one.type));
        else if (isOrdered(one.type) && fits(one.type, typed.type) === "no")
          walk.report(sidesDiffer(one.span, left.type, right.type));
    return;
  }
  const open = sides.find(
    ({ read, type }) => !read.literal && !(type.type === "scalar" && (type.name === "text" || type.name === "word")),
  );
  if (open !== undefined) return walk.report(withoutOrder(open.span, open.type));
  // Texts that a text of the file types: `{seen} < 10MB`. Two texts of which neither says what it is have no order.
  const said = sides.find(({ read }) => read.known !== undefined);
  if (said?.read.known === undefined) return walk.report(withoutOrder(left.span, left.type));
  const as = orderedTypeOf(said.read.known);
  if (as === undefined) return walk.report(withoutOrder(said.span, said.type));
  for (const one of sides) if (one !== said) expectLiteral(one, as, walk);
}

function expectLiteral(literal: Side, type: Type, walk: Walk): void {
  if (literal.read.known === undefined) return;
  // A secret is never compared, and that is said already; a list's text is its items.
  if (type.type === "secret") return;
  if (type.type === "list" || type.type === "group" || type.type === "record")
    return walk.report(textAndList(literal.span, type));
  const read = readAs(type, literal.read.known);
  if (!read.ok) walk.report(wrongLiteral(literal.span, read.problem));
}

function orderedTypeOf(text: string): Type | undefined {
  const name = ordered.find((one) => readAs({ type: "scalar", name: one }, text).ok);
  return name === undefined ? undefined : { type: "scalar", name };
}

function isOrdered(type: Type): boolean {
  return type.type === "scalar" && ordered.includes(type.name);
}

function isText(type: Type): boolean {
  return type.type === "scalar" || type.type === "host" || type.type === "secret";
}
