import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compilePattern } from "../../src/vocabulary/pattern.ts";
import { listItems } from "../../src/vocabulary/types.ts";
import { compiled, line, patternNode, regexNode, text } from "./patterns.ts";

const whole = (value: string, output: string): boolean => text("{value}", { value }).first(output) !== undefined;

describe("a line pattern", () => {
  it("matches a whole line, blanks at its ends aside", () => {
    expect(line("ok").first("  ok \r\n")).toEqual({});
    expect(line(" ok ").first("one\nok\ntwo")).toEqual({});
    expect(line("ok").first("not ok")).toBeUndefined();
    expect(line("ok").first("ok then")).toBeUndefined();
  });
  it("takes runs of blanks as equal", () => {
    expect(line("Slot Serial # Label").first("Slot    Serial #                Label")).toEqual({});
    expect(line("a   b").first("a\t b")).toEqual({});
    expect(line("a b").first("ab")).toBeUndefined();
    expect(line("a b").first("a\nb")).toBeUndefined();
  });
  it("gives what its holes hold", () => {
    expect(
      line("registered client <number: number>: <name: text>").first("registered client 2: client name with spaces"),
    ).toEqual({
      number: "2",
      name: "client name with spaces",
    });
    expect(line("[<name>] lunash:>").first("[ade_luna_sa] lunash:>")).toEqual({ name: "ade_luna_sa" });
    expect(
      line("Command Result : <code: number> (<meaning: text>)").first(
        "\nCommand Result : 65535 (Luna Shell execution)\n",
      ),
    ).toEqual({
      code: "65535",
      meaning: "Luna Shell execution",
    });
  });
  it("gives every line that matches", () => {
    const clients = "registered client 1: one\nregistered client 2: two\n\nCommand Result : 0 (Success)\n";
    expect(line("registered client <_: number>: <name>").each(clients)).toEqual([{ name: "one" }, { name: "two" }]);
    expect(line("nothing like it").each(clients)).toEqual([]);
  });
  it("without text is an empty line", () => {
    expect(line("{empty}", { empty: "" }).first("a\n\nb")).toEqual({});
    expect(line("{empty}", { empty: "" }).first("a")).toBeUndefined();
  });
});

describe("a text pattern", () => {
  it("matches anywhere, a line break being a blank", () => {
    expect(
      text("delete client named: {name}", { name: "supreme" }).first(
        "CAUTION:  Are you sure you wish to delete client named:\n      supreme\n Type 'proceed'",
      ),
    ).toEqual({});
    expect(text("'client register' successful").first("\n'client register' successful.\n")).toEqual({});
  });
  it("takes text to the line's end where nothing follows, else the least that fits", () => {
    expect(text("Name: <name: text>").first("Name: a b c\nmore")).toEqual({ name: "a b c" });
    expect(
      text("written to: <file: path>").first("Certificate created and written to: C:\\Program Files\\x\\N.pem\r\n"),
    ).toEqual({ file: "C:\\Program Files\\x\\N.pem" });
    expect(text("(<a: text>)").first("x (one) (two)")).toEqual({ a: "one" });
  });
  it("takes a word without the comma or colon that ends it", () => {
    expect(text("Partition: <serial>").first("Partition: 902514001, Name: ade_partition")).toEqual({
      serial: "902514001",
    });
    expect(text("Partition: <serial>, Name: <name>").first("Partition: 902514001, Name: ade_partition")).toEqual({
      serial: "902514001",
      name: "ade_partition",
    });
    expect(text("Luna SA <version>").first("Luna SA 5.4.7-1 Command Line Shell")).toEqual({ version: "5.4.7-1" });
  });
  it("without text is only in an output that holds nothing", () => {
    expect(text("{empty}", { empty: "" }).first("something")).toBeUndefined();
    expect(text("{empty}", { empty: "" }).first(" \n")).toEqual({});
  });
});

