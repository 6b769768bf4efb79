import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TextNode } from "../../src/language/tree.ts";
import { makePhraseIndex } from "../../src/vocabulary/phrase-index.ts";
import { shipped, vocabularyOf, wordsOf } from "./shipped-index.ts";

const own = (...shapes: string[]): string =>
  `vocabulary own\n${shapes.map((shape) => `\nphrase ${shape}\n  "Does it."\n  on linux\n    run true\n`).join("")}`;
const textOfNode = (node: TextNode | undefined): string | undefined =>
  node?.parts.map((part) => (part.type === "literal" ? part.text : `{${part.name.text}}`)).join("");

/** The ids of the phrases that a line is, with the slots of the first. */
function find(
  line: string,
  index = shipped().index,
): { readonly ids: readonly string[]; readonly slots: Readonly<Record<string, string | undefined>> } {
  const { words, vocabulary } = wordsOf(line);
  const matches = index.find(words, vocabulary);
  const slots = Object.fromEntries([...(matches[0]?.slots ?? [])].map(([name, node]) => [name, textOfNode(node)]));
  return { ids: matches.map(({ phrase }) => phrase.id), slots };
}

describe("a line is found as a phrase", () => {
  it("with its slots filled", () => {
    expect(find("register client supreme ip 192.168.5.174")).toEqual({
      ids: ["luna: register client <name> ip <address>"],
      slots: { name: "supreme", address: "192.168.5.174" },
    });
    expect(find("fetch server.pem from hsm")).toEqual({
      ids: ["core: fetch <file> from <server>"],
      slots: { file: "server.pem", server: "hsm" },
    });
    expect(find("fetch server.pem from hsm as hsm.pem").slots).toEqual({
      file: "server.pem",
      server: "hsm",
      target: "hsm.pem",
    });
    expect(find("send certificate of {client_address} to hsm").ids).toEqual([
      "luna: send certificate of <name> to <server>",
    ]);
    expect(find("verify").ids).toEqual(["luna: verify"]);
  });
  it("by every line of the founding procedure", () => {
    const lines = [
      "fetch server.pem from hsm",
      "register server hsm with server.pem",
      "create certificate for 192.168.5.174",
      "send certificate of 192.168.5.174 to hsm",
      "register client supreme ip 192.168.5.174",
      "register client {client_name} hostname {client_address}",
      "list clients",
      "assign partition ade_partition to client supreme",
      "show client supreme",
      "verify",
    ];
    for (const line of lines) expect(find(line).ids, line).toHaveLength(1);
  });
  it("of several vocabularies, all or the one that the line names", () => {
    expect(find("show date").ids).toEqual(["linux: show date", "luna: show date"]);
    expect(find("luna: show date").ids).toEqual(["luna: show date"]);
  });
  it("only where each literal word is the same plain word", () => {
    expect(find('register "client" supreme ip 192.168.5.174').ids).toEqual([]);
    expect(find("register {client} supreme ip 192.168.5.174").ids).toEqual([]);
    expect(find("Verify").ids).toEqual([]);
    expect(find("verify now").ids).toEqual([]);
  });
  it("with a string as one slot", () => {
    expect(find('create request a.csr for "/CN=web1/O=My Company" by key a.key').slots).toEqual({
      file: "a.csr",
      subject: "/CN=web1/O=My Company",
      key: "a.key",
    });
  });
});

describe("optional words", () => {
  const { vocabulary, syntax } = vocabularyOf(own("publish <file: path> [to <server: host>] [now]"));
  const { index, diagnostics } = makePhraseIndex([vocabulary]);
  it("may be left out", () => {
    expect(syntax).toEqual([]);
    expect(diagnostics).toEqual([]);
    expect(find("publish a", index).slots).toEqual({ file: "a" });
    expect(find("publish a to web1", index).slots).toEqual({ file: "a", server: "web1" });
    expect(find("publish a to web1 now", index).slots).toEqual({ file: "a", server: "web1" });
    expect(find("publish a now", index).slots).toEqual({ file: "a" });
    expect(find("publish a web1", index).ids).toEqual([]);
  });
  it("are shown in brackets, and their slots are optional", () => {
    expect(vocabulary.phrases[0]).toMatchObject({
      id: "own: publish <file> [to <server>] [now]",
      slots: [
        { name: "file", optional: false },
        { name: "server", optional: true },
      ],
    });
  });
});

