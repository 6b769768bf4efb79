import { mkdtempSync, mkdirSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeSource, isLoadFailure, loadFile } from "../../src/text/load.ts";

const folder = mkdtempSync(join(tmpdir(), "load-"));
const problemOf = (path: string, bytes?: Uint8Array): string => {
  const loaded = bytes === undefined ? loadFile(path) : decodeSource(path, bytes);
  return isLoadFailure(loaded) ? loaded.problem : `read: ${loaded.text}`;
};

describe("loading a file", () => {
  it("says that a file is missing, and that other places may be looked at", () => {
    const loaded = loadFile(join(folder, "nowhere.runbook"));
    expect(loaded).toMatchObject({ missing: true });
    expect(problemOf(join(folder, "nowhere.runbook"))).toMatch(/^There is no file .*nowhere\.runbook\. Check/);
  });

  it("says that a folder is one", () => {
    mkdirSync(join(folder, "a-folder"));
    expect(problemOf(join(folder, "a-folder"))).toMatch(/a-folder is a folder/);
  });

  it("refuses bytes that are no text, with their place", () => {
    expect(problemOf("x", Uint8Array.of(0x7f, 0x45, 0, 1))).toBe(
      "x is no text: its byte 3 is NUL, as in programs, pictures and archives. Name the runbook itself.",
    );
    expect(problemOf("x", Uint8Array.of(0xff, 0xfe, 0x41, 0))).toMatch(/UTF-16/);
  });

  it("names the byte and the line that is not UTF-8", () => {
    expect(problemOf("x", Uint8Array.of(0x61, 0x0a, 0xe9, 0x20))).toMatch(/byte 3 \(0xE9, on line 2\)/);
    expect(problemOf("x", Uint8Array.of(0x61, 0xc3))).toMatch(/byte 2 \(0xC3/);
  });

  it("refuses a file above 64 MB with its size, without reading it", () => {
    const path = join(folder, "large.runbook");
    writeFileSync(path, "");
    truncateSync(path, 100_000_000);
    expect(problemOf(path)).toMatch(/has 100000000 bytes \(95\.4 MB\), and at most 64 MB/);
  });

  it("drops a byte-order mark and keeps the bytes", () => {
    const bytes = Uint8Array.of(0xef, 0xbb, 0xbf, 0x61);
    expect(decodeSource("x", bytes)).toMatchObject({ text: "a", bytes });
  });

  it("gives a text or a sentence for any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const loaded = decodeSource("x", bytes);
        if (!isLoadFailure(loaded))
          return Buffer.from(loaded.text).equals(
            bytes.subarray(
              loaded.text.length === 0
                ? bytes.length
                : bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
                  ? 3
                  : 0,
            ),
          );
        return /^x (is|has) .*\.$/.test(loaded.problem) || loaded.problem.includes("iconv");
      }),
    );
  });
});