describe("a value", () => {
  it.each([
    ["web1", "web10"],
    ["web1", "my-web1"],
    ["web1", "web1_old"],
    ["web1", "web1-old"],
    ["web1", "oldweb1"],
    ["web1", "web1.example.com"],
    ["web1", "web1é"],
    ["10.0.0.1", "10.0.0.10"],
    ["10.0.0.1", "110.0.0.1"],
    ["10.0.0.1", "10.0.0.1.5"],
    ["10.0.0.1", "9.10.0.0.1"],
    ["10.0.0.1", "10x0x0x1"],
    ["fe80::1", "fe80::1:2"],
    ["/srv/a", "/srv/a/b"],
    ["/srv/a", "/mnt/srv/a"],
    ["C:\\a", "C:\\a\\b"],
    ["a.b", "axb"],
  ])("%s is not in %s", (value, output) => {
    expect(whole(value, output)).toBe(false);
    expect(whole(value, `it is ${output}.`)).toBe(false);
  });
  it.each([
    ["web1", "web1"],
    ["web1", "web1."],
    ["web1", "(web1)"],
    ["web1", '"web1", "web2"'],
    ["web1", "web10, web1"],
    ["web1", "admin@web1:/srv"],
    ["web1", "web1: ok"],
    ["10.0.0.1", "at 10.0.0.1:443"],
    ["10.0.0.1", "IPAddress:    10.0.0.1\r"],
    ["a  b", "a b"],
    ["a+b", "a+b"],
    ["/srv/a", "/srv/a is full"],
  ])("%s is in %s", (value, output) => {
    expect(whole(value, output)).toBe(true);
  });
  it("glued to text of the pattern is whole by that text", () => {
    expect(text("{name}.pem", { name: "10.0.0.1" }).first("file 10.0.0.1.pem")).toEqual({});
    expect(text("{name}.pem", { name: "10.0.0.1" }).first("file 110.0.0.1.pem")).toBeUndefined();
    expect(text("cert-{name}", { name: "web1" }).first("cert-web1")).toEqual({});
    expect(text("cert-{name}", { name: "web1" }).first("cert-web10")).toBeUndefined();
    expect(
      line("registered client <_: number>: {name}", { name: "web1" }).first("registered client 1: web10"),
    ).toBeUndefined();
  });
  it("never matches in a longer word, whatever it is", () => {
    const word = fc.stringMatching(/^[A-Za-z0-9._$^*+()\\/[\]{}|?@:-]{0,12}[A-Za-z0-9]$/);
    fc.assert(
      fc.property(word, fc.constantFrom("0", "x", "-", "_"), (value, more) => {
        expect(whole(value, `# ${value} #`)).toBe(true);
        expect(whole(value, `# ${value}${more} #`)).toBe(false);
        expect(whole(value, `# ${more}${value} #`)).toBe(false);
      }),
    );
  });
  it("that is not known yet stands for one word", () => {
    expect(line("client {name} is there").first("client supreme is there")).toEqual({});
  });
});

describe("a typed hole", () => {
  it("takes only what its type says", () => {
    expect(text("<n: number>").first("web10 has -2.5 of 3")).toEqual({ n: "-2.5" });
    expect(text("<a: ip>").first("version 1.2.3.4.5 of 192.168.5.999 and 192.168.5.17.")).toEqual({
      a: "192.168.5.17",
    });
    expect(text("<a: ip>").first("at 12:30 by fe80::1 here")).toEqual({ a: "fe80::1" });
    expect(text("took <d: duration>").first("took ages, took 1h30m")).toEqual({ d: "1h30m" });
    expect(text("<d: date>").first("2027-02-31 or 2027-02-28")).toEqual({ d: "2027-02-28" });
    expect(line("port <n: number>").first("port many\nport 22")).toEqual({ n: "22" });
    expect(text("<s: size> free").first("10.5GB free")).toEqual({ s: "10.5GB" });
    expect(text("Hostname: <h: hostname>").first("Hostname: a_b\nHostname: web1.example.com")).toEqual({
      h: "web1.example.com",
    });
  });
  it("takes a list as programs print it", () => {
    const partitions = line("Partitions: <granted: list of word>");
    expect(listItems(partitions.first('Partitions:   "clientPar1", "clientPar2"')?.["granted"] ?? "")).toEqual([
      "clientPar1",
      "clientPar2",
    ]);
    expect(listItems(partitions.first("Partitions:   <none>")?.["granted"] ?? "x")).toEqual([]);
    expect(listItems(partitions.first("Partitions: a, b,c")?.["granted"] ?? "")).toEqual(["a", "b", "c"]);
    expect(listItems(partitions.first("Partitions: “ade_partition”")?.["granted"] ?? "")).toEqual(["ade_partition"]);
    expect(listItems(line("<x: list of text> end").first('"a b", "c, d" end')?.["x"] ?? "")).toEqual(["a b", "c, d"]);
  });
  it("of a name that the pattern has already is a finding", () => {
    expect(compilePattern(patternNode("<a> <a>", "text"), () => undefined)).toMatchObject({ code: "bound-twice" });
    expect(compilePattern(patternNode("<a: colour>", "text"), () => undefined)).toMatchObject({ code: "unknown-type" });
  });
  it("names its type", () => {
    expect(line("<a: number> <b> <_> <c: list of word>").holes.map(({ name, type }) => [name, type])).toEqual([
      ["a", { type: "scalar", name: "number" }],
      ["b", { type: "scalar", name: "word" }],
      ["c", { type: "list", of: { type: "scalar", name: "word" } }],
    ]);
  });
});

