import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { execFileSync } from "node:child_process";
import { join, relative } from "node:path";

import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { linkOf, sha256 } from "../../src/transcript/chain.ts";
import { verifyTranscript } from "../../src/transcript/verify.ts";
import type { NamedCheck, Unreadable, Verification, VerifyOptions } from "../../src/transcript/verification.ts";
import { sealedSample, temporaryFolder, removeTemporaryFolders } from "./made.ts";

let original: string;
beforeAll(async () => {
  original = await sealedSample();
});

/** A copy of the sealed sample, to be altered. */
function copied(): string {
  const folder = join(temporaryFolder(), "copy");
  cpSync(original, folder, { recursive: true });
  return folder;
}

async function verified(folder: string, options?: VerifyOptions): Promise<Verification> {
  const verification: Verification | Unreadable = await verifyTranscript(folder, options);
  if (verification.exit === 2) throw new Error(verification.sentence);
  return verification;
}

function named(verification: Verification, name: string): NamedCheck {
  const check = verification.checks.find((one) => one.name === name);
  if (check === undefined) throw new Error(`no check ${name}`);
  return check;
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

function linesOf(folder: string): string[] {
  return readFileSync(join(folder, "transcript.jsonl"), "utf8").split("\n").slice(0, -1);
}

function writeLines(folder: string, lines: readonly string[]): void {
  writeFileSync(join(folder, "transcript.jsonl"), lines.map((line) => `${line}\n`).join(""));
}

/** Expects exit 1 and a place in one of these files. */
async function expectAccused(folder: string, ...files: string[]): Promise<Verification> {
  const verification = await verified(folder);
  expect(verification.exit).toBe(1);
  const places = verification.checks
    .filter(({ answer }) => answer === "bad")
    .flatMap((check) => check.places.map(({ file }) => file));
  expect(places.some((file) => files.includes(file))).toBe(true);
  expect(JSON.stringify(verification)).not.toMatch(/[\u007f-\u009f\u202e]/);
  return verification;
}

/** Chains the lines anew from the given one on, as a forger would. */
function rechained(lines: readonly string[]): { lines: string[]; head: string } {
  let prev = "0".repeat(64);
  const forged = lines.map((line, i) => {
    const text = line.replace(/"prev":"[0-9a-f]{64}"\}$/, `"prev":"${prev}"}`);
    prev = linkOf(i + 1, sha256(`${text}\n`), prev);
    return text;
  });
  return { lines: forged, head: prev };
}

function withheld(line: string): string {
  return `{"n":${/"n":(\d+)/.exec(line)?.[1]},"withheld":"${sha256(`${line}\n`)}","prev":"${/"prev":"([0-9a-f]{64})"\}$/.exec(line)?.[1]}"}`;
}

afterAll(removeTemporaryFolders);

