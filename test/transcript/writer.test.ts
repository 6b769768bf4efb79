import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { transcriptText } from "../../src/report/text.ts";
import { Redactor } from "../../src/secrets/redactor.ts";
import { Secret } from "../../src/secrets/secret.ts";
import { readRecords } from "../../src/transcript/reader.ts";
import { verifyTranscript } from "../../src/transcript/verify.ts";
import { openTranscript } from "../../src/transcript/writer.ts";
import {
  lastTwo,
  middle,
  now,
  Numbering,
  openSample,
  sealedSample,
  started,
  temporaryFolder,
  removeTemporaryFolders,
} from "./made.ts";

/** The writer in a program of its own, to be killed or starved. */
let program: string;
beforeAll(async () => {
  program = join(temporaryFolder(), "writes.mjs");
  await build({
    entryPoints: [join(import.meta.dirname, "writes.ts")],
    outfile: program,
    bundle: true,
    format: "esm",
    platform: "node",
  });
});

function mode(path: string): number {
  return statSync(path).mode & 0o777;
}

function open(directory: string) {
  return openTranscript({ place: { directory }, sources: [], now, readable: transcriptText });
}

afterAll(removeTemporaryFolders);

describe("the writer", () => {
  it("makes a private folder with the sources byte for byte, under safe names", async () => {
    const parent = temporaryFolder();
    const folder = await sealedSample({ parent });
    expect(readdirSync(parent)).toEqual(["2026-11-25T140322Z-exchange-certificates"]);
    expect(readdirSync(folder).toSorted()).toEqual([
      "evidence",
      "seal.json",
      "sources",
      "transcript.jsonl",
      "transcript.txt",
    ]);
    expect(readFileSync(join(folder, "sources/1-exchange.runbook"), "utf8")).toBe('step "Look"\r\n  run hostname\n');
    expect([...readFileSync(join(folder, "sources/2-hosts.runbook"))]).toEqual([0xff, 0, 0x41]);
    expect(readdirSync(join(folder, "evidence/luna"))).toEqual(["1-ser_ver.pem"]);
    for (const path of ["", "sources", "evidence", "evidence/luna"]) expect(mode(join(folder, path)), path).toBe(0o700);
    for (const path of [
      "transcript.jsonl",
      "transcript.txt",
      "seal.json",
      "sources/1-exchange.runbook",
      "evidence/luna/1-ser_ver.pem",
    ])
      expect(mode(join(folder, path)), path).toBe(0o600);
  });

  it("never shares a folder between two runs of one second", async () => {
    const parent = temporaryFolder();
    const writers = await Promise.all([1, 2, 3, 4].map(() => openSample(parent)));
    expect(new Set(writers.map(({ folder }) => folder)).size).toBe(4);
    const name = "2026-11-25T140322Z-exchange-certificates";
    expect(readdirSync(parent).toSorted()).toEqual([name, `${name}-2`, `${name}-3`, `${name}-4`]);
  });

  it("takes a named directory that is new or empty, and only for one run", async () => {
    const directory = join(temporaryFolder(), "not/there/yet");
    expect((await open(directory)).folder).toBe(directory);
    await expect(open(directory)).rejects.toThrow(`The transcript can't go to ${directory}: it is not empty.`);
    const empty = temporaryFolder();
    const both = await Promise.allSettled([open(empty), open(empty)]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    const file = join(temporaryFolder(), "file");
    writeFileSync(file, "");
    await expect(open(file)).rejects.toThrow(file);
  });

  it("has on the disk what durable was asked for, with one sync for all that wait", async () => {
    const writer = await openSample();
    const numbering = new Numbering();
    writer.write(numbering.next(started(writer)));
    const waits: Promise<void>[] = [];
    for (const event of middle(numbering)) {
      writer.write(event);
      waits.push(writer.durable(event.n));
    }
    await Promise.all(waits);
    expect(readFileSync(join(writer.folder, "transcript.jsonl"), "utf8").split("\n")).toHaveLength(19);
    await writer.durable(1);
    await writer.written(18);
    expect(writer.waitingBytes).toBe(0);
  });

  it("refuses an event out of turn, one that does not fit the table, and one longer than a line", async () => {
    const writer = await openSample();
    const numbering = new Numbering();
    const first = numbering.next(started(writer));
    const second = numbering.next({ type: "note", words: "x" });
    expect(() => writer.write(second)).toThrow("after record 0");
    writer.write(first);
    // Wrong on purpose, as only a bug of ours could be.
    expect(() => writer.write(Object.assign({ ...second }, { more: 1 }))).toThrow('no field "more"');
    expect(() => writer.write({ ...second, ms: 1.5 })).toThrow('"ms" is no whole number');
    expect(() => writer.write(Object.assign({ ...second }, { words: "x".repeat(1024 * 1024) }))).toThrow(
      "longer than 1 MiB",
    );
    writer.write(second);
    await writer.durable(2);
  });

  it("gives back every record as it was written, ill-formed text as base64 or with U+FFFD", async () => {
    const writer = await openSample();
    const numbering = new Numbering();
    const events = [
      numbering.next(started(writer)),
      numbering.next({
        type: "output",
        command: 1,
        stream: "out",
        text: "a\u0000\u007f\u2028\u202e\u200b\ufeff\u{e0041}\\ud800 ü😀",
      }),
      numbering.next({ type: "output", command: 1, stream: "out", text: "a\ud800b" }),
      numbering.next({ type: "note", words: "a\udfffb" }),
    ];
    for (const event of events) writer.write(event);
    await writer.durable(4);
    const bytes = readFileSync(join(writer.folder, "transcript.jsonl"));
    expect(bytes.toString()).not.toMatch(/[\u007f\u2028\u202e\u200b\ufeff]|\u{e0041}/u);
    const read = [];
    for await (const record of readRecords(writer.folder)) read.push(record);
    expect(read[1]).toMatchObject(events[1] ?? {});
    expect(read[2]).toMatchObject({ base64: Buffer.from([0x61, 0xed, 0xa0, 0x80, 0x62]).toString("base64") });
    expect(read[2]).not.toHaveProperty("text");
    expect(read[3]).toMatchObject({ words: "a\ufffdb" });
    expect(await verifyTranscript(writer.folder)).toMatchObject({ exit: 3 });
  });

  it("says after a failed write which record was the last safe one, and nothing is taken any more", async () => {
    const parent = temporaryFolder();
    // 512-byte blocks: the sources and some twenty records fit.
    const ran = spawnSync("sh", ["-c", `ulimit -f 20; trap '' XFSZ; exec node "$0" "$1" fail`, program, parent], {
      encoding: "utf8",
      timeout: 60_000,
    });
    const [durable = "", later, end] = ran.stdout.split("\n");
    const [name] = readdirSync(parent);
    const folder = join(parent, name ?? "");
    const verification = await verifyTranscript(folder);
    expect(verification).toMatchObject({ exit: 3 });
    const safe = "records" in verification ? verification.records : 0;
    expect(safe).toBeGreaterThan(3);
    expect(durable).toContain(`The transcript in ${folder} can't be written: `);
    expect(durable).toMatch(/file too large|no space/i);
    expect(durable).toMatch(
      /Record \d+ is the last one that is safe on the disk; nothing more may be sent to any host/,
    );
    // What was written beyond it is whole, though nobody waited for it.
    expect(Number(/Record (\d+)/.exec(durable)?.[1])).toBeLessThanOrEqual(safe);
    expect([later, end]).toEqual([durable, durable]);
    expect(existsSync(join(folder, "seal.json"))).toBe(false);
  });

  it("notices that the folder was removed", async () => {
    const writer = await openSample();
    const numbering = new Numbering();
    writer.write(numbering.next(started(writer)));
    await writer.durable(1);
    rmSync(writer.folder, { recursive: true });
    writer.write(numbering.next({ type: "note", words: "x" }));
    await expect(writer.durable(2)).rejects.toThrow("was removed");
    expect(writer.failure?.message).toContain(writer.folder);
  });

  it("leaves no half evidence when a file can't be kept", async () => {
    const writer = await openSample();
    await expect(writer.keep("luna", "x", "/nonexistent/file")).rejects.toThrow("ENOENT");
    await expect(writer.keep("luna", "x", "/")).rejects.toThrow("EISDIR");
    expect(readdirSync(join(writer.folder, "evidence/luna"))).toEqual([]);
    const numbering = new Numbering();
    writer.write(numbering.next(started(writer)));
    for (const event of lastTwo(numbering)) writer.write(event);
    await writer.end();
    expect(await verifyTranscript(writer.folder)).toMatchObject({ exit: 0 });
  });

  it("keeps evidence of hosts and files with names that lead elsewhere", async () => {
    const writer = await openSample();
    const file = join(temporaryFolder(), "x");
    writeFileSync(file, "x");
    for (const [host, name] of [
      ["..", "../../x"],
      ["", ""],
      ["a/b", ".hidden"],
      ["CON:", "ä".repeat(300)],
    ]) {
      const kept = await writer.keep(host ?? "", name ?? "", file);
      expect(kept.path).toMatch(/^evidence\/[A-Za-z0-9_-][A-Za-z0-9._-]*\/\d+-[A-Za-z0-9._-]{1,120}$/);
      expect(readFileSync(join(writer.folder, kept.path), "utf8")).toBe("x");
    }
  });

  it("refuses evidence in which a secret stands, and leaves nothing of it", async () => {
    const redactor = new Redactor([new Secret("password", "hunter22x")]);
    const writer = await openTranscript({
      place: { parent: temporaryFolder(), slug: "x" },
      sources: [],
      now,
      readable: transcriptText,
      redactor,
    });
    const file = join(temporaryFolder(), "config");
    writeFileSync(file, `${"x".repeat(100_000)} ${Buffer.from("user:hunter22x").toString("base64")}\n`);
    await expect(writer.keep("web1", "config", file)).rejects.toThrow(
      "config from web1 was not kept as evidence: the secret password stands in it (Base64, at byte 1000",
    );
    expect(readdirSync(join(writer.folder, "evidence/web1"))).toEqual([]);
  });

  it("withholds records in which a secret stands that was learnt later, before it is sealed", async () => {
    const redactor = new Redactor();
    const writer = await openTranscript({
      place: { parent: temporaryFolder(), slug: "x" },
      sources: [],
      now,
      readable: transcriptText,
      redactor,
    });
    const numbering = new Numbering();
    writer.write(numbering.next(started(writer, { title: "made-secret-1" })));
    writer.write(numbering.next({ type: "output", command: 1, stream: "out", text: "the token is made-secret-1\n" }));
    writer.write(numbering.next({ type: "captured", name: "facts", value: { list: ["made-secret-1"] } }));
    writer.write(numbering.next({ type: "note", words: "nothing here" }));
    expect(await writer.withholdSecrets()).toEqual([]);
    redactor.add(new Secret("token", "made-secret-1"));
    expect(await writer.withholdSecrets()).toEqual([
      { record: 1, secret: "token", form: "raw", withheld: false },
      { record: 2, secret: "token", form: "raw", withheld: true },
      { record: 3, secret: "token", form: "raw", withheld: true },
    ]);
    for (const event of lastTwo(numbering)) writer.write(event);
    await writer.durable(6);
    await writer.end();
    expect(readdirSync(writer.folder).toSorted()).toEqual([
      "seal.json",
      "sources",
      "transcript.jsonl",
      "transcript.txt",
    ]);
    const lines = readFileSync(join(writer.folder, "transcript.jsonl"), "utf8").split("\n");
    expect(lines[1]).toMatch(/^\{"n":2,"withheld":/);
    expect(
      lines.slice(1).join("") +
        readFileSync(join(writer.folder, "transcript.txt"), "utf8").split("\n").slice(1).join(""),
    ).not.toContain("made-secret-1");
    expect(await verifyTranscript(writer.folder)).toMatchObject({ exit: 0, records: 6 });
  });

  it("does not seal what has no end", async () => {
    const writer = await openSample();
    writer.write(new Numbering().next(started(writer)));
    await expect(writer.end()).rejects.toThrow("can be sealed");
    expect(await verifyTranscript(writer.folder)).toMatchObject({ exit: 3 });
  });

  it("killed in the middle, leaves a transcript that is whole up to the last record that was waited for", async () => {
    const parent = temporaryFolder();
    const child = spawn("node", [program, parent, "forever"], { stdio: ["ignore", "pipe", "inherit"] });
    let seen = "";
    for await (const chunk of child.stdout) {
      seen += String(chunk);
      if (seen.split("\n").length > 50) child.kill("SIGKILL");
    }
    const durable = Number(seen.trimEnd().split("\n").at(-1));
    const [name] = readdirSync(parent);
    const verification = await verifyTranscript(join(parent, name ?? ""));
    if (verification.exit === 2) throw new Error(verification.sentence);
    expect(verification).toMatchObject({ exit: 3, summary: `Whole up to record ${verification.records}, not sealed.` });
    expect(verification.records).toBeGreaterThanOrEqual(durable);
  });

  it("says what stands in the way of its folder", async () => {
    const parent = join(temporaryFolder(), "file");
    writeFileSync(parent, "");
    await expect(openSample(parent)).rejects.toThrow(
      `The transcript's folder ${parent}/2026-11-25T140322Z-exchange-certificates can't be made: ENOTDIR`,
    );
  });
});
