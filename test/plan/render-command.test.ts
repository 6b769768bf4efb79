import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ClauseNode } from "../../src/language/tree.ts";
import { scalar } from "../../src/plan/as-value.ts";
import type { PlanCommand } from "../../src/plan/plan.ts";
import { quoteForDialogue } from "../../src/plan/quote/dialogue.ts";
import { renderCommand, type RenderedCommand } from "../../src/plan/render-command.ts";
import type { Environment, Value } from "../../src/plan/value.ts";
import { Secret } from "../../src/secrets/secret.ts";
import type { DialogueKind, Kind } from "../../src/vocabulary/vocabulary.ts";
import { hostileText } from "../support/hostile-values.ts";
import { command, spanOf, word } from "../support/runbook-nodes.ts";
import { parseArguments, readAsCmd } from "../support/windows-model.ts";

const span = spanOf("x");
const dialogue: DialogueKind = {
  prompts: [],
  verdict: undefined,
  succeedsWhen: undefined,
  failsWhen: [],
  pagers: [],
  cancels: [],
  elevate: undefined,
  onOpening: [],
  quote: '"<value>"',
  refuse: '"',
};

function kind(shell: Kind["shell"]): Kind {
  return {
    name: shell ?? "luna",
    title: "",
    vocabulary: "",
    shell,
    dialogue: shell === undefined ? dialogue : undefined,
    files: "sftp",
    version: undefined,
    span,
  };
}

function run(text: string, more: Partial<PlanCommand> & { readonly script?: string } = {}): PlanCommand {
  const { script, ...rest } = more;
  return {
    type: "command",
    command: script === undefined ? command(text) : { type: "script", text: script, span },
    shell: "sh",
    place: { host: "h", as: undefined, in: undefined },
    clauses: [],
    changesNothing: false,
    destroys: undefined,
    logsIn: false,
    span,
    ...rest,
  };
}

function names(values: Readonly<Record<string, string | Value>>): Environment {
  return {
    values: new Map(
      Object.entries(values).map(([name, value]) => [name, typeof value === "string" ? scalar("text", value) : value]),
    ),
    hosts: new Map(),
  };
}

function withClause(name: string, value: string): ClauseNode {
  return { type: "with", name: { text: name, span }, value: word(value), span };
}

const options = { sudoPassword: false, marker: "0123abcd" };

function rendered(item: PlanCommand, env: Environment, of: Kind = kind("sh"), given = options): RenderedCommand {
  const result = renderCommand(item, env, of, given);
  if (result.type !== "known") throw new Error(JSON.stringify(result));
  return result.value;
}

function refusal(item: PlanCommand, env: Environment, of: Kind = kind("sh")): string {
  const result = renderCommand(item, env, of, options);
  return result.type === "refused" ? result.reason : `not refused: ${JSON.stringify(result)}`;
}

/** As this machine and sshd run it. */
function output({ wire, preamble }: RenderedCommand, input = ""): string {
  const done = spawnSync("/bin/sh", ["-c", wire], { input: (preamble?.reveal() ?? "") + input, encoding: "utf8" });
  return `${done.stdout}${done.stderr}${done.status === 0 ? "" : `exit ${String(done.status)}`}`;
}

/** The script of a line for Windows, and what it starts. */
function windowsScript({ wire }: RenderedCommand): {
  readonly script: string;
  readonly spec: { file: string; line: string; cwd?: string; env?: Record<string, string> };
} {
  const script = Buffer.from(wire.split(" ").at(-1) ?? "", "base64").toString("utf16le");
  const base64 = /FromBase64String\('([^']+)'\)/.exec(script)?.[1] ?? "e30K";
  // The script is ours: this is what it reads.
  return { script, spec: JSON.parse(Buffer.from(base64, "base64").toString("utf8")) };
}

const secretValue = (name: string, value: string): Value => ({ type: "secret", secret: new Secret(name, value) });

const inFolder = (text: string): string =>
  rendered(run("pwd", { clauses: [{ type: "in", folder: word(text), span }] }), names({})).wire;

const dialogueLine = (text: string, values: Readonly<Record<string, string>>): string =>
  rendered(run(text, { shell: "dialogue" }), names(values), kind(undefined)).text;

const refused = (text: string, values: Readonly<Record<string, string>>): string =>
  refusal(run(text, { shell: "dialogue" }), names(values), kind(undefined));

