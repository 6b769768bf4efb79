import { describe, expect, it } from "vitest";
import { shipped, vocabularyOf } from "./shipped-index.ts";

const findings = (text: string): readonly string[] => {
  const { syntax, diagnostics } = vocabularyOf(text);
  return [...syntax, ...diagnostics.map(({ code }) => code)];
};
const kind = (lines: string): string => `vocabulary own\n\nkind box "a box"\n${lines}`;
const phrase = (shape: string, block = "  on linux\n    run true\n"): string =>
  `vocabulary own\n\nphrase ${shape}\n${block}`;

describe("a kind of host", () => {
  it("has a dialogue with its prompt, its verdict and its ways out", () => {
    const { vocabulary, diagnostics, syntax } = vocabularyOf(
      kind(`  dialogue
    prompt line "[<name>] lunash:>"
    verdict line "Command Result : <code: number> (<meaning: text>)"
    succeeds when {code} is 0
    fails when "Unable to communicate with HSM"
    page with " " at "--More--"
    cancel with quit at "'quit'"
    quote with '"<value>"'
    refuse '"'
  files by scp
  version from text "Luna SA <version>"
`),
    );
    expect([...syntax, ...diagnostics]).toEqual([]);
    expect(vocabulary.kinds).toMatchObject([
      {
        name: "box",
        title: "a box",
        vocabulary: "own",
        shell: undefined,
        files: "scp",
        dialogue: {
          prompts: [{ over: "line" }],
          quote: '"<value>"',
          refuse: '"',
          cancels: [{}],
          pagers: [{}],
          failsWhen: [{}],
        },
      },
    ]);
  });
  it("may have a shell instead", () => {
    expect(vocabularyOf(kind("  shell cmd\n  files by sftp\n")).vocabulary.kinds).toMatchObject([
      { shell: "cmd", dialogue: undefined, files: "sftp", version: undefined },
    ]);
  });
  it.each([
    ["", ["kind-without-way"]],
    ['  shell sh\n  dialogue\n    prompt line "$"\n', ["kind-with-two-ways"]],
    ["  shell sh\n  shell bash\n", ["said-twice"]],
    ['  shell sh\n  version from text "x"\n', ["version-without-hole"]],
    ["  dialogue\n    refuse '\"'\n", ["dialogue-without-prompt"]],
    ['  dialogue\n    prompt line ">"\n    verdict line "<code>"\n', ["verdict-without-condition"]],
    ['  dialogue\n    prompt line ">"\n    succeeds when {code} is 0\n', ["verdict-missing"]],
    ["  dialogue\n    prompt line /(/\n", ["regex"]],
  ])("with %j gives %j", (lines, codes) => {
    expect(vocabularyOf(kind(lines)).diagnostics.map(({ code }) => code)).toEqual(codes);
  });
  it("of a name that there is already is a finding", () => {
    expect(findings("vocabulary own\n\nkind linux\n  shell sh\n")).toEqual(["second-kind"]);
    expect(findings("vocabulary own\n\nkind a\n  shell sh\n\nkind a\n  shell sh\n")).toEqual(["second-kind"]);
  });
});

describe("a phrase", () => {
  it("has its sentence, its slots and its blocks", () => {
    const { vocabulary, diagnostics } = vocabularyOf(
      phrase(
        "drop client <name: word> of <server: host>",
        '  "Drops a client."\n  on linux or macos before 5.0\n    destroys "{name}"\n    ends "{name} is on {host}"\n    run true\n  on linux\n    logs in\n    run true\n  on windows\n    changes nothing\n    run whoami\n',
      ),
    );
    expect(diagnostics).toEqual([]);
    expect(vocabulary.phrases).toMatchObject([
      {
        id: "own: drop client <name> of <server>",
        shown: "drop client <name> of <server>",
        about: "Drops a client.",
        core: undefined,
        slots: [
          { name: "name", type: { type: "scalar", name: "word" }, optional: false },
          { name: "server", type: { type: "host", kinds: undefined }, optional: false },
        ],
        blocks: [
          { kinds: ["linux", "macos"], before: "5.0", logsIn: false, changesNothing: false, facts: [{ type: "ends" }] },
          { kinds: ["linux"], before: undefined, logsIn: true, destroys: undefined },
          { kinds: ["windows"], changesNothing: true },
        ],
      },
    ]);
  });
  it.each([
    [phrase("drop <x> <x>"), ["second-slot"]],
    [phrase("drop <host>"), ["second-slot"]],
    [phrase("drop <x: nubmer>"), ["unknown-type"]],
    [phrase("drop <x: list of word>"), ["wrong-type"]],
    [phrase("drop it", "  on lniux\n    run true\n"), ["unknown-kind"]],
    [phrase("drop it", "  on linux\n    run true\n  on linux\n    run false\n"), ["second-block"]],
    [phrase("drop it", '  on linux\n    changes nothing\n    destroys "it"\n    run true\n'), ["nothing-and-destroys"]],
    [phrase("drop it", '  on linux\n    after "{it} is gone"\n    run true\n'), ["unknown-name"]],
    [phrase("drop it", '  on linux\n    after "<_> is gone"\n    run true\n'), ["open-fact"]],
    [phrase("drop it", '  on linux\n    before "<x> is there"\n    run true\n'), ["named-hole"]],
    [phrase("drop [a] [b] [c] [d] [e] [f] [g]"), ["phrase-optionals"]],
    ["phrase drop it\n  on linux\n    run true\n", ["no-vocabulary"]],
    ["vocabulary a\n\nvocabulary b\n", ["second-vocabulary"]],
  ])("%j gives %j", (text, codes) => {
    expect(vocabularyOf(text).diagnostics.map(({ code }) => code)).toEqual(codes);
  });
  it("that begins with a slot or with a word of the language is a finding", () => {
    for (const shape of ["<x> now", "run it", "by hand", "if it", "already done"])
      expect(findings(phrase(shape)).length, shape).toBeGreaterThan(0);
    expect(vocabularyOf(phrase("version of <x>")).diagnostics).toEqual([]);
  });
  it("of the core named fetch or send is done by the runner, on any kind of host", () => {
    for (const { phrases } of shipped().vocabularies.slice(0, 1)) {
      expect(phrases.map(({ core, blocks }) => [core, blocks.map(({ kinds }) => kinds)])).toEqual([
        ["fetch", [undefined]],
        ["fetch", [undefined]],
        ["send", [undefined]],
        ["send", [undefined]],
      ]);
    }
    expect(vocabularyOf("vocabulary core\n").diagnostics.map(({ code }) => code)).toEqual(["second-vocabulary"]);
  });
});
