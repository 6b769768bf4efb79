import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { batchArg, cmdArg, crtArg, fillCmd } from "../../../src/plan/quote/cmd.ts";
import { isRefusal, type Piece } from "../../../src/plan/quote/pieces.ts";
import {
  encodedCommandLine,
  fillPowershell,
  powershellLiteral,
  powershellScript,
} from "../../../src/plan/quote/powershell.ts";
import { programForSh, programForWindows, splitProgram, windowsProgramLine } from "../../../src/plan/quote/program.ts";
import { hostileLine, hostileText } from "../../support/hostile-values.ts";
import { parseArguments, readAsCmd } from "../../support/windows-model.ts";

interface Recorded {
  readonly id: number;
  readonly via: "cmd" | "createprocess";
  readonly group: string;
  readonly arguments?: readonly string[];
  readonly cmdLine: string;
  readonly argvHex: readonly string[];
  readonly argvHexCommandLineToArgvW?: readonly string[];
  readonly windowsExpectedHex?: readonly string[];
}

const recorded = readFileSync(new URL("../../fixtures/windows/argv.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n")
  // The file is ours, written in this shape.
  .map((line): Recorded => JSON.parse(line));

function fromHex(hex: string): string {
  return Buffer.from(hex, "hex").toString("utf8");
}

/** Every name is a variable: whatever a quoter lets through as one is seen. */
const everyName = (name: string): string => (name.toLowerCase() === "cd" ? "C:\\here" : `EXPANDED ${name} & "`);

/** The same, but for one harmless %X%. */
const everyNameButX = (name: string): string => (name === "X" ? "x" : everyName(name));

function value(of: string, shown = "{name}"): Piece {
  return { type: "value", text: of, shown, mayBeginWithDash: true };
}

function literal(of: string): Piece {
  return { type: "literal", text: of };
}

const wine = (name: string): string | undefined =>
  name.toUpperCase() === "OS" ? "Windows_NT" : name.toUpperCase() === "CD" ? "C:\\" : undefined;

/** The arguments that a program gets from a filled line; undefined: it was refused, or cmd would do something else. */
function readFilled(pieces: readonly Piece[]): string[] | undefined {
  const line = fillCmd(pieces);
  const started = isRefusal(line) ? undefined : readAsCmd(line, everyNameButX);
  return started === undefined ? undefined : parseArguments(started, "msvcrt");
}

describe("recorded lines", () => {
  const direct = recorded.filter((one) => one.via === "createprocess");
  const lines = recorded.filter((one) => one.via === "cmd");

  it("both models of the argument parsers read as recorded", () => {
    for (const one of direct) {
      expect({ id: one.id, args: parseArguments(one.cmdLine, "msvcrt") }).toEqual({
        id: one.id,
        args: one.argvHex.map(fromHex),
      });
      const other = one.argvHexCommandLineToArgvW ?? one.argvHex;
      expect({ id: one.id, args: parseArguments(one.cmdLine, "CommandLineToArgvW") }).toEqual({
        id: one.id,
        args: other.map(fromHex),
      });
    }
  });

  it("the quoters write lines that give the recorded arguments, by cmd too", () => {
    let seen = 0;
    for (const one of lines) {
      if (one.arguments === undefined || one.arguments.some((argument) => /[\r\n]/.test(argument))) continue;
      const line = readAsCmd(`C:\\argv.exe ${one.arguments.map(cmdArg).join(" ")}`, wine);
      expect({ id: one.id, args: parseArguments(line ?? "refused", "msvcrt") }).toEqual({
        id: one.id,
        args: one.argvHex.map(fromHex),
      });
      seen++;
    }
    expect(seen).toBeGreaterThan(250);
  });
});

describe("an argument for Windows", () => {
  it("survives both argument parsers", () => {
    fc.assert(
      fc.property(fc.array(hostileText, { maxLength: 4 }), (args) => {
        const line = `prog.exe ${args.map(crtArg).join(" ")}`;
        expect(parseArguments(line, "msvcrt")).toEqual(args);
        expect(parseArguments(line, "CommandLineToArgvW")).toEqual(args);
      }),
    );
  });

  it("survives cmd, whatever variables are defined", () => {
    fc.assert(
      fc.property(fc.array(hostileLine, { maxLength: 4 }), (args) => {
        const line = readAsCmd(`prog.exe ${args.map(cmdArg).join(" ")}`, everyName);
        expect(parseArguments(line ?? "an operator stood outside quotes", "msvcrt")).toEqual(args);
      }),
      { numRuns: 1000 },
    );
  });

  it("in a line for cmd is its whole word, or refused", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("", "/CN=", "C:\\x\\", "-n:"),
        hostileLine,
        fc.constantFrom("", ".pem", "\\b"),
        (before, of, after) => {
          const line = fillCmd([literal(`prog.exe "a b" ${before}`), value(of), literal(`${after} last`)]);
          if (isRefusal(line)) return;
          expect(parseArguments(readAsCmd(line, everyName) ?? "operator", "msvcrt")).toEqual([
            "a b",
            before + of + after,
            "last",
          ]);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it("in a line for cmd changes nothing around it, whatever stands there", () => {
    const around = fc
      .array(fc.constantFrom('"', "^", "%", " ", " ", "a", "\\", "%X%", '^"', "=", "/"), { maxLength: 5 })
      .map((of) => of.join(""));
    fc.assert(
      fc.property(around, hostileLine, around, (before, of, after) => {
        const pieces = (text: string): Piece[] => [literal(`prog.exe ${before}`), value(text), literal(after)];
        if (isRefusal(fillCmd(pieces(of)))) return;
        expect(readFilled(pieces(of))).toEqual(
          readFilled(pieces("VALUE"))?.map((argument) => argument.replace("VALUE", () => of)),
        );
      }),
      { numRuns: 1500 },
    );
  });

  it("is only refused for cmd where nothing else is sure", () => {
    fc.assert(
      fc.property(hostileLine, (of) => {
        expect(isRefusal(fillCmd([literal("prog.exe "), value(of)]))).toBe(false);
      }),
    );
  });

  it.each([
    ["a line break", [literal("prog "), value("a\nb")]],
    ["quotes around it", [literal('prog "'), value("a"), literal('"')]],
    ["a caret before it", [literal("prog ^"), value("a")]],
    ["a single % before it", [literal("prog 100% "), value("a%b")]],
    ["a semicolon touching it", [literal("prog a;"), value("b")]],
    ["a bracket touching it", [literal("(prog "), value("b"), literal(")")]],
    ["a variable in its word", [literal("prog %TEMP%\\"), value("b")]],
    ["a redirection in its word", [literal("prog >"), value("b")]],
    ["a redirection before it", [literal("prog > "), value("a b")]],
    ["a command of cmd itself", [literal("type "), value("a b")]],
    ["a nested cmd", [literal("cmd /c prog "), value("a&b")]],
    ["a batch file", [literal("setup.cmd "), value("a&b")]],
    ["findstr's own escapes", [literal("findstr "), value("a\\b c")]],
  ])("is refused by cmd with %s", (_what, pieces) => {
    expect(isRefusal(fillCmd(pieces))).toBe(true);
  });

  it("of a batch file is in plain quotes, or refused", () => {
    expect(batchArg("a b")).toBe('"a b"');
    for (const bad of ['a"b', "a%b", "a&b", "a!b", "a\\", "a\nb", "(a)", "a^b"])
      expect(isRefusal(batchArg(bad))).toBe(true);
  });
});

/** Reads one '…' of PowerShell: any of five quotes ends it, two of them are one. */
function readLiteral(line: string): string | undefined {
  const inner = /^'((?:[^'\u2018\u2019\u201a\u201b]|['\u2018\u2019\u201a\u201b]{2})*)'$/u.exec(line)?.[1];
  return inner?.replace(/(['\u2018\u2019\u201a\u201b])['\u2018\u2019\u201a\u201b]/g, "$1");
}

describe("a value for PowerShell", () => {
  it("is a literal that nothing in it ends", () => {
    fc.assert(fc.property(hostileText, (of) => readLiteral(powershellLiteral(of)) === of));
  });

  it("is quoted as a whole word", () => {
    expect(fillPowershell([literal("Get-Item C:\\x\\"), value("a b's"), literal(".txt")])).toBe(
      "Get-Item 'C:\\x\\a b''s.txt'",
    );
    expect(fillPowershell([literal("certreq -new "), value("a b"), literal(" out.csr")])).toBe(
      "certreq -new 'a b' out.csr",
    );
    expect(fillPowershell([literal('Write-Output "x y" | Select-String '), value("$x")])).toBe(
      "Write-Output \"x y\" | Select-String '$x'",
    );
  });

  it.each([
    ["inside double quotes", [literal('echo "'), value("a"), literal('"')]],
    ["inside single quotes", [literal("echo 'x "), value("a"), literal(" y'")]],
    ["inside typographic quotes", [literal("echo \u201cx "), value("a"), literal(" y\u201d")]],
    ["after a backtick", [literal("Get-Item `"), value("a")]],
    ["in a comment", [literal("Get-Item x # "), value("a\nid")]],
    ["in a block comment", [literal("Get-Item <# "), value("a"), literal(" #>")]],
    ["after --%", [literal("prog --% "), value("a")]],
    ["touching a bracket", [literal("(Get-Item "), value("a"), literal(")")]],
    ["with a variable in its word", [literal("Get-Item $env:TEMP\\"), value("a")]],
    ["as the command's name", [value("prog"), literal(" x")]],
    ["with a quote, for a program", [literal("prog.exe "), value('a"b')]],
    ["empty, for a program", [literal("prog.exe "), value("")]],
    ["glued to a parameter", [literal("Get-Item -Path:"), value("a")]],
  ])("is refused %s", (_where, pieces) => {
    expect(isRefusal(fillPowershell(pieces))).toBe(true);
  });

  it("stands after & and in an assignment, and a quote in it is fine for a cmdlet", () => {
    expect(fillPowershell([literal("& "), value("C:\\a b\\p.exe"), literal(" x")])).toBe("& 'C:\\a b\\p.exe' x");
    expect(fillPowershell([literal("$x = "), value('a"b')])).toBe("$x = 'a\"b'");
    expect(fillPowershell([literal("Get-Item "), value('a"b')])).toBe("Get-Item 'a\"b'");
  });

  it("travels in a line that no shell can change", () => {
    const script = powershellScript({ text: "Get-Item 'ä'", folder: "C:\\x y", environment: new Map([["A", "it's"]]) });
    const line = encodedCommandLine(script);
    if (isRefusal(line)) throw new Error(line.reason);
    expect(line).toMatch(/^powershell\.exe [A-Za-z0-9 +/=.-]+$/);
    expect(Buffer.from(line.split(" ").at(-1) ?? "", "base64").toString("utf16le")).toBe(script);
    expect(script).toContain("$env:A='it''s'\nSet-Location -LiteralPath 'C:\\x y'\nGet-Item 'ä'\n");
    expect(isRefusal(encodedCommandLine("x".repeat(2901)))).toBe(true);
  });
});

describe("using program", () => {
  it("splits a line at its blanks; quotes keep text together; a value is one argument", () => {
    expect(
      splitProgram([
        literal('certreq -new "C:\\a b\\c.inf"  '),
        value("x y"),
        literal(" /CN="),
        value("a'b"),
        literal(" ''"),
      ]),
    ).toEqual(["certreq", "-new", "C:\\a b\\c.inf", "x y", "/CN=a'b", ""]);
    expect(isRefusal(splitProgram([literal('a "b')]))).toBe(true);
    expect(isRefusal(splitProgram([literal('a "'), value("b"), literal('"')]))).toBe(true);
    expect(isRefusal(splitProgram([literal("  ")]))).toBe(true);
  });

  it("gives a Windows program exactly its arguments", () => {
    fc.assert(
      fc.property(fc.array(hostileText, { maxLength: 5 }), (args) => {
        const program = programForWindows(["prog.exe", ...args]);
        if (isRefusal(program)) throw new Error(program.reason);
        expect(parseArguments(`prog.exe ${program.line}`, "msvcrt")).toEqual(args);
      }),
    );
  });

  it("carries file, line, folder and environment as one base64 text", () => {
    const spec = { file: "C:\\Program Files\\x.exe", line: '"a b"', cwd: "C:\\é", env: { A: "ü" } };
    const line = windowsProgramLine(spec);
    if (isRefusal(line)) throw new Error(line.reason);
    const script = Buffer.from(line.split(" ").at(-1) ?? "", "base64").toString("utf16le");
    const base64 = /FromBase64String\('([^']+)'\)/.exec(script)?.[1] ?? "";
    expect(JSON.parse(Buffer.from(base64, "base64").toString("utf8"))).toEqual(spec);
  });

  it("refuses a batch file's dangerous arguments, a path with a quote, and what is too long", () => {
    expect(isRefusal(programForWindows(["setup.BAT", "a&b"]))).toBe(true);
    expect(isRefusal(programForWindows(['a"b.exe']))).toBe(true);
    expect(isRefusal(programForWindows(["C:\\x\\"]))).toBe(true);
    expect(isRefusal(windowsProgramLine({ file: "x", line: "y".repeat(3000) }))).toBe(true);
    expect(isRefusal(programForSh(["-x"]))).toBe(true);
  });
});