describe("a command for sh", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "ordo plan 'it' -"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("arrives with its values, its folder and its environment unchanged", () => {
    fc.assert(
      fc.property(hostileText, hostileText, (one, two) => {
        const item = run(`printf '[%s]' {one} x{one} "$VAR"; pwd`, {
          clauses: [withClause("VAR", "{two}"), { type: "in", folder: word("{folder}"), span }],
        });
        expect(output(rendered(item, names({ one, two, folder })))).toBe(`[${one}][x${one}][${two}]${folder}\n`);
      }),
      { numRuns: 150 },
    );
  });

  it("gets secrets from standard input, which then goes on to it; they are in no line", () => {
    fc.assert(
      fc.property(hostileText, hostileText, (pin, rest) => {
        const item = run(`printf '[%s]' "$PIN" "$OTHER"; cat`, {
          clauses: [withClause("PIN", "{pin}"), withClause("OTHER", "{other}")],
        });
        const command1 = rendered(
          item,
          names({ pin: secretValue("pin", `s3cret${pin}`), other: secretValue("other", "o") }),
        );
        expect(command1.wire).not.toContain("s3cret");
        expect(JSON.stringify(command1)).not.toContain(Buffer.from("s3cre").toString("base64"));
        expect(command1.environment).toEqual({ PIN: "[secret pin]", OTHER: "[secret other]" });
        expect(output(command1, rest)).toBe(`[s3cret${pin}][o]${rest}`);
      }),
      { numRuns: 60 },
    );
  });

  it("ends where its folder is missing", () => {
    expect(
      output(rendered(run("echo reached", { clauses: [{ type: "in", folder: word("/no such"), span }] }), names({}))),
    ).not.toContain("reached");
  });

  it("a folder named - is no way back, and ~/ is the home folder", () => {
    expect(inFolder("-")).toContain("./-");
    const done = spawnSync("/bin/sh", ["-c", inFolder("~")], { env: { HOME: folder }, encoding: "utf8" });
    expect(done.stdout).toBe(`${folder}\n`);
  });

  it("a script stops at its first failing command, in sh and bash", () => {
    for (const shell of ["sh", "bash"] as const) {
      const item = run("", { shell, script: "echo one\nfalse\necho two" });
      expect(output(rendered(item, names({})))).toBe("one\nexit 1");
    }
  });

  it("a script's braces are its own", () => {
    expect(rendered(run("", { script: "echo ${HOME} {one}" }), names({})).text).toBe("echo ${HOME} {one}");
  });

  it("using program there is no shell between", () => {
    fc.assert(
      fc.property(hostileText, (one) => {
        expect(
          output(rendered(run("printf [%s] '$HOME * a' {one} x{one}y", { shell: "program" }), names({ one }))),
        ).toBe(`[$HOME * a][${one}][x${one}y]`);
      }),
      { numRuns: 100 },
    );
  });

  it("as another user goes through sudo, which asks only where there is a password for it", () => {
    const item = run("id -un", { place: { host: "h", as: word("root"), in: undefined } });
    expect(rendered(item, names({})).wire).toBe("exec sudo -n -u root -- /bin/sh -c 'id -un'");
    const asking = rendered(item, names({}), kind("sh"), { ...options, sudoPassword: true });
    expect(asking.sudo).toEqual({ marker: "ordo-asks-0123abcd:", ready: "ordo-ready-0123abcd:" });
    expect(asking.wire).toBe(
      "exec sudo -k -S -p 'ordo-asks-0123abcd:' -u root -- /bin/sh -c 'printf %s ordo-ready-0123abcd: >&2; id -un'",
    );
    expect(asking.account).toBe("root");
  });

  it.each<[string, PlanCommand, Readonly<Record<string, string | Value>>]>([
    ["a secret in a command", run("echo {pin}"), { pin: { type: "secret", secret: new Secret("pin", "x") } }],
    ["a list in a command", run("echo {l}"), { l: { type: "list", items: [] } }],
    ["a user that looks like an option", run("id", { place: { host: "h", as: word("-s"), in: undefined } }), {}],
    ["a variable's name with a hyphen", run("id", { clauses: [withClause("A-B", "x")] }), {}],
    ["a NUL in the environment", run("id", { clauses: [withClause("A", "{a}")] }), { a: "x\0y" }],
    ["a command longer than a line holds", run("echo {a}"), { a: "x".repeat(130_000) }],
    ["PowerShell on a host with sh", run("id", { shell: "powershell" }), {}],
  ])("refuses %s", (_what, item, values) => {
    const reason = refusal(item, names(values));
    expect(reason).not.toMatch(/^not refused/);
    expect(reason).toMatch(/[.)]$/);
  });

  it("is unknown while a value in it is", () => {
    expect(
      renderCommand(run("echo {later}"), { ...names({}), unknown: new Map([["later", 4]]) }, kind("sh"), options),
    ).toEqual({ type: "unknown", until: 4 });
  });
});

