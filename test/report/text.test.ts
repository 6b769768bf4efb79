import { readFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, describe, expect, it } from "vitest";

import { transcriptText, type ReadableRecord } from "../../src/report/text.ts";
import { Numbering, sealedSample, removeTemporaryFolders } from "../transcript/made.ts";

async function textOf(records: Iterable<ReadableRecord>): Promise<string> {
  async function* each(): AsyncGenerator<ReadableRecord> {
    yield* records;
  }
  let text = "";
  for await (const piece of transcriptText(each())) text += piece;
  return text;
}

const command = { step: 1, sentence: "run x", text: "x", shell: "sh", changes: false, attempt: 1 } as const;

afterAll(removeTemporaryFolders);

describe("transcript.txt", () => {
  it("tells the run step by step: who, what was asked and sent, what came back, what was checked, how it ended", async () => {
    const text = readFileSync(join(await sealedSample(), "transcript.txt"), "utf8");
    for (const part of [
      "Exchange certificates\n====",
      "operator      anna, identified by the account\n",
      "source        sources/1-exchange.runbook, read from /home/anna/exchange.runbook\n",
      "\n[5] 0.035 s on luna\n    run hostname   (exchange.runbook:2)\n      > hostname\n      to lunash; changes nothing\n",
      "      reaches the host as:\n        > exec hostname\n      to sh; changes the host, attempt 2\n      DESTROYS nothing\n",
      "      answered with [secret password], from the runbook\n",
      "      held: exit status: expected 0; seen 0\n",
      "      OUTCOME UNKNOWN, the connection was lost: unknown (reset), 0.012 s, 4 bytes\n",
      "    berta (witness) confirmed: It looks right\n",
      "    kept evidence/luna/1-ser_ver.pem (28 bytes) from luna:server.pem\n",
      "outcome       done\ncounts        1 done\n",
    ]) {
      expect(text).toContain(part);
    }
  });

  it("is at most 110 columns wide where it speaks itself, and holds no control character of a host", async () => {
    const numbering = new Numbering();
    const text = await textOf([
      numbering.next({ type: "note", words: `word ${"another ".repeat(60)}\u001b[31mred\u0007\u202e` }),
      numbering.next({ type: "deviation", what: "--yes", who: "anna", reason: "because ".repeat(40) }),
    ]);
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(110);
    expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\u202e]/u);
  });

  it("shortens an encoded line that nobody can read, and says where it stands whole", async () => {
    const numbering = new Numbering();
    const wire = `powershell.exe -EncodedCommand ${"QQBB".repeat(500)}`;
    const text = await textOf([numbering.next({ type: "command", host: "client", ...command, wire })]);
    expect(text).toContain(`… (${wire.length} characters, whole in record 1 of transcript.jsonl)`);
    expect(text).not.toContain(wire);
  });

  it("sets apart what a host says outside any command, and finishes its last line", async () => {
    const numbering = new Numbering();
    const text = await textOf([
      numbering.next({ type: "command", host: "hsm", ...command, shell: "phrase" }),
      numbering.next({ type: "output", host: "hsm", stream: "screen", text: "Luna SA 5.4.7-1\r\n[hsm] lunash:>" }),
      numbering.next({ type: "command", host: "hsm", ...command }),
    ]);
    expect(text).toContain("      > x\n      a phrase; changes nothing\n");
    expect(text).toContain(
      "\n    said on hsm, outside any command:\n      | Luna SA 5.4.7-1\n      | [hsm] lunash:>\n\n[3]",
    );
  });

  it("joins pieces of output to lines and says when another command speaks in between", async () => {
    const numbering = new Numbering();
    const a = numbering.next({ type: "command", host: "a", ...command });
    const b = numbering.next({ type: "command", host: "b", ...command });
    const out = (n: number, host: string, text: string) =>
      numbering.next({ type: "output", host, command: n, stream: "out", text });
    const text = await textOf([
      a,
      b,
      out(a.n, "a", "one, "),
      out(b.n, "b", "two\n"),
      out(a.n, "a", "three\nfour"),
      numbering.next({
        type: "result",
        host: "a",
        command: a.n,
        exit: 0,
        outcome: "done",
        durationMs: 61_500,
        bytes: 9,
      }),
    ]);
    expect(text.slice(text.indexOf("to sh", text.indexOf("[2]")))).toBe(
      "to sh; changes nothing\n      | two\n    ... [1] on a\n      | one, three\n      | four\n      exit status 0: done, 1 min 01.500 s, 9 bytes\n",
    );
  });

  it("shows a terminal's output without its colours and cursor moves, and marks the error stream", async () => {
    const numbering = new Numbering();
    const a = numbering.next({ type: "command", host: "a", ...command });
    const text = await textOf([
      a,
      numbering.next({
        type: "output",
        host: "a",
        command: a.n,
        stream: "screen",
        text: "\u001b[1;31mred\u001b[0m\r\n\u001b]0;title\u0007next\r",
      }),
      numbering.next({ type: "output", host: "a", command: a.n, stream: "err", text: "warning\n" }),
      numbering.next({ type: "output", host: "a", command: a.n, stream: "out", hidden: 12 }),
    ]);
    expect(text).toContain("      | red\n      | next\n      ! warning\n      | (12 bytes, hidden)\n");
  });

  it("says that a record is withheld", async () => {
    expect(await textOf([{ n: 4, withheld: "00" }])).toBe("\n[4] withheld\n");
  });

  it("finishes a line that a cut-off run left open", async () => {
    const numbering = new Numbering();
    expect(
      await textOf([numbering.next({ type: "output", host: "a", command: 1, stream: "out", text: "half" })]),
    ).toContain("| half\n");
  });
});
