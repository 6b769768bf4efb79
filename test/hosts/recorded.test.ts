import { describe, expect, it } from "vitest";
import type { Chunk, ConnectionFacts, DialogueOptions } from "../../src/hosts/connection.ts";
import { connectRecorded } from "../../src/hosts/recorded.ts";
import type { Exchange } from "../../src/hosts/recorded.ts";
import { Secret } from "../../src/secrets/secret.ts";
import { runToEnd } from "./target.ts";

const facts: ConnectionFacts = { address: "10.0.0.1", port: 22, account: "admin", authenticated: "password" };
const screen = (text: string): Chunk[] => [{ stream: "screen", bytes: Buffer.from(text) }];
const recorded = (...exchanges: Exchange[]) => connectRecorded("hsm", { facts, exchanges });
const forever = { questions: [], withinMs: Number.POSITIVE_INFINITY };
const options: DialogueOptions = {
  isPrompt: (line) => line === "[hsm] lunash:>",
  pagers: [{ matches: (line) => line === "--More--", send: " " }],
  onChunk: () => undefined,
  idleMs: 60_000,
  withinMs: Number.POSITIVE_INFINITY,
};

describe("a recorded host", () => {
  it("gives the bytes and the end that were recorded", async () => {
    const chunks: Chunk[] = [
      { stream: "out", bytes: Buffer.from("one\n") },
      { stream: "err", bytes: Buffer.from("two\n") },
    ];
    const connection = recorded({
      type: "run",
      line: "work",
      answers: [{ chunks }],
      exit: { type: "status", status: 3 },
    });
    expect(await runToEnd(connection, "work")).toEqual({
      text: "one\ntwo\n",
      exit: { type: "status", status: 3 },
      chunks,
    });
  });

  it("answers a dialogue line by line, with its questions, secrets and pages", async () => {
    const connection = recorded({
      type: "dialogue",
      answers: [
        { chunks: screen("Welcome\r\n[hsm] lunash:>") },
        { after: "hsm login", chunks: screen("hsm login\r\nPassword:\r\n> ") },
        { after: "[secret so]", chunks: screen("****\r\nCommand Result : 0 (Success)\r\n[hsm] lunash:>") },
        { after: "show", chunks: screen("show\r\na\r\n--More--") },
        { after: " ", chunks: screen("\r        \rb\r\n[hsm] lunash:>") },
        { after: "", chunks: screen("\r\n[hsm] lunash:>") },
      ],
    });
    const { session, greeting } = await connection.dialogue(options);
    expect(greeting).toBe("Welcome\n");
    await session.send("hsm login", { echo: true });
    expect(await session.next({ ...forever, questions: [(text) => text.trimEnd().endsWith(">")] })).toMatchObject({
      type: "question",
      text: "Password:\n> ",
    });
    await session.send(new Secret("so", "not the recorded one"), { echo: false });
    expect(await session.next(forever)).toMatchObject({ type: "prompt", text: "Command Result : 0 (Success)\n" });
    await session.send("show", { echo: true });
    expect(await session.next(forever)).toMatchObject({ type: "prompt", text: "a\nb\n" });
    await session.send("", { echo: false });
    expect(await session.next(forever)).toMatchObject({ type: "prompt", text: "" });
  });

  it("says what is asked otherwise than it was recorded", async () => {
    const connection = recorded(
      { type: "run", line: "first", answers: [], exit: { type: "status", status: 0 } },
      {
        type: "dialogue",
        answers: [{ chunks: screen("[hsm] lunash:>") }, { after: "client list", chunks: screen("client list\r\n") }],
      },
      { type: "file", act: "stat", path: "/x", facts: undefined },
    );
    const said = (asked: string, then: string): object => ({
      reason: "unsupported",
      message: `hsm is a recording, and was asked otherwise than when it was made: now ${asked}, then ${then}.`,
    });
    await expect(runToEnd(connection, "second")).rejects.toMatchObject(said('"second"', '"first"'));
    await expect(connection.stat("/x")).rejects.toMatchObject(said('stat "/x"', '"first"'));
    await runToEnd(connection, "first");
    const { session } = await connection.dialogue(options);
    await expect(session.send("client show", { echo: true })).rejects.toMatchObject(
      said('"client show"', '"client list"'),
    );
    expect(await connection.stat("/x")).toBeUndefined();
    await expect(runToEnd(connection, "more")).rejects.toMatchObject(said('"more"', "nothing more"));
  });
});
