import { describe, expect, test } from "vitest";
import { parseFile } from "../../src/language/parse-file.ts";
import type { ClauseNode, PatternPart, RunNode, StatementNode, TextPart } from "../../src/language/tree.ts";
import { makeSource, textOf } from "../../src/text/source.ts";

/** The statements of a text that has no findings. */
function statements(text: string): readonly StatementNode[] {
  const { file, diagnostics } = parseFile(makeSource("a.runbook", text));
  expect(diagnostics).toEqual([]);
  return file.statements;
}

function codes(text: string): string[] {
  return parseFile(makeSource("a.runbook", text)).diagnostics.map((finding) => finding.code);
}

/** Parts as one line: literals as they are, `‹name.field›` for values, `‹name:type›` for holes. */
function shown(parts: readonly (TextPart | PatternPart)[]): string {
  return parts
    .map((part) => {
      if (part.type === "literal") return part.text;
      if (part.type === "value") return `‹${[part.name, ...part.fields].map((name) => name.text).join(".")}›`;
      return `‹hole ${part.name?.text ?? "_"}${part.holeType === undefined ? "" : `: ${textOf(part.holeType.span)}`}›`;
    })
    .join("");
}

function run(text: string): RunNode {
  const [node] = statements(text);
  if (node?.type !== "run") throw new Error("no run");
  return node;
}

function command(text: string): string {
  const node = run(text).command;
  if (node.type !== "command") throw new Error("no command");
  return shown(node.parts);
}

function words(text: string): string[] {
  const [node] = statements(text);
  if (node?.type !== "call") throw new Error("no call");
  return node.words.map((word) => shown(word.parts));
}

function clause(text: string): ClauseNode {
  const [only] = run(`run x\n  ${text}\n`).clauses;
  if (only === undefined) throw new Error("no clause");
  return only;
}

function condition(text: string): unknown {
  const [node] = statements(`expect ${text}\n`);
  return node?.type === "expect" ? node.condition : undefined;
}

function pattern(text: string): string {
  const node = clause(`expect text ${text}`);
  if (node.type !== "expect-pattern") throw new Error("no pattern");
  return node.pattern.form === "regex" ? `/${node.pattern.regex}/` : shown(node.pattern.parts);
}

describe("values", () => {
  test.each([
    ["run echo {name} {name.field} x{name}y", "echo ‹name› ‹name.field› x‹name›y"],
    [
      "run echo ${HOME} %{http_code} {{.State}} { print } {} {a,b} {{name}}",
      "echo ${HOME} %{http_code} {{.State}} { print } {} {a,b} {{name}}",
    ],
    ["run del {6F9619FF-8B86-D011-B42D-00C04FC964FF}", "del {6F9619FF-8B86-D011-B42D-00C04FC964FF}"],
    ["run echo {\\name} {\\name.field} ${\\name}", "echo {name} {name.field} ${\\name}"],
    ["run echo { name} {name } {1a} {a.b.c} {.x}", "echo { name} {name } {1a} {a.b.c} {.x}"],
    ["run awk '{print $1}' | grep <b> #no comment # none", "awk '{print $1}' | grep <b> #no comment # none"],
  ])("%s", (text, expected) => {
    expect(command(text)).toBe(expected);
  });

  test("stand in words, strings and texts of several lines", () => {
    expect(words('show {a}.pem "{b} c" {d},e')).toEqual(["show", "‹a›.pem", "‹b› c", "‹d›,e"]);
    const [note] = statements('note """\n    Hello {a},\n      deep\n  less\n"""\n');
    expect(note?.type === "note" ? shown(note.words.parts) : "").toBe("Hello ‹a›,\n  deep\nless");
  });
});