describe("a regex", () => {
  it("matches a whole line, or anywhere", () => {
    const verdict = regexNode("Command Result ?: (?<code>[0-9]+) .*", "line");
    expect(compiled(verdict).first("x\nCommand Result: 0 (Success)\n")).toEqual({ code: "0" });
    expect(compiled(regexNode("a|b", "line")).first("ab")).toBeUndefined();
    expect(compiled(regexNode("^b$", "text")).first("a\nb\nc")).toEqual({});
    expect(compiled(regexNode(String.raw`\-\"x`, "text")).first('-"x')).toEqual({});
  });
  it("that does not compile is a finding that says why", () => {
    for (const regex of ["(", "[z-a]", "a{2,1}", "(?i)a", "(?P<x>a)"]) {
      const finding = compilePattern(regexNode(regex, "text"), () => undefined);
      expect(finding).toMatchObject({ code: "regex", severity: "error" });
      expect("message" in finding ? finding.message : "").toMatch(/^The regex \/.*\/ does not compile: .+\.$/s);
    }
  });
  it("that repeats a repetition is a finding, for it might never end", () => {
    for (const regex of ["(a+)+b", "(?:.*)*x", String.raw`([a-z]+)*\d`, String.raw`(?<n>\w+){2,}`]) {
      expect(
        compilePattern(regexNode(regex, "text"), () => undefined),
        regex,
      ).toMatchObject({ code: "regex" });
    }
    for (const regex of ["(a+b)+", "(?:ab)*", String.raw`\(a+\)+`, "(a+){2}"])
      expect(compiled(regexNode(regex, "text")), regex).toBeDefined();
  });
  it("gives every match once, empty ones too", () => {
    expect(compiled(regexNode("(?<n>[0-9]+)", "text")).each("1 22 333")).toEqual([
      { n: "1" },
      { n: "22" },
      { n: "333" },
    ]);
    expect(compiled(regexNode("x*", "text")).each("ab").length).toBe(3);
  });
});

describe("a question", () => {
  const deletion =
    "CAUTION:  Are you sure you wish to delete client named:\n          supreme\n        Type 'proceed' to delete the client, or 'quit'\n        to quit now.\n        > ";
  it("waits where the pattern stands at the end of what has come", () => {
    expect(text("password:").endsWith("Please enter the password: ")).toBe(true);
    expect(text("Overwrite").endsWith("x already exists.\nOverwrite (y/n)? ")).toBe(true);
    expect(line("Enter <_> password:").endsWith("Hello\nEnter new password: ")).toBe(true);
  });
  it("waits where the lines after the pattern end with a prompt", () => {
    expect(text("delete client named: {name}", { name: "supreme" }).endsWith(deletion)).toBe(true);
    expect(text("delete client named: {name}", { name: "sup" }).endsWith(deletion)).toBe(false);
    expect(text("'quit'").endsWith(deletion)).toBe(true);
  });
  it("does not wait while the program still writes", () => {
    expect(text("password").endsWith("Changing password for admin\n(curr")).toBe(false);
    expect(text("password").endsWith("Changing password for admin\nplease stand by\n")).toBe(false);
    expect(text("password").endsWith("")).toBe(false);
  });
  it("does not wait for what was written long before", () => {
    expect(text("sure").endsWith(`Are you sure? \n${"working\n".repeat(40)}another question: `)).toBe(false);
  });
});

describe("the nearest line", () => {
  it("is the one with most of the pattern's words", () => {
    const output = "one\n'client register' failed. (C000040A)\nCommand Result : 65535 (Luna Shell execution)\n";
    expect(text("'client register' successful").nearest(output)).toBe("'client register' failed. (C000040A)");
    expect(text("zzz").nearest(output)).toBeUndefined();
    expect(text("").nearest(output)).toBeUndefined();
  });
});

describe("a long output", () => {
  const output = `${"a line of no interest, with some words in it\n".repeat(500_000)}registered client 7: last\n`;
  it("is searched to its end", () => {
    expect(output.length).toBeGreaterThan(22_000_000);
    expect(line("registered client <n: number>: <name>").first(output)).toEqual({ n: "7", name: "last" });
    expect(text("client <n: number>: <name>").first(output)).toEqual({ n: "7", name: "last" });
    expect(line("<a> interest").first(output)).toBeUndefined();
    expect(text("nowhere {x}", { x: "web1" }).first(output)).toBeUndefined();
  });
  it("of one word does not stop the search", () => {
    expect(text("<word> end").first(`${"x".repeat(300_000)} stop`)).toBeUndefined();
  });
});
