import { describe, expect, it } from "vitest";
import type { ConditionNode, TypeNode, ValueNode } from "../../src/language/tree.ts";
import { scalar, textOfValue, valueOf } from "../../src/plan/as-value.ts";
import {
  decideCondition,
  evaluateCondition,
  evaluateSlot,
  evaluateText,
  lookUp,
  type Given,
} from "../../src/plan/evaluate.ts";
import type { Environment, Value } from "../../src/plan/value.ts";
import { Secret } from "../../src/secrets/secret.ts";
import { pattern, parts, spanOf, string, word } from "../support/runbook-nodes.ts";

const host = (name: string): Value => ({ type: "host", name });
const list = (...items: Value[]): Value => ({ type: "list", items });
const w = (text: string): Value => scalar("word", text);

const env: Environment = {
  values: new Map<string, Value>([
    ["name", w("supreme")],
    ["hsm", host("luna1")],
    ["pin", { type: "secret", secret: new Secret("pin", "s3cret") }],
    ["granted", list(w("one"), w("two"))],
    ["web10", w("web10 web2")],
    [
      "rows",
      list(
        { type: "record", fields: { id: w("1"), label: w("a") } },
        { type: "record", fields: { id: w("2"), label: w("b") } },
      ),
    ],
    ["count", scalar("number", "10")],
    ["left", scalar("duration", "90m")],
    ["day", scalar("date", "2027-01-31")],
    ["size", scalar("size", "10MB")],
    ["seen", w("9")],
    ["web", w("web1")],
  ]),
  hosts: new Map([["luna1", { name: "luna1", kind: "luna", address: "10.0.0.5", port: "22" }]]),
  unknown: new Map([["later", 3]]),
};

const given: Given = {
  fileExists: async (path) => path === "/there/supreme",
  reading: async (reading, file) => w(`${reading}:${file}`),
};

function known(found: ReturnType<typeof evaluateText>): Value {
  if (found.type !== "known") throw new Error("not known");
  return found.value;
}

function compare(
  left: ValueNode,
  operator: "is" | "is not" | "<" | ">" | "contains" | "has",
  right: ValueNode,
): ConditionNode {
  return { type: "compare", operator, left, right, span: spanOf("a condition") };
}

async function holds(condition: ConditionNode): Promise<boolean> {
  return (await evaluateCondition(condition, env, given)).holds;
}

function named(...names: string[]): TypeNode {
  const span = spanOf(names.join(" or "));
  return { type: "named-type", names: names.map((text) => ({ text, span })), span };
}

describe("a text", () => {
  it("of one value is that value, with its type", () => {
    expect(known(evaluateText(word("{count}"), env))).toEqual({ type: "scalar", of: "number", text: "10", number: 10 });
    expect(known(evaluateText(word("{hsm}"), env))).toEqual(host("luna1"));
  });

  it("with text around its values is a text", () => {
    expect(known(evaluateText(word("{name}.pem"), env))).toMatchObject({ of: "word", text: "supreme.pem" });
    expect(known(evaluateText(string("{granted} on {hsm} ({hsm.address})"), env))).toMatchObject({
      of: "text",
      text: "one, two on luna1 (10.0.0.5)",
    });
  });

  it("that holds a secret is one, under its name", () => {
    const value = known(evaluateText(string("user:{pin}"), env));
    expect(value.type === "secret" && value.secret.reveal()).toBe("user:s3cret");
    expect(JSON.stringify(value)).not.toContain("s3cret");
    expect(textOfValue(value)).toBe("[secret pin]");
  });

  it("that begins with a value is no free text, so that it can't become an option", () => {
    expect(known(evaluateText(string("{name} x"), env))).toMatchObject({ of: "word" });
    expect(known(evaluateText(string("{count} x"), env))).toMatchObject({ of: "text" });
    expect(known(evaluateText(string("-{name}"), env))).toMatchObject({ of: "text" });
  });

  it("with an unknown name waits for the step that gives it", () => {
    expect(evaluateText(word("{later}"), env)).toEqual({ type: "unknown", until: 3 });
    expect(evaluateText(word("{nobody}"), env)).toEqual({ type: "unknown", until: "then" });
  });

  it("names a field of every record of a list", () => {
    const [part] = parts("{rows.label}");
    if (part?.type !== "value") throw new Error("no value");
    expect(lookUp(part, env)).toMatchObject({ value: { items: [{ text: "a" }, { text: "b" }] } });
  });

  it("never reaches what is not a field of its own", () => {
    expect(evaluateText(word("{hsm.constructor}"), env).type).toBe("unknown");
    expect(evaluateText(word("{name.text}"), env).type).toBe("unknown");
  });
});

describe("a slot", () => {
  it("of type host takes a plain word as a name", () => {
    expect(evaluateSlot(word("hsm"), { type: "host", kinds: undefined }, env)).toEqual({
      type: "known",
      value: host("luna1"),
    });
    expect(evaluateSlot(word("web7"), { type: "host", kinds: undefined }, env)).toEqual({
      type: "known",
      value: host("web7"),
    });
    expect(evaluateSlot(word("later"), { type: "host", kinds: undefined }, env)).toEqual({ type: "unknown", until: 3 });
  });

  it("takes a wider value if that turns out to be of its type", () => {
    expect(evaluateSlot(word("{seen}"), { type: "scalar", name: "number" }, env)).toMatchObject({
      value: { of: "number", number: 9 },
    });
    expect(evaluateSlot(word("{name}"), { type: "scalar", name: "ip" }, env)).toMatchObject({ type: "wrong" });
    expect(evaluateSlot(word("{pin}"), { type: "scalar", name: "word" }, env)).toMatchObject({ type: "wrong" });
    expect(evaluateSlot(word("{granted}"), { type: "scalar", name: "word" }, env)).toMatchObject({ type: "wrong" });
  });
});