describe("patterns", () => {
  test.each([
    [
      '"Size <n>: <_> <size: number> <l: list of word> <k: windows or linux>"',
      "Size ‹hole n›: ‹hole _› ‹hole size: number› ‹hole l: list of word› ‹hole k: windows or linux›",
    ],
    ['"<a b> <1> < x > <\\name> <\\n: word> <\\_> a<b"', "<a b> <1> < x > <name> <n: word> <_> a<b"],
    ["'<name:type> {v} {\\v}'", "<name:type> ‹v› {v}"],
    ['/^a{2}[/] \\/ # "x" (?<n>.)$/', '/^a{2}[/] \\/ # "x" (?<n>.)$/'],
    ["{wanted}", "‹wanted›"],
  ])("%s", (text, expected) => {
    expect(pattern(text)).toBe(expected);
  });

  test("a path is no regex where a word is wanted, and a regex is one where a pattern is", () => {
    expect(words("fetch /etc/passwd from web1 as /tmp/x")).toEqual([
      "fetch",
      "/etc/passwd",
      "from",
      "web1",
      "as",
      "/tmp/x",
    ]);
    expect(clause("answer /dev/sda to /Which disk\\?/")).toMatchObject({
      value: { form: "word" },
      to: { form: "regex", regex: "Which disk\\?" },
    });
    expect(clause("already so when file /etc/x exists").type).toBe("already-so-condition");
    expect(clause("already so when /is there/").type).toBe("already-so-pattern");
    expect(clause('already so when sha256 of /etc/x is "a"').type).toBe("already-so-condition");
  });
});

describe("lines", () => {
  test("a blank and a backslash at the end join the next line by one blank", () => {
    expect(command("run echo a   \\\n     b \\\n  c\\\n")).toBe("echo a b c\\");
    expect(words("register client \\\n  supreme \\\n  ip 10.0.0.1 # end\n")).toEqual([
      "register",
      "client",
      "supreme",
      "ip",
      "10.0.0.1",
    ]);
    expect(statements("on web1\n  run echo a \\\n  b\n  note 'c'\n")).toMatchObject([
      { block: [{ type: "run" }, { type: "note" }] },
    ]);
  });

  test("a value in a continued line knows its place", () => {
    const source = "run echo a \\\n    {name}\n";
    const node = run(source).command;
    const value = node.type === "command" ? node.parts[1] : undefined;
    expect(value === undefined ? "" : textOf(value.span)).toBe("{name}");
  });

  test("a comment does not go on in the next line", () => {
    expect(statements("note 'a' # comment \\\nnote 'b'\n")).toHaveLength(2);
    expect(statements("# comment \\\nnote 'b'\n")).toHaveLength(1);
  });

  test("comments begin at a line's start or after a blank, and with a blank or the end after them", () => {
    expect(words("mount #123 a#b c # comment")).toEqual(["mount", "#123", "a#b", "c"]);
    expect(words("mount x #")).toEqual(["mount", "x"]);
    expect(words("mount '# x' \"y # z\"")).toEqual(["mount", "# x", "y # z"]);
    expect(statements("#! /usr/bin/env ordo\n#\n# x\n")).toEqual([]);
  });

  test("CR LF, a byte-order mark and a first line #! change nothing", () => {
    const text = '#!/usr/bin/env -S ordo run\non web1\n  run """\n    a\n\n    b\n  """\n    within 5s\n';
    const plain = statements(text);
    expect(JSON.stringify(statements(`\uFEFF${text.replaceAll("\n", "\r\n")}`), withoutSpans)).toBe(
      JSON.stringify(plain, withoutSpans),
    );
    expect(plain).toMatchObject([
      { block: [{ command: { type: "script", text: "a\n\nb" }, clauses: [{ type: "within" }] }] },
    ]);
  });

  test("a comma or a colon before a blank ends a word, and is part of it elsewhere", () => {
    const { file } = parseFile(
      makeSource("a.runbook", "group all: h1, h2 , h3\nneeds x: list of word = a,b, C:\\Temp\n"),
    );
    expect(file.declarations).toMatchObject([
      { members: [{ text: "h1" }, { text: "h2" }, { text: "h3" }] },
      { default: { type: "list", items: [{ parts: [{ text: "a,b" }] }, { parts: [{ text: "C:\\Temp" }] }] } },
    ]);
  });

  test("strings have no escapes", () => {
    expect(words('copy "C:\\Temp\\" \'"x"\'')).toEqual(["copy", "C:\\Temp\\", '"x"']);
    expect(codes('copy "a"b\n')).toEqual(["syntax"]);
  });

  test("words of forms are plain further on in a line", () => {
    expect(words("register client if ip 10.0.0.1")).toEqual(["register", "client", "if", "ip", "10.0.0.1"]);
    expect(statements("version 5\nkey is lost\nprompt me\nlogs in\n").map((node) => node.type)).toEqual([
      "call",
      "call",
      "call",
      "call",
    ]);
    expect(statements("luna: verify\n")).toMatchObject([{ vocabulary: { text: "luna" }, words: [{}] }]);
  });

  test("a statement's span is its line without indentation and comment", () => {
    const source = "on  web1   # comment\n  note 'a'  # b\n";
    const [on] = statements(source);
    const inner = on?.type === "on" ? on.block[0] : undefined;
    expect([on, inner].map((node) => (node === undefined ? "" : textOf(node.span)))).toEqual(["on  web1", "note 'a'"]);
  });
});

