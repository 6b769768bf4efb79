import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { expandPercents, splitCommands } from "../../src/lab/windows/cmd-line.ts";
import { splitArguments } from "../../src/lab/windows/argv.ts";
import { splitLine } from "../../src/lab/luna/command-line.ts";
import { cmdArg, crtArg } from "../../src/plan/quote/cmd.ts";

// Everything that a line can hold: no NUL, no line break, no lone surrogates; and much of what is special somewhere.
const word = fc.oneof(
  fc.string({ unit: "grapheme" }).map((text) => text.replaceAll(/[\0\r\n]/g, "")),
  fc.string({ unit: fc.constantFrom(...`"\\^%&|<>()! \t'OS:~,0a=`) }),
);

function carried(quoted: string | { readonly refused?: unknown }): string {
  if (typeof quoted !== "string") throw new Error("refused");
  return quoted;
}

test("a Windows program of the lab gets exactly the arguments that crtArg was given", () => {
  fc.assert(
    fc.property(fc.array(word), (words) => {
      expect(splitArguments(words.map((text) => crtArg(text)).join(" "))).toEqual(words);
    }),
  );
});

test("the lab's cmd hands on exactly what cmdArg was given, with every variable set", () => {
  fc.assert(
    fc.property(
      fc.array(
        word.filter((text) => typeof cmdArg(text) === "string"),
        { minLength: 1 },
      ),
      (words) => {
        const line = `prog ${words.map((text) => carried(cmdArg(text))).join(" ")}`;
        const expanded = expandPercents(line, (name) => (name.toLowerCase() === "cd" ? "C:\\x" : "SET"));
        const commands = splitCommands(expanded);
        expect(commands).toHaveLength(1);
        expect(commands?.[0]).toMatchObject({ out: undefined, err: undefined });
        expect(splitArguments((commands?.[0]?.text ?? "").slice("prog ".length))).toEqual(words);
      },
    ),
  );
});

test("variables are expanded as on a command line", () => {
  const find = (name: string): string | undefined => ({ OS: "Windows_NT", CD: "C:\\x" })[name.toUpperCase()];
  expect(expandPercents("echo %OS% %os:~0,3% %OS:~-2% %NOPE% 100% %%cd:~,%OS%%cd:~,%", find)).toBe(
    "echo Windows_NT Win NT %NOPE% 100% %OS%",
  );
});

test("lunash keeps a quoted name with blanks together", () => {
  expect(splitLine('client show -client "client name with spaces"')).toEqual([
    "client",
    "show",
    "-client",
    "client name with spaces",
  ]);
  const name = fc.string({ unit: fc.constantFrom(..."ab1 -_.'$;&") }).filter((text) => text !== "");
  fc.assert(
    fc.property(name, (text) => {
      expect(splitLine(`client show -client "${text}"`)[3]).toBe(text);
    }),
  );
});

test("lines that were measured with CommandLineToArgvW are split as it split them", () => {
  const lines = readFileSync(new URL("../fixtures/windows/argv.jsonl", import.meta.url), "utf8")
    .trim()
    .split("\n");
  // The fixture's own form; see the tests of quoting, which made it.
  const cases = lines.map(
    (line) =>
      JSON.parse(line) as { via: string; programLine: string; argvHex: string[]; argvHexCommandLineToArgvW?: string[] },
  );
  const measured = cases.filter(
    (item) => item.via === "createprocess" && item.programLine.startsWith('"C:\\argv.exe"'),
  );
  expect(measured.length).toBeGreaterThan(400);
  for (const { programLine, argvHex, argvHexCommandLineToArgvW } of measured) {
    const wanted = (argvHexCommandLineToArgvW ?? argvHex).map((hex) => Buffer.from(hex, "hex").toString("utf8"));
    expect(splitArguments(programLine.slice('"C:\\argv.exe"'.length)), programLine).toEqual(wanted);
  }
});
