import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { codePageNamed } from "../../src/hosts/code-pages.ts";
import type { Chunk } from "../../src/hosts/connection.ts";
import { streamingDecoder } from "../../src/hosts/decode.ts";
import { plainScreen, renderLine } from "../../src/hosts/plain-screen.ts";

const out = (bytes: Uint8Array | string): Chunk => ({
  stream: "out",
  bytes: typeof bytes === "string" ? Buffer.from(bytes) : bytes,
});
/** Text from bytes that come in the given pieces. */
function textOf(pieces: readonly Chunk[], codePage?: string): { whole: string; tail: string } {
  const screen = plainScreen(codePage);
  for (const piece of pieces) {
    screen.write(piece);
    screen.tail();
  }
  return { whole: screen.text(), tail: screen.tail() };
}
const single = (bytes: Uint8Array): Chunk[] => Array.from(bytes, (byte) => out(Uint8Array.of(byte)));

describe("text of a pipe's bytes", () => {
  it.each([
    ["plain\ntext\n", "plain\ntext\n"],
    ["dos\r\nlines\r\n", "dos\nlines\n"],
    ["wmic\r\r\n", "wmic\n"],
    ["10%\r50%\r100%\n", "100%\n"],
    ["longer\rab\n", "abnger\n"],
    ["abc\b\bX\n", "aXc\n"],
    ["\u001b[31mred\u001b[0m \u001b[1;4mbold\u001b[m\n", "red bold\n"],
    ["\u001b]0;title\u0007shown\u001b]8;;http://x\u001b\\link\n", "shownlink\n"],
    ["abc\u001b[2K\rnew\n", "new\n"],
    ["abcdef\r\u001b[3C\u001b[K|\n", "abc|\n"],
    ["bell\u0007 nul\0 del\u007f\n", "bell nul del\n"],
    ["tab\tkept\n", "tab\tkept\n"],
    ["unfinished \u001b[3", "unfinished "],
    ["emoji 👍🏽\rE\n", "Emoji 👍🏽\n"],
    ["", ""],
  ])("%j is %j, whole and byte by byte", (bytes, text) => {
    expect(textOf([out(bytes)])).toEqual({ whole: text, tail: text });
    expect(textOf(single(Buffer.from(bytes)))).toEqual({ whole: text, tail: text });
  });

  it("is the same however the bytes are cut", () => {
    const piece = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.constantFrom("\r", "\n", "\r\n", "\b", "\u001b[K", "\u001b[31m", "€", "ß"),
    );
    fc.assert(
      fc.property(fc.array(piece), fc.array(fc.nat(20)), (parts, cuts) => {
        const bytes = Buffer.from(parts.join(""), "utf8");
        const chunks: Chunk[] = [];
        let at = 0;
        for (const cut of cuts) {
          chunks.push(out(bytes.subarray(at, at + cut)));
          at += cut;
        }
        chunks.push(out(bytes.subarray(at)));
        expect(textOf(chunks)).toEqual(textOf([out(bytes)]));
      }),
    );
  });

  it("never throws and never shows a control character, whatever comes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (line) => {
        // eslint-disable-next-line no-control-regex -- control characters are what is looked for
        expect(renderLine(line.replaceAll("\n", ""))).not.toMatch(/[\0-\x08\x0b-\x1f\x7f]/);
      }),
    );
  });

  it("keeps two streams apart where a character is cut between them", () => {
    const euro = Buffer.from("€");
    const chunks: Chunk[] = [
      out(euro.subarray(0, 1)),
      { stream: "err", bytes: Buffer.from("E") },
      out(euro.subarray(1)),
    ];
    expect(textOf(chunks).whole).toBe("E€");
  });

  it.each([
    ["cp850", "Größe £ ¼", [0x47, 0x72, 0x94, 0xe1, 0x65, 0x20, 0x9c, 0x20, 0xac]],
    ["cp437", "naïve ß ░", [0x6e, 0x61, 0x8b, 0x76, 0x65, 0x20, 0xe1, 0x20, 0xb0]],
    ["cp852", "Łódź č", [0x9d, 0xa2, 0x64, 0xab, 0x20, 0x9f]],
    ["cp858", "5 €", [0x35, 0x20, 0xd5]],
    ["windows-1252", "5 €", [0x35, 0x20, 0x80]],
    ["cp866", "Да", [0x84, 0xa0]],
    ["cp932", "日", [0x93, 0xfa]],
  ])("%s gives %s", (page, text, bytes) => {
    expect(textOf([out(Uint8Array.from(bytes))], page).whole).toBe(text);
  });

  it("stays UTF-8 where the bytes are UTF-8, though a code page is named", () => {
    expect(textOf([out("Größe €")], "cp850").whole).toBe("Größe €");
  });

  it.each([
    ["with its mark", [0xff, 0xfe, 0x47, 0, 0xf6, 0, 0x0a, 0]],
    ["without", [0x47, 0, 0x72, 0, 0xf6, 0, 0xdf, 0, 0x65, 0, 0x0a, 0]],
  ])("is read as UTF-16LE %s", (_title, bytes) => {
    expect(textOf([out(Uint8Array.from(bytes))], "cp850").whole).toMatch(/^Gr?ö(ße)?\n$/);
  });

  it("drops the byte order mark of UTF-8", () => {
    expect(textOf([out(Uint8Array.from([0xef, 0xbb, 0xbf, 0x61]))]).whole).toBe("a");
  });

  it("knows no page by a name that is none", () => {
    expect(["", "utf", "cp", "cp1", "cp99999", "x850"].map(codePageNamed)).toEqual(
      Array.from({ length: 6 }, () => undefined),
    );
    expect(codePageNamed("850")).toEqual(codePageNamed("CP850"));
  });

  it("decodes by the page from the first byte that UTF-8 can't hold", () => {
    const decoder = streamingDecoder("cp850");
    expect(
      [
        decoder.decode(Buffer.from("a€")),
        decoder.decode(Uint8Array.of(0x94)),
        decoder.decode(Uint8Array.of(0x41)),
        decoder.finish(),
      ].join(""),
    ).toBe("a€öA");
  });

  it("keeps its pace on one endless line", () => {
    const screen = plainScreen(undefined);
    for (let n = 0; n < 20_000; n++) {
      screen.write(out(`\r${n}%`));
      screen.tail();
    }
    expect(screen.tail()).toBe("19999%");
  });
});