describe("texts", () => {
  test("end with a line of only quotes in the column of the line that began them", () => {
    const node = run('run """\n    cat <<"""\n  """\n    """\nx\n"""\n');
    expect(node.command).toMatchObject({ type: "script", text: 'cat <<"""\n"""\n"""\nx' });
  });

  test("are left as they are: blanks, comments, backslashes and braces", () => {
    const node = run('run """\n  # {x}\n\n  a \\\n    b  \n"""\n');
    expect(node.command).toMatchObject({ text: "# {x}\n\na \\\n  b  " });
  });

  test("an unclosed one ends where the next statement begins, and that is read", () => {
    const { file, diagnostics } = parseFile(makeSource("a.runbook", 'on web1\n  run """\n    a\n  run b\nnote "c"\n'));
    expect(diagnostics.map((finding) => finding.code)).toEqual(["unclosed-text"]);
    expect(file.statements).toMatchObject([{ block: [{ type: "run" }, { type: "run" }] }, { type: "note" }]);
  });
});

describe("conditions", () => {
  test.each([
    ["{a} is b", { type: "compare", operator: "is" }],
    ["{a} is not b", { type: "compare", operator: "is not" }],
    ['{a} is "not"', { type: "compare", operator: "is", right: { form: "string" } }],
    ["{a} < 10MB", { operator: "<" }],
    ["{a} > 1h30m", { operator: ">" }],
    ["{a} contains x", { operator: "contains" }],
    ["{a} has {b}", { operator: "has" }],
    ["{a} matches /x y/", { type: "matches", pattern: { form: "regex" } }],
    ['{a} matches line "x"', { type: "matches", pattern: { over: "line" } }],
    ["{a} is an ip", { type: "is-a", of: { type: "named-type", names: [{ text: "ip" }] } }],
    ["{a} is a list of word", { type: "is-a", of: { type: "list-type" } }],
    ["file {a}.pem exists", { type: "file-exists" }],
    ["not file a exists", { type: "not", condition: { type: "file-exists" } }],
    ["{a} is b and {c} is d and not {e} is f", { type: "all", conditions: [{}, {}, { type: "not" }] }],
    ["{a} is an ip or {b} is c", { type: "any", conditions: [{ type: "is-a" }, {}] }],
    ["sha256 of a.pem is {b}", { left: { type: "reading", reading: { text: "sha256" } } }],
  ])("%s", (text, expected) => {
    expect(condition(text)).toMatchObject(expected);
  });
});

describe("clauses", () => {
  test.each([
    ['expect no line "x"', { type: "expect-pattern", no: true, pattern: { over: "line" } }],
    ["expect exit 0 or 3 or 4", { type: "expect-exit", statuses: [{ value: 0 }, { value: 3 }, { value: 4 }] }],
    ["expect nothing", { type: "expect-nothing" }],
    ["expect {a} is 3", { type: "expect-condition" }],
    ['capture line "<a>"', { type: "capture-pattern" }],
    ['capture each line "<a> <b>" as rows', { type: "capture-each", as: { text: "rows" } }],
    ["capture output as all", { type: "capture-output" }],
    ['fails when "x" because "y"', { type: "fails-when", because: { form: "string" } }],
    ["fails when line /x/", { type: "fails-when", pattern: { over: "line" } }],
    ['answer {pin} to "PIN:"', { type: "answer" }],
    ['by hand "Insert the key" at "Insert"', { type: "by-hand-at" }],
    ["input {text}", { type: "input" }],
    ["within 10m", { type: "within" }],
    ["idle 30s", { type: "idle" }],
    ["retry 3 times every 5s", { type: "retry", limit: { type: "times" } }],
    ["retry for 1m every 5s", { type: "retry", limit: { type: "for" } }],
    ["using powershell", { type: "using", shell: { text: "powershell" } }],
    ["as root", { type: "as" }],
    ["in C:\\Temp", { type: "in" }],
    ["with LC_ALL = C", { type: "with", name: { text: "LC_ALL" } }],
    ["hide output", { type: "hide-output" }],
    ["changes nothing", { type: "changes-nothing" }],
    ['destroys "the partition"', { type: "destroys" }],
    ["may fail", { type: "may-fail", because: undefined }],
    ['may fail because "old"', { type: "may-fail", because: { form: "string" } }],
  ])("%s", (text, expected) => {
    expect(clause(text)).toMatchObject(expected);
  });

  test("under a phrase a name of its body is captured", () => {
    expect(statements("show partition x\n  capture size as s\n")).toMatchObject([
      { clauses: [{ type: "capture-name", name: { text: "size" }, as: { text: "s" } }] },
    ]);
  });
});