describe("a command for Windows", () => {
  it("for cmd is started with its own line, in which every argument arrives", () => {
    const item = run("prog.exe {one} /x:{one}", {
      shell: "cmd",
      clauses: [withClause("A", "b c"), { type: "in", folder: word("C:\\T"), span }],
    });
    const { spec } = windowsScript(rendered(item, names({ one: '50% "a" & !b!' }), kind("powershell")));
    expect(spec).toMatchObject({ file: "cmd.exe", cwd: "C:\\T", env: { A: "b c" } });
    const inner = /^\/d \/s \/v:off \/c "(.*)"$/.exec(spec.line)?.[1] ?? "";
    expect(parseArguments(readAsCmd(inner, (name) => (name === "cd" ? "C:\\" : "X")) ?? "", "msvcrt")).toEqual([
      '50% "a" & !b!',
      '/x:50% "a" & !b!',
    ]);
  });

  it("using program carries file and line as data", () => {
    const { spec } = windowsScript(
      rendered(
        run('"C:\\Program Files\\v.exe" -n {one}', { shell: "program" }),
        names({ one: "a b" }),
        kind("powershell"),
      ),
    );
    expect(spec).toEqual({ file: "C:\\Program Files\\v.exe", line: '-n "a b"' });
  });

  it("for PowerShell stands in a script as it is read", () => {
    const { script } = windowsScript(
      rendered(run("Get-Item {one}", { shell: "powershell" }), names({ one: "it's" }), kind("powershell")),
    );
    expect(script).toContain("\nGet-Item 'it''s'\n");
  });

  it("is refused as another user, with a secret in its environment, and as a script for cmd", () => {
    expect(
      refusal(
        run("x", { shell: "cmd", place: { host: "h", as: word("a"), in: undefined } }),
        names({}),
        kind("powershell"),
      ),
    ).toContain("windows");
    const pin: Value = { type: "secret", secret: new Secret("pin", "x") };
    expect(
      refusal(run("x", { shell: "cmd", clauses: [withClause("P", "{pin}")] }), names({ pin }), kind("powershell")),
    ).toContain("secret");
    expect(refusal(run("x", { shell: "cmd", script: "x" }), names({}), kind("powershell"))).toContain("script");
  });
});

describe("a command for a dialogue", () => {
  it("is bare where it can be, else quoted as the kind says, whole words", () => {
    expect(dialogueLine("client register -client {n} -ip {i}", { n: "supreme", i: "10.0.0.1" })).toBe(
      "client register -client supreme -ip 10.0.0.1",
    );
    expect(dialogueLine("show {n} now", { n: "a b" })).toBe('show "a b" now');
    expect(dialogueLine("get {n}.pem", { n: "a b" })).toBe('get "a b.pem"');
    expect(dialogueLine("show {n}", { n: "" })).toBe('show ""');
  });

  it("refuses what is a key to it, what the kind can't hold, and values in quotes", () => {
    for (const bad of ["a\nb", "a\rb", "a\tb", "a\u0003b", 'a"b', "a\u0085b"])
      expect(refused("show {n}", { n: bad })).not.toMatch(/^not refused/);
    expect(refused('show "x {n}"', { n: "a" })).toContain("inside quotes");
  });

  it("holds back each character that its kind refuses, and what would end its quotes even where the kind forgot to", () => {
    expect(quoteForDialogue("a?b", { quote: '"<value>"', refuse: "?" })).toMatchObject({ type: "refused" });
    expect(quoteForDialogue('a"b', { quote: '"<value>"', refuse: "" })).toMatchObject({ type: "refused" });
    expect(quoteForDialogue("a]b", { quote: "[<value>]", refuse: "" })).toMatchObject({ type: "refused" });
    expect(quoteForDialogue("a b", { quote: undefined, refuse: "" })).toMatchObject({ type: "refused" });
    expect(quoteForDialogue("a b", { quote: "[<value>]", refuse: "" })).toBe("[a b]");
  });

  it("has no folder, no environment and no scripts", () => {
    expect(
      refusal(run("x", { shell: "dialogue", clauses: [withClause("A", "b")] }), names({}), kind(undefined)),
    ).toContain("environment");
    expect(
      refusal(
        run("x", { shell: "dialogue", clauses: [{ type: "in", folder: word("/x"), span }] }),
        names({}),
        kind(undefined),
      ),
    ).toContain("folder");
    expect(refusal(run("x", { shell: "dialogue", script: "x" }), names({}), kind(undefined))).toContain("one line");
  });
});
