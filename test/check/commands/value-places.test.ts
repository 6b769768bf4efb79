import { describe, expect, it } from "vitest";
import { placesOfValues } from "../../../src/check/commands/value-places.ts";
import { hereHost } from "../../../src/inventory/read-inventory.ts";
import { parseFile } from "../../../src/language/parse-file.ts";
import { makeSource } from "../../../src/text/source.ts";
import type { Kind, ShellName } from "../../../src/vocabulary/vocabulary.ts";

function kind(quote: string | undefined): Kind {
  const source = makeSource("kind", "");
  const dialogue = {
    prompts: [],
    verdict: undefined,
    succeedsWhen: undefined,
    failsWhen: [],
    pagers: [],
    cancels: [],
    elevate: undefined,
    onOpening: [],
    quote,
    refuse: "",
  };
  return {
    name: hereHost("linux").kind,
    title: "",
    vocabulary: "own",
    shell: undefined,
    dialogue,
    files: "none",
    version: undefined,
    span: { source, start: 0, end: 0 },
  };
}

/** Where the values stand: `"` or `'` in such quotes, `begins` or `within` an argument, and what they are glued to. */
function places(command: string, shell: ShellName | "dialogue", quote?: string): readonly string[] {
  const [statement] = parseFile(makeSource("it", `run ${command}\n`)).file.statements;
  if (statement?.type !== "run" || statement.command.type !== "command") throw new Error("a run line was expected");
  return placesOfValues(statement.command, shell, kind(quote)).map((place) =>
    [place.quotedBy ?? (place.beginsArgument ? "begins" : "within"), place.gluedTo ?? ""].join(""),
  );
}

describe("a value in a command", () => {
  it("stands outside quotes, at the beginning of an argument or within one", () => {
    expect(places("rm {a} /srv/{b} {c}.pem --x={d} {e}{f}", "sh")).toEqual([
      "begins",
      "within",
      "begins",
      "within",
      "begins",
      "within",
    ]);
  });

  it("stands inside the quotes of sh, where a backslash may take a quote's meaning away", () => {
    expect(places(`echo "{a}" '{b}' {c}`, "sh")).toEqual(['"', "'", "begins"]);
    expect(places(String.raw`echo \"{a}\" "x\"{b}" '\'{c}`, "sh")).toEqual(["within", '"', "within"]);
    expect(places(`echo "it's {a}" 'say "{b}' {c}`, "bash")).toEqual(['"', "'", "begins"]);
  });

  it("stands inside the double quotes of cmd alone, where ^ escapes outside them", () => {
    expect(places(`echo '{a}' "{b}" {c}`, "cmd")).toEqual(["within", '"', "begins"]);
    expect(places(`echo ^"{a} "^" {b}`, "cmd")).toEqual(["within", "begins"]);
  });

  it("stands inside the quotes of PowerShell, where a backtick escapes", () => {
    expect(places('echo "x`"{a}" {b}', "powershell")).toEqual(['"', "begins"]);
    expect(places("echo 'it''s {a}' {b}", "powershell")).toEqual(["'", "begins"]);
  });

  it("stands inside a dialogue's own quotes: an apostrophe is only a letter where it quotes nothing", () => {
    expect(places(`show "{a}" don't {b}`, "dialogue", '"<value>"')).toEqual(['"', "begins"]);
    expect(places(`show '{a}' {b}`, "dialogue", "'<value>'")).toEqual(["'", "begins"]);
    expect(places(String.raw`copy C:\dir\"{a}"`, "program")).toEqual(['"']);
  });

  it("is glued to what ends a word, on either side", () => {
    expect(places("echo {a}; {b} | x ({c}) x,{d} {e}", "powershell")).toEqual([
      "begins;",
      "begins",
      "within)",
      "within,",
      "begins",
    ]);
  });
});