describe("a condition", () => {
  it.each<[string, ConditionNode, boolean]>([
    ["10 > 9 as numbers, not as texts", compare(word("{count}"), ">", word("9")), true],
    ["9 < 10 where only one side is a number", compare(word("{seen}"), "<", word("{count}")), true],
    ["90m > 1h", compare(word("{left}"), ">", word("1h")), true],
    ["90m is 1h30m", compare(word("{left}"), "is", word("1h30m")), true],
    ["10MB < 1GB", compare(word("{size}"), "<", word("1GB")), true],
    ["a date before another", compare(word("{day}"), "<", word("2027-02-01")), true],
    ["words have no order", compare(word("{name}"), "<", word("zzz")), false],
    ["10.0 is 10 for a number", compare(word("{count}"), "is", word("10.0")), true],
    ["case counts", compare(word("{name}"), "is", word("Supreme")), false],
    ["is not", compare(word("{name}"), "is not", word("x")), true],
    ["a list has a member", compare(word("{granted}"), "has", word("two")), true],
    ["a list has no part of a member", compare(word("{granted}"), "has", word("tw")), false],
    ["web1 is not in web10", compare(word("{web10}"), "contains", word("{web}")), false],
    ["text in text", compare(string("a  b c"), "contains", string("b c")), true],
    ["a host is its name", compare(word("{hsm}"), "is", word("luna1")), true],
    ["a secret is compared by its value", compare(word("{pin}"), "is", word("s3cret")), true],
    [
      "a reading",
      compare(
        { type: "reading", reading: { text: "sha256", span: spanOf("x") }, file: word("a"), span: spanOf("x") },
        "is",
        word("sha256:a"),
      ),
      true,
    ],
    ["a file that is there", { type: "file-exists", path: word("/there/{name}"), span: spanOf("x") }, true],
    ["a file that is not", { type: "file-exists", path: word("/gone"), span: spanOf("x") }, false],
    ["matches", { type: "matches", left: word("{name}"), pattern: pattern("supreme"), span: spanOf("x") }, true],
    [
      "matches a whole value only",
      { type: "matches", left: word("{web10}"), pattern: pattern("{web}"), span: spanOf("x") },
      false,
    ],
    ["is a kind", { type: "is-a", left: word("{hsm}"), of: named("linux", "luna"), span: spanOf("x") }, true],
    ["is an ip", { type: "is-a", left: word("10.0.0.1"), of: named("ip"), span: spanOf("x") }, true],
    ["is no ip", { type: "is-a", left: word("{name}"), of: named("ip"), span: spanOf("x") }, false],
    ["not", { type: "not", condition: compare(word("a"), "is", word("b")), span: spanOf("x") }, true],
    [
      "and",
      {
        type: "all",
        conditions: [compare(word("a"), "is", word("a")), compare(word("a"), "is", word("b"))],
        span: spanOf("x"),
      },
      false,
    ],
    [
      "or",
      {
        type: "any",
        conditions: [compare(word("a"), "is", word("b")), compare(word("a"), "is", word("a"))],
        span: spanOf("x"),
      },
      true,
    ],
    ["a name that is not known", compare(word("{nobody}"), "is", word("{nobody}")), false],
  ])("%s", async (_title, condition, expected) => {
    expect(await holds(condition)).toBe(expected);
  });

  it("says what was expected and seen, a secret by its name", async () => {
    const decided = await evaluateCondition(compare(word("{granted}"), "has", word("{name}")), env, given);
    expect(decided).toEqual({ holds: false, expected: "{granted} has supreme", seen: "one, two" });
    const secret = await evaluateCondition(compare(word("{pin}"), "is", word("x")), env, given);
    expect(JSON.stringify(secret)).not.toContain("s3cret");
  });

  it("asks no host for what can't change the answer any more", async () => {
    const never: Given = { ...given, fileExists: () => Promise.reject(new Error("asked")) };
    const file: ConditionNode = { type: "file-exists", path: word("/x"), span: spanOf("x") };
    const condition: ConditionNode = {
      type: "any",
      conditions: [compare(word("a"), "is", word("a")), file],
      span: spanOf("x"),
    };
    expect((await evaluateCondition(condition, env, never)).holds).toBe(true);
  });

  it("is decided before the run where nothing in it is open", () => {
    const file: ConditionNode = { type: "file-exists", path: word("/x"), span: spanOf("x") };
    const no = compare(word("a"), "is", word("b"));
    expect(decideCondition({ type: "all", conditions: [file, no], span: spanOf("x") }, env)).toMatchObject({
      type: "known",
      value: { holds: false },
    });
    expect(decideCondition({ type: "any", conditions: [file, no], span: spanOf("x") }, env)).toEqual({
      type: "unknown",
      until: "then",
    });
    expect(decideCondition(compare(word("{later}"), "is", word("b")), env)).toEqual({ type: "unknown", until: 3 });
  });
});

describe("a value of a type", () => {
  it("is read from text, or there is a sentence that says why not", () => {
    expect(valueOf({ type: "list", of: { type: "scalar", name: "number" } }, "1, 2")).toMatchObject({
      value: { items: [{ number: 1 }, { number: 2 }] },
    });
    expect(valueOf({ type: "scalar", name: "number" }, "x")).toMatchObject({ ok: false });
    expect(valueOf({ type: "group", kinds: ["linux"] }, "web1,web2")).toMatchObject({
      value: { items: [host("web1"), host("web2")] },
    });
  });
});
