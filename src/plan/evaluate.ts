// What texts, values and conditions of a runbook come to, where the names' values are known.
import type { ConditionNode, ListNode, PatternNode, TextNode, ValueNode, ValuePart } from "../language/tree.ts";
import { textOf } from "../text/source.ts";
import { compilePattern, isCompiled, type CompiledPattern } from "../vocabulary/pattern.ts";
import type { Type } from "../vocabulary/vocabulary.ts";
import { Secret } from "../secrets/secret.ts";
import { convertValue, textOfValue, type Made } from "./as-value.ts";
import { fieldOf, revealed } from "./evaluate/parts-of-value.ts";
import { compare, hasMember, isOfType } from "./evaluate/compare.ts";
import type { Environment, Known, Value } from "./value.ts";

/** What only the hosts know: asked when the run gets there. */
export interface Given {
  readonly fileExists: (path: string) => Promise<boolean>;
  /** `sha256 of FILE`, `certificate of FILE`. */
  readonly reading: (reading: string, file: string) => Promise<Value>;
}

/** What a condition came to: what it wanted and what was seen, as people read it (secrets by name). */
export interface Decided {
  readonly holds: boolean;
  readonly expected: string;
  readonly seen: string;
  /** Neither it nor its opposite holds: a value isn't there, or the two sides have no order. No branch may be taken by it. */
  readonly undecided?: "missing" | "no order";
}

/**
 * What a word or string comes to. One value alone keeps its type; text around it makes a text. What holds a secret is
 * a secret, under the secret's name.
 */
export function evaluateText(node: TextNode, env: Environment): Known<Value> {
  const [only] = node.parts;
  if (node.parts.length === 1 && only?.type === "value") return lookUp(only, env);
  let text = "";
  const secrets: Secret[] = [];
  for (const part of node.parts) {
    if (part.type === "literal") {
      text += part.text;
      continue;
    }
    const found = lookUp(part, env);
    if (found.type === "unknown") return found;
    text += revealed(found.value, secrets);
  }
  const [first] = secrets;
  if (first !== undefined) return known({ type: "secret", secret: new Secret(first.name, text) });
  // What begins with a value is a text only where that value may begin one: else "{name}=1" would let "-x" become an option.
  const begins = only?.type === "value" ? lookUp(only, env) : undefined;
  const of = begins?.type === "known" && begins.value.type === "scalar" ? begins.value.of : "text";
  return known({
    type: "scalar",
    of: node.form === "word" || (of !== "text" && of !== "number") ? "word" : "text",
    text,
  });
}

/** The value of `{name}` or `{name.field}`; of a list of records, the list of that field. */
export function lookUp(part: ValuePart, env: Environment): Known<Value> {
  let value: Value | undefined =
    env.values.get(part.name.text) ??
    (env.hosts.has(part.name.text) ? { type: "host", name: part.name.text } : undefined);
  if (value === undefined) return { type: "unknown", until: env.unknown?.get(part.name.text) ?? "then" };
  for (const field of part.fields) {
    value = fieldOf(value, field.text, env);
    if (value === undefined) return { type: "unknown", until: "then" };
  }
  return known(value);
}

/** A list's value; a member that is itself a list gives its members. */
function evaluateList(node: ListNode, env: Environment): Known<Value> {
  const items: Value[] = [];
  for (const item of node.items) {
    const found = evaluateText(item, env);
    if (found.type === "unknown") return found;
    if (found.value.type === "list") items.push(...found.value.items);
    else items.push(found.value);
  }
  return known({ type: "list", items });
}

/** A text, list or reading; `reading` asks the host for the last. */
export async function evaluateValue(
  node: ValueNode,
  env: Environment,
  reading: Given["reading"],
): Promise<Known<Value>> {
  if (node.type !== "reading") return evaluateKnown(node, env);
  const file = evaluateText(node.file, env);
  return file.type === "unknown" ? file : known(await reading(node.reading.text, textOfValue(file.value)));
}

/** A text or list now; a reading is known only then. */
export function evaluateKnown(node: ValueNode, env: Environment): Known<Value> {
  switch (node.type) {
    case "text":
      return evaluateText(node, env);
    case "list":
      return evaluateList(node, env);
    case "reading":
      return { type: "unknown", until: "then" };
  }
}