describe("verify", () => {
  it("finds nothing wrong with an untouched transcript, says that nobody signed it, and what it does not show", async () => {
    const verification = await verified(original);
    expect(verification.exit).toBe(0);
    expect(verification.checks.filter(({ answer }) => answer === "bad")).toEqual([]);
    expect(verification.summary).toBe("Sealed, signed by nobody: whoever could write this folder could have made it.");
    expect(verification.doesNotShow).toContain("whoever holds the runner");
    expect(verification.records).toBe(21);
  });

  it("sees any one byte that was changed, in any file, and says where", async () => {
    const files = filesOf(original);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        async (file, position, change) => {
          const folder = copied();
          const bytes = readFileSync(join(folder, file));
          const at = position % bytes.length;
          bytes[at] = (bytes[at] ?? 0) ^ change;
          writeFileSync(join(folder, file), bytes);
          await expectAccused(folder, file);
          rmSync(folder, { recursive: true });
        },
      ),
      { numRuns: 300 },
    );
  });

  it("sees any file that is cut short or grows", async () => {
    for (const file of filesOf(original)) {
      const size = readFileSync(join(original, file)).length;
      for (const length of [0, 1, size >> 1, size - 1]) {
        const folder = copied();
        truncateSync(join(folder, file), length);
        await expectAccused(folder, file, "seal.json");
      }
      const folder = copied();
      writeFileSync(join(folder, file), "\n", { flag: "a" });
      await expectAccused(folder, file);
    }
  });

  it("sees any file that is missing, and says 3 when it is the seal", async () => {
    for (const file of filesOf(original)) {
      const folder = copied();
      rmSync(join(folder, file));
      if (file === "seal.json")
        expect(await verified(folder)).toMatchObject({ exit: 3, summary: "Whole up to record 21, not sealed." });
      else if (file !== "transcript.jsonl") await expectAccused(folder, file);
      else expect(await verifyTranscript(folder)).toMatchObject({ exit: 2 });
    }
  });

  it("sees any file or folder that was added", async () => {
    for (const path of [
      "x",
      "sources/3-x",
      "evidence/luna/2-x",
      "signatures/x",
      "signatures/x.sig",
      "signatures/x.json",
      "deep/er/x",
      "a\u001b[2Jb",
      ".hidden",
    ]) {
      const folder = copied();
      mkdirSync(join(folder, path, ".."), { recursive: true });
      writeFileSync(join(folder, path), "{}");
      const verification = await verified(folder);
      expect(verification.exit, path).toBe(1);
      for (const { sentences, places } of verification.checks)
        expect([...sentences, ...places.map(({ file }) => file)].join("")).not.toContain("\u001b");
    }
    const folder = copied();
    mkdirSync(join(folder, "empty"));
    await expectAccused(folder, "empty");
  });

  it("never follows a link, a pipe or a folder in a file's place", async () => {
    for (const file of filesOf(original)) {
      const folder = copied();
      renameSync(join(folder, file), join(folder, "..", "elsewhere"));
      symlinkSync(join(folder, "..", "elsewhere"), join(folder, file));
      expect((await verified(folder)).exit, file).toBe(1);
      rmSync(join(folder, file));
      execFileSync("mkfifo", [join(folder, file)]);
      expect((await verified(folder)).exit, file).toBe(1);
      rmSync(join(folder, file));
      mkdirSync(join(folder, file));
      expect((await verified(folder)).exit, file).toBe(1);
    }
    const folder = copied();
    renameSync(join(folder, "sources"), join(folder, "..", "sources"));
    symlinkSync(join(folder, "..", "sources"), join(folder, "sources"));
    await expectAccused(folder, "sources", "sources/1-exchange.runbook");
  });

  it("sees lines that were removed, repeated, swapped or added, and names the record", async () => {
    const lines = linesOf(original);
    for (let i = 0; i < lines.length; i++) {
      for (const altered of [
        lines.toSpliced(i, 1),
        lines.toSpliced(i, 0, lines[i] ?? ""),
        lines.toSpliced(i, 2, ...lines.slice(i, i + 2).toReversed()),
      ]) {
        if (altered.join() === lines.join()) continue;
        const folder = copied();
        writeLines(folder, altered);
        const verification = await expectAccused(folder, "transcript.jsonl", "seal.json");
        expect(
          verification.checks.some(
            ({ answer, places }) => answer === "bad" && places.some(({ record }) => record !== undefined),
          ),
        ).toBe(true);
      }
    }
  });

  it("sees a chain that was made anew, because the seal is of another", async () => {
    const folder = copied();
    const forged = rechained(linesOf(folder).map((line) => line.replace('"web1"', '"web2"')));
    writeLines(folder, forged.lines);
    const verification = await expectAccused(folder, "seal.json");
    expect(named(verification, "chain unbroken").answer).toBe("good");
    expect(named(verification, "seal belongs to this chain").sentences[0]).toContain(forged.head);
  });

  it("sees a wrong count, outcome, time or signer in a seal that was made anew", async () => {
    for (const [from, to] of [
      ['"output": 4', '"output": 3'],
      ['"done"', '"failed"'],
      ["14:03:22.147", "14:03:22.148"],
      ['"signers": []', '"signers": [{"name":"x","role":"y"}]'],
      ["{", '{\n  "more": 1,'],
      ['"records": 21', '"records": 20'],
    ]) {
      const folder = copied();
      const seal = readFileSync(join(folder, "seal.json"), "utf8");
      writeFileSync(join(folder, "seal.json"), seal.replace(from ?? "", to ?? ""));
      await expectAccused(folder, "seal.json");
    }
  });

  it("reads strictly: keys twice, unknown types and fields, odd numbers and characters are findings", async () => {
    const alterations: [RegExp, string, string][] = [
      [/"type":"bound"/, '"type":"bound","type":"bound"', "stands twice"],
      [/"type":"bound"/, '"type":"invented"', 'no type of record "invented"'],
      [/"name":"partition"/, '"name":"partition","more":1', "nothing describes"],
      [/"name":"partition",/, "", "missing"],
      [/"ms":14,/, '"ms":1e1,', "plain whole number"],
      [/"ms":14,/, '"ms":9007199254740993,', "whole number"],
      [/"ms":14,/, '"ms":14.5,', "whole number"],
      [/"ade_partition"/, '"ade\u202epartition"', "not written as an escape"],
      [/"ade_partition"/, '"ade\u0007partition"', "not one JSON object"],
      [/^\{"n":2,/, '\ufeff{"n":2,', "byte order mark"],
      [/"ade_partition"/, '"ade_partition"\r', "carriage return"],
      [/"at":"2026/, '"at":"26', "no UTC time"],
      [/^.*$/, '{"n":2,"withheld":"00","prev":"00"}', "withheld form"],
      [/^.*$/, "[1,2]", "not one JSON object"],
      [/^.*$/, "", "not one JSON object"],
    ];
    for (const [from, to, says] of alterations) {
      const folder = copied();
      const lines = linesOf(folder);
      lines[1] = (lines[1] ?? "").replace(from, to);
      writeLines(folder, rechained(lines).lines);
      rmSync(join(folder, "seal.json"));
      const verification = await verified(folder);
      expect(verification.exit, says).toBe(1);
      expect(named(verification, "records in order").sentences.join(" ")).toContain(says);
      expect(named(verification, "records in order").places[0]).toEqual({ file: "transcript.jsonl", record: 2 });
    }
  });

  it("takes other white space and key order of a rechained, unsealed transcript, as the form of a line allows it", async () => {
    const folder = copied();
    const lines = linesOf(folder);
    lines[1] = (lines[1] ?? "").replace('"ms":14,', '"ms" : 14, ');
    writeLines(folder, rechained(lines).lines);
    rmSync(join(folder, "seal.json"));
    expect((await verified(folder)).exit).toBe(3);
  });

  it("is neither crashed nor stalled by a hostile file", async () => {
    const deep = `{"n":1,"at":"2026-11-25T14:03:22.007Z","ms":1,"type":"captured","name":"x","value":${"[".repeat(400_000)}${"]".repeat(400_000)},"salt":"${"0".repeat(32)}","prev":"${"0".repeat(64)}"}`;
    for (const content of [
      "",
      "\n",
      "\0".repeat(3_000_000),
      `${"x".repeat(3_000_000)}\n`,
      `${deep}\n`,
      `${"[".repeat(1_000_000)}\n`,
      "\n".repeat(100_000),
      '{"__proto__":1}\n',
      Buffer.from([0xff, 0xfe, 0x0a]),
    ]) {
      const folder = copied();
      writeFileSync(join(folder, "transcript.jsonl"), content);
      expect((await verified(folder)).exit).toBe(1);
    }
  });

  it("lets no record name a file outside the folder", async () => {
    for (const path of [
      "../x",
      "/etc/passwd",
      "evidence/../../x",
      "evidence/luna/1-../x",
      "sources/1-a\u0000b",
      "evidence/./1-x",
    ]) {
      const folder = copied();
      const lines = linesOf(folder).map((line) => line.replace('"evidence/luna/1-ser_ver.pem"', JSON.stringify(path)));
      writeLines(folder, rechained(lines).lines);
      rmSync(join(folder, "seal.json"));
      const verification = await verified(folder);
      expect(verification.exit).toBe(1);
      expect(named(verification, "records in order").sentences.join()).toContain("can't be a file of a transcript");
    }
  });

  it("says that an unsealed transcript is whole up to its last whole record, with the torn bytes counted", async () => {
    const folder = copied();
    rmSync(join(folder, "seal.json"));
    rmSync(join(folder, "transcript.txt"));
    const whole = readFileSync(join(folder, "transcript.jsonl"));
    const lines = linesOf(folder);
    for (const length of [
      0,
      100,
      whole.length - 1,
      ...lines.map((_, i) => lines.slice(0, i).reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0)),
    ]) {
      writeFileSync(join(folder, "transcript.jsonl"), whole.subarray(0, length));
      const records = whole.subarray(0, length).filter((byte) => byte === 10).length;
      const verification = await verified(folder);
      // Evidence whose record is not there yet is only said.
      expect(verification).toMatchObject({ exit: 3, summary: `Whole up to record ${records}, not sealed.`, records });
    }
  });

  it("names a command without its result as outcome unknown", async () => {
    const folder = copied();
    rmSync(join(folder, "seal.json"));
    writeLines(folder, linesOf(folder).slice(0, 15));
    const check = named(await verified(folder), "every command has its result");
    expect(check).toMatchObject({ answer: "said", places: [{ file: "transcript.jsonl", record: 6 }] });
    expect(check.sentences[0]).toBe("Outcome unknown: command 6 on web1 has no result: run hostname");
  });

  it("compares a head noted elsewhere, of the seal or of an earlier step's end", async () => {
    const { head } = await verified(original);
    expect(named(await verified(original, { head: head.slice(0, 16).toUpperCase() }), "head").answer).toBe("good");
    const prev = /"prev":"([0-9a-f]+)"/.exec(linesOf(original)[10] ?? "")?.[1] ?? "";
    expect(named(await verified(original, { head: prev.slice(0, 16) }), "head").sentences[0]).toContain(
      "after record 10 of 21",
    );
    expect((await verified(original, { head: "0123456789abcdef" })).exit).toBe(1);
    expect((await verified(original, { head: "" })).exit).toBe(1);
  });

  it("accepts withheld lines, says what is missing by the seal's counts, and sees one withheld too many", async () => {
    const folder = copied();
    const lines = linesOf(folder);
    writeLines(
      folder,
      lines.map((line, i) => (i === 6 || i === 7 || i === 18 ? withheld(line) : line)),
    );
    rmSync(join(folder, "transcript.txt"));
    rmSync(join(folder, "evidence"), { recursive: true });
    const verification = await verified(folder);
    expect(verification.exit).toBe(0);
    expect(named(verification, "what is withheld").sentences).toEqual([
      "3 of 21 records are withheld.",
      '"evidence": 1 sealed, 0 shown.',
      '"output": 4 sealed, 2 shown.',
    ]);
    expect((await verified(folder, { require: ["complete"] })).exit).toBe(1);
    for (const i of [0, 20]) {
      writeLines(
        folder,
        lines.map((line, j) => (i === j ? withheld(line) : line)),
      );
      expect((await verified(folder)).exit).toBe(1);
    }
    writeLines(
      folder,
      lines.map((line, i) => (i === 6 ? `${withheld(line)} ` : line)),
    );
    expect((await verified(folder)).exit).toBe(1);
  });

  it("says by status 2 that there is no transcript", async () => {
    expect(await verifyTranscript(temporaryFolder())).toMatchObject({
      exit: 2,
      sentence: expect.stringContaining("no transcript"),
    });
    expect(await verifyTranscript("/nonexistent/x")).toMatchObject({ exit: 2 });
    expect(existsSync("/nonexistent")).toBe(false);
  });
});