describe("statements and declarations", () => {
  test("every statement has its node", () => {
    const text = [
      'step "A" on each h in all as root in /etc, 5 at a time, stop after 1 failure',
      "  let a = certificate of x.pem",
      "  let b = x, {y}",
      '  ask c: number "How many?"',
      '  confirm "Seen" by officer',
      '  by hand "Insert"',
      "  attach x.log",
      "  wait 5s",
      '  fail "no"',
      "  for each x in {b}",
      '    note "x"',
      "  if {a} is b",
      '    note "1"',
      "  otherwise if {a} is c",
      '    note "2"',
      "  otherwise",
      '    note "3"',
      "  undo",
      "    run y",
      "on web1 as root in /tmp",
      "  run z",
      "finally",
      '  note "over"',
      "",
    ].join("\n");
    expect(statements(text)).toMatchObject([
      {
        type: "step",
        on: { type: "on-each", name: { text: "h" }, as: {}, in: {}, atATime: {}, stopAfter: {} },
        block: [
          { type: "let", value: { type: "reading" } },
          { type: "let", value: { type: "list" } },
          { type: "ask" },
          { type: "confirm", by: { text: "officer" } },
          { type: "by-hand", by: undefined },
          { type: "attach" },
          { type: "wait" },
          { type: "fail" },
          { type: "for-each", block: [{}] },
          { type: "if", branches: [{ condition: {} }, { condition: {} }, { condition: undefined }] },
        ],
        undo: [{ type: "run" }],
      },
      { type: "on", as: {}, in: {} },
      { type: "finally", block: [{}] },
    ]);
  });

  test("every declaration has its node", () => {
    const text = [
      'runbook "T"',
      '  about "a"',
      "  version 1.2",
      '  assume "{h} is up"',
      "use luna",
      'use "./own.runbook"',
      "needs g: group of linux",
      "needs h: windows or linux",
      "needs s: secret",
      'role officer "HSM officer"',
      "host web1: linux at here",
      "  user root",
      "  port 2222",
      "  password from env PASSWORD",
      "  sudo password from prompt",
      "  key ~/.ssh/id",
      "  via jump",
      '  host key "SHA256:abc"',
      "  version 7",
      "  allow weak algorithms ssh-rsa, diffie-hellman-group1-sha1",
      "  by system ssh",
      "group all: web1",
      "secret a from file x",
      "secret b from command pass show 'a b' # not a comment",
      "kind ios",
      "  dialogue",
      '    prompt line "<name>#"',
      '    fails when line "% <_: text>"',
      '    page with " " at "--More--"',
      "    elevate with enable 15 # x",
      "    on opening",
      "      run terminal length 0",
      "  files by none",
      '  version from show version with "Version <version>"',
      "kind other",
      "  shell sh",
      "  version from /Luna (?<version>.*)/",
      "phrase show <name: word> [in <place>] now",
      '  "Shows."',
      "  on ios or other before 5.0",
      '    after "shown" in this session',
      "    logs in",
      "    run show {name}",
      "",
    ].join("\n");
    const { file, diagnostics } = parseFile(makeSource("a.runbook", text));
    expect(diagnostics).toEqual([]);
    expect(file.declarations).toMatchObject([
      { type: "runbook", lines: [{ type: "about" }, { type: "version" }, { type: "assume" }] },
      { type: "use", file: false, what: { text: "luna" } },
      { type: "use", file: true },
      { of: { type: "group-type", kinds: [{ text: "linux" }] } },
      { of: { type: "named-type", names: [{ text: "windows" }, { text: "linux" }] } },
      { of: { names: [{ text: "secret" }] } },
      { type: "role" },
      {
        type: "host",
        lines: [
          { type: "user" },
          { type: "port" },
          { type: "password", from: { type: "env" } },
          { type: "sudo-password", from: { type: "prompt" } },
          { type: "key" },
          { type: "via" },
          { type: "host-key" },
          { type: "version" },
          { type: "allow-weak-algorithms", names: [{}, {}] },
          { type: "by-system-ssh" },
        ],
      },
      { type: "group" },
      { from: { type: "file" } },
      { from: { type: "command", command: { parts: [{ text: "pass show 'a b' # not a comment" }] } } },
      {
        type: "kind",
        lines: [
          {
            type: "dialogue",
            lines: [
              { type: "prompt" },
              { type: "fails-when" },
              { type: "page" },
              { type: "elevate", command: { parts: [{ text: "enable 15 # x" }] } },
              { type: "on-opening", block: [{ type: "run" }] },
            ],
          },
          { type: "files", by: { text: "none" } },
          { type: "version", command: { parts: [{ text: "show version" }] } },
        ],
      },
      { lines: [{ type: "shell" }, { type: "version", command: undefined, pattern: { form: "regex" } }] },
      {
        type: "phrase",
        shape: [
          { type: "word" },
          { type: "slot" },
          { type: "optional", words: [{ text: "in" }, { type: "slot" }] },
          { text: "now" },
        ],
        blocks: [
          {
            kinds: [{ text: "ios" }, { text: "other" }],
            before: {},
            facts: [{ inThisSession: true }],
            logsIn: {},
            body: [{ type: "run" }],
          },
        ],
      },
    ]);
  });

  test("a broken line leaves the lines around it, and those beneath it, to be read", () => {
    const { file, diagnostics } = parseFile(
      makeSource("a.runbook", 'step "A"\n  on\n    note "x"\n  note "y"\nneeds\nneeds b: word\n'),
    );
    expect(diagnostics).toHaveLength(2);
    expect(file.statements).toMatchObject([
      { block: [{ type: "unreadable", block: [{ type: "note" }] }, { type: "note" }] },
    ]);
    expect(file.declarations).toMatchObject([{ name: { text: "b" } }]);
  });
});