/**
 * What fills a phrase's slot, as a value of the slot's type. A plain word in a slot of type host is a name: of a
 * value (`hsm` of `needs hsm: luna`, `server` inside a body) before one of a host.
 */
export function evaluateSlot(
  node: TextNode,
  type: Type,
  env: Environment,
): Known<Value> | { readonly type: "wrong"; readonly problem: string } {
  const plain = node.parts.length === 1 && node.parts[0]?.type === "literal" ? node.parts[0].text : undefined;
  const named = type.type === "host" && plain !== undefined ? env.values.get(plain) : undefined;
  if (type.type === "host" && plain !== undefined && named === undefined && env.unknown?.has(plain) === true)
    return { type: "unknown", until: env.unknown.get(plain) ?? "then" };
  const found = named === undefined ? evaluateText(node, env) : known(named);
  if (found.type === "unknown") return found;
  const made: Made = convertValue(found.value, type);
  return made.ok ? known(made.value) : { type: "wrong", problem: made.problem };
}

/** A pattern whose values are filled in; undefined where one isn't known yet. A regex that doesn't compile was a finding of `check`. */
export function evaluatePattern(node: PatternNode, env: Environment): Known<CompiledPattern> {
  let missing: Known<CompiledPattern> | undefined;
  const compiled = compilePattern(node, (part) => {
    const found = lookUp(part, env);
    if (found.type === "unknown") {
      missing ??= found;
      return undefined;
    }
    return textOfValue(found.value);
  });
  if (missing !== undefined) return missing;
  if (!isCompiled(compiled)) throw new Error(`A pattern that check let through does not compile: ${compiled.message}`);
  return known(compiled);
}

/** Whether a condition holds; files and readings are asked on the host where it stands. What isn't known holds not. */
export async function evaluateCondition(node: ConditionNode, env: Environment, given: Given): Promise<Decided> {
  switch (node.type) {
    case "file-exists": {
      const path = evaluateText(node.path, env);
      if (path.type === "unknown") return unknownIn(node);
      const exists = await given.fileExists(textOfValue(path.value));
      return {
        holds: exists,
        expected: `file ${textOfValue(path.value)} exists`,
        seen: exists ? "it exists" : "no such file",
      };
    }
    case "not": {
      const inner = await evaluateCondition(node.condition, env, given);
      return negated(inner);
    }
    case "all":
    case "any": {
      const parts: Decided[] = [];
      for (const condition of node.conditions) {
        const part = await evaluateCondition(condition, env, given);
        parts.push(part);
        // Later conditions may ask hosts: they are asked only where they can still change the answer.
        if (part.holds !== (node.type === "all")) break;
      }
      return joined(node.type, parts);
    }
    case "compare":
    case "matches":
    case "is-a": {
      const left = await evaluateValue(node.left, env, given.reading);
      const right = node.type === "compare" ? await evaluateValue(node.right, env, given.reading) : undefined;
      if (left.type === "unknown" || right?.type === "unknown") return unknownIn(node);
      return decide(node, { left: left.value, right: right?.value }, env);
    }
  }
}

/** The same before the run: what needs a host, or a value that isn't there yet, is unknown. */
export function decideCondition(node: ConditionNode, env: Environment): Known<Decided> {
  switch (node.type) {
    case "file-exists":
      return { type: "unknown", until: "then" };
    case "not": {
      const inner = decideCondition(node.condition, env);
      if (inner.type === "unknown") return inner;
      return known(negated(inner.value));
    }
    case "all":
    case "any": {
      const parts = node.conditions.map((condition) => decideCondition(condition, env));
      const settling = parts.find((part) => part.type === "known" && part.value.holds !== (node.type === "all"));
      if (settling !== undefined) return settling;
      const open = parts.find((part) => part.type === "unknown");
      return (
        open ??
        known(
          joined(
            node.type,
            parts.flatMap((part) => (part.type === "known" ? [part.value] : [])),
          ),
        )
      );
    }
    case "compare":
    case "matches":
    case "is-a": {
      const left = evaluateKnown(node.left, env);
      if (left.type === "unknown") return left;
      const right = node.type === "compare" ? evaluateKnown(node.right, env) : undefined;
      if (right?.type === "unknown") return right;
      if (node.type === "matches" && evaluatePattern(node.pattern, env).type === "unknown")
        return { type: "unknown", until: "then" };
      return known(decide(node, { left: left.value, right: right?.value }, env));
    }
  }
}