const overlaps = (...shapes: string[]): readonly string[] =>
  makePhraseIndex([...shipped().vocabularies.slice(0, 1), vocabularyOf(own(...shapes)).vocabulary]).diagnostics.map(
    ({ message }) => message,
  );

const name = (words: readonly string[]): string =>
  `go ${words.map((part, index) => (part === "<x>" ? `<x${index}>` : part)).join(" ")}`;

describe("two phrases that one line could be", () => {
  it("are an error where the second is defined", () => {
    expect(overlaps("publish <a> now", "publish it <b>")).toEqual([
      'The line "publish it now" would be this phrase and "publish <a> now", so nobody could say which is meant. Change a word of one of them.',
    ]);
    expect(overlaps("publish <a: ip>", "publish <b: date>")).toHaveLength(1);
    expect(overlaps("publish it", "publish it")).toHaveLength(1);
    expect(overlaps("publish it", "publish them", "publish it now")).toEqual([]);
  });
  it("are found through optional words", () => {
    expect(overlaps("publish <a> [now]", "publish it now")).toHaveLength(1);
    expect(overlaps("publish [quietly] <a>", "publish quietly")).toHaveLength(1);
    expect(overlaps("publish <a> [<b>] [<c>]")).toEqual([
      'The line "publish a b" would be this phrase in two ways, so nobody could say which slot is meant. Put a word of its own before each optional slot.',
    ]);
  });
  it("are found against the core, and against no other vocabulary", () => {
    expect(overlaps("fetch <page> from <site>")).toEqual([
      'The line "fetch page from site" would be this phrase and "fetch <file> from <server>" of core, so nobody could say which is meant. Change a word of one of them.',
    ]);
    const again = vocabularyOf("vocabulary again\n\nphrase verify\n  on linux\n    run true\n").vocabulary;
    expect(makePhraseIndex([...shipped().vocabularies, again]).diagnostics).toEqual([]);
  });
  it("are exactly those for which a line exists", () => {
    const word = fc.constantFrom("a", "b", "<x>");
    const shape = fc.array(word, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(shape, shape, (first, second) => {
        const vocabulary = vocabularyOf(own(name(first), name(second))).vocabulary;
        const { index, diagnostics } = makePhraseIndex([vocabulary]);
        const lines = [3, 2, 1].flatMap((length) =>
          Array.from({ length: 3 ** length }, (_, code) =>
            Array.from({ length }, (__, at) => "abc"[Math.floor(code / 3 ** at) % 3] ?? "").join(" "),
          ),
        );
        const isBoth = lines.some((line) => find(`go ${line}`, index).ids.length > 1);
        expect(diagnostics.length > 0).toBe(isBoth);
      }),
      { numRuns: 40 },
    );
  });
});

const nearest = (line: string): readonly string[] =>
  shipped()
    .index.nearest(wordsOf(line).words)
    .map(({ shown }) => shown);

describe("the nearest phrases", () => {
  it("are those with most words alike", () => {
    expect(nearest("registre client supreme ip 192.168.5.174")[0]).toBe("register client <name> ip <address>");
    expect(nearest("register client supreme 192.168.5.174")[0]).toMatch(/^register client <name>/);
    expect(nearest("verfiy")[0]).toBe("verify");
    expect(nearest("asign partition p to client c")[0]).toBe("assign partition <partition> to client <name>");
    expect(nearest("fetch server.pem hsm")[0]).toBe("fetch <file> from <server>");
  });
  it("are none where nothing is alike", () => {
    expect(nearest("make coffee")).toEqual([]);
    expect(nearest("show certificate of x").length).toBeLessThanOrEqual(3);
  });
});

describe("an index of ten thousand phrases", () => {
  it("still finds each, and has their first words", () => {
    const { vocabulary } = vocabularyOf(
      own(...Array.from({ length: 10_000 }, (_, at) => `verb${at % 100} thing${at} <x> to <y>`)),
    );
    const { index, diagnostics } = makePhraseIndex([vocabulary]);
    expect(diagnostics).toEqual([]);
    expect(index.firstWords()).toHaveLength(100);
    expect(find("verb99 thing9999 a to b", index).ids).toEqual(["own: verb99 thing9999 <x> to <y>"]);
  });
});