describe("the literate form", () => {
  test("has its title, steps and narrative from the Markdown", () => {
    const text =
      "# Restart {web}\n\nIntro.\n\n```runbook\nneeds web: linux\n```\n\n## Stop it ##\n\nTakes a minute.\n\n```runbook\non web\nrun a\n  expect exit 0\nundo\n  run b\n```\n\n## Background\n\n```sh\nrun no\n```\n";
    const { file, diagnostics } = parseFile(makeSource("a.runbook.md", text));
    expect(diagnostics).toEqual([]);
    expect(file.literate).toBe(true);
    expect(file.declarations).toMatchObject([
      { type: "runbook", title: { parts: [{ text: "Restart " }, { type: "value" }] } },
      { type: "needs" },
    ]);
    expect(file.statements).toMatchObject([
      {
        type: "step",
        on: { type: "on" },
        block: [{ type: "run", clauses: [{}] }],
        undo: [{}],
        narrative: "Takes a minute.",
      },
    ]);
    const [step] = file.statements;
    expect(step === undefined ? "" : textOf(step.span)).toBe("Stop it");
  });

  test("an `on` with a block of its own holds for that block only", () => {
    const { file } = parseFile(
      makeSource("a.runbook.md", "# T\n\n## S\n\n```runbook\non a\n  run x\non b\n  run y\n```\n"),
    );
    expect(file.statements).toMatchObject([{ type: "step", on: undefined, block: [{ type: "on" }, { type: "on" }] }]);
  });
});

test("indentation 3,000 blocks deep is a finding, not an overflow", () => {
  const text = Array.from({ length: 3000 }, (_, i) => `${" ".repeat(i)}on web1`).join("\n");
  expect(codes(text)).toContain("indentation");
});

function withoutSpans(_key: string, value: unknown): unknown {
  return typeof value === "object" && value !== null && "start" in value && "end" in value ? undefined : value;
}