type Simple = ConditionNode & { readonly type: "compare" | "matches" | "is-a" };

function decide(
  node: Simple,
  { left, right }: { readonly left: Value; readonly right: Value | undefined },
  env: Environment,
): Decided {
  const subject = subjectOf(node.left);
  const seen = shownValue(left);
  if (node.type === "is-a")
    return { holds: isOfType(left, node.of, env), expected: `${subject} is a ${textOf(node.of.span)}`, seen };
  if (node.type === "matches") {
    const pattern = evaluatePattern(node.pattern, env);
    if (pattern.type === "unknown") return unknownIn(node);
    return {
      holds: pattern.value.first(plainText(left)) !== undefined,
      expected: `${subject} matches ${textOf(node.pattern.span)}`,
      seen,
    };
  }
  if (right === undefined) return unknownIn(node);
  const expected = `${subject} ${node.operator} ${shownValue(right)}`;
  switch (node.operator) {
    case "has":
      return { holds: hasMember(left, right), expected, seen };
    case "contains":
      return { holds: containsText(left, right, node), expected, seen };
    case "is":
    case "is not":
    case "<":
    case ">": {
      const result = compare(left, right, node.operator);
      return {
        holds: result.holds,
        expected,
        seen: result.problem === undefined ? seen : `${seen}: ${result.problem}`,
        ...(result.problem === undefined ? {} : { undecided: "no order" }),
      };
    }
  }
}

/** Text in text. A value is found only as a whole, as in every pattern: `web1` is not in `web10`; runs of blanks are equal. */
function containsText(left: Value, right: Value, node: Simple): boolean {
  const literal =
    node.type === "compare" && node.right.type === "text" && node.right.parts.every((part) => part.type === "literal");
  if (literal) return plainText(left).replace(/\s+/g, " ").includes(plainText(right).replace(/\s+/g, " "));
  const name = { text: "value", span: node.span };
  const part: ValuePart = { type: "value", name, fields: [], span: node.span };
  const compiled = compilePattern(
    { type: "pattern", form: "value", over: "text", parts: [part], regex: "", span: node.span },
    () => plainText(right),
  );
  return isCompiled(compiled) && compiled.first(plainText(left)) !== undefined;
}

function subjectOf(node: ValueNode): string {
  return textOf(node.span);
}

function shownValue(value: Value): string {
  const text = textOfValue(value);
  return text === "" ? '""' : text;
}

/** For comparing only: a secret's own text, which goes nowhere else. */
function plainText(value: Value): string {
  return revealed(value, []);
}

function joined(type: "all" | "any", parts: readonly Decided[]): Decided {
  const holds = type === "all" ? parts.every((part) => part.holds) : parts.some((part) => part.holds);
  const shown = type === "all" && !holds ? parts.filter((part) => !part.holds) : parts;
  const open = holds ? undefined : shown.find((part) => part.undecided !== undefined);
  // One part that is decided and doesn't hold settles "and"; nothing but a part that holds settles "or".
  const isSettled = type === "all" && shown.some((part) => part.undecided === undefined);
  return {
    holds,
    ...(open?.undecided === undefined || isSettled ? {} : { undecided: open.undecided }),
    expected: shown.map((part) => part.expected).join(type === "all" ? " and " : " or "),
    seen: shown.map((part) => part.seen).join("; "),
  };
}

function unknownIn(node: ConditionNode): Decided {
  return { holds: false, expected: textOf(node.span), seen: "a value in it is not known", undecided: "missing" };
}

function negated(inner: Decided): Decided {
  const expected = `not ${inner.expected}`;
  return inner.undecided === undefined ? { holds: !inner.holds, expected, seen: inner.seen } : { ...inner, expected };
}

function known<T>(value: T): Known<T> {
  return { type: "known", value };
}
