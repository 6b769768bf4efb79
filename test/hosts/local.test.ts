import { spawnSync } from "node:child_process";
import { userInfo } from "node:os";
import { afterEach, describe, expect, it } from "vitest";
import { connect } from "../../src/hosts/connect.ts";
import type { Connection } from "../../src/hosts/connection.ts";
import { Secret } from "../../src/secrets/secret.ts";
import { noSignal, runToEnd, targetWith } from "./target.ts";

let connection: Connection | undefined;
afterEach(() => connection?.close());
const here = async (): Promise<Connection> =>
  (connection = await connect(targetWith({ here: true, name: "here" }), noSignal));
const forever = { questions: [], withinMs: Number.POSITIVE_INFINITY };

describe.skipIf(process.platform === "win32")("this machine", () => {
  it("says who it is", async () => {
    expect((await here()).facts).toEqual({
      address: "here",
      port: 0,
      account: userInfo().username,
      authenticated: "none",
    });
  });

  it("gives output, both streams and the status", async () => {
    const result = await runToEnd(await here(), "echo out; echo err >&2; exit 7");
    expect(result.exit).toEqual({ type: "status", status: 7 });
    expect(result.text.split("\n").sort()).toEqual(["", "err", "out"]);
  });

  it("runs the line as it stands, in sh and with no option set", async () => {
    const result = await runToEnd(await here(), `false | echo "$0 $- '\${novar}'"; false; echo $'x' "{a,b}" \\\\`);
    expect(result.text).toMatch(/^\/bin\/sh \S* ''\n\$?x \{a,b\} \\\n$/);
    expect(result.exit).toEqual({ type: "status", status: 0 });
  });

  it("names the signal that ended a command", async () => {
    expect((await runToEnd(await here(), "kill -KILL $$")).exit).toEqual({ type: "signal", signal: "SIGKILL" });
  });

  it("has an empty input when none is given, and else the preamble, the input, and their end", async () => {
    const local = await here();
    expect((await runToEnd(local, "wc -c")).text.trim()).toBe("0");
    const result = await runToEnd(local, 'IFS= read -r first; echo "<$first>"; cat', {
      preamble: new Secret("token", "s3cret\n"),
      input: new Secret("body", "a\nb"),
    });
    expect(result.text).toBe("<s3cret>\na\nb");
  });

  it("does not mind a program that reads none of a large input", async () => {
    expect((await runToEnd(await here(), "exit 3", { input: "x".repeat(5_000_000) })).exit).toEqual({
      type: "status",
      status: 3,
    });
  });

  it("passes any byte, and much of them", async () => {
    const { chunks } = await runToEnd(await here(), "head -c 3000000 /dev/zero | tr '\\0' '\\377'; printf '\\0\\001'");
    const bytes = Buffer.concat(chunks.map((chunk) => chunk.bytes));
    expect(bytes.length).toBe(3_000_002);
    expect(bytes.subarray(0, 3_000_000).every((byte) => byte === 255)).toBe(true);
  });

  it("answers a question though there is no terminal, on the line or above it", async () => {
    const session = await (
      await here()
    ).run({
      line: `test -t 0 || printf 'Name: '; read name; echo 'Sure?'; read sure; echo "hello $name, $sure"`,
      terminal: true,
      onChunk: () => undefined,
    });
    expect(await session.next({ ...forever, questions: [(text) => text.endsWith("Name: ")] })).toMatchObject({
      type: "question",
      text: "Name: ",
    });
    await session.send("Ada", { echo: true });
    expect(await session.next({ ...forever, questions: [(text) => text.includes("Sure?")] })).toMatchObject({
      type: "question",
      text: "Sure?\n",
    });
    await session.send(new Secret("s", "yes"), { echo: false });
    expect(await session.next(forever)).toEqual({
      type: "ended",
      text: "hello Ada, yes\n",
      exit: { type: "status", status: 0 },
    });
  });

  it("gives silence as a question only where text stands on the line", async () => {
    const session = await (
      await here()
    ).run({ line: "echo working; read a; printf 'Sure? '; read b", terminal: true, onChunk: () => undefined });
    expect(await session.next({ questions: [], idleMs: 10, withinMs: 100 })).toMatchObject({
      type: "timeout",
      text: "working\n",
    });
    await session.send("", { echo: false });
    expect(await session.next({ questions: [], idleMs: 10, withinMs: Number.POSITIVE_INFINITY })).toMatchObject({
      type: "silence",
      text: "Sure? ",
    });
  });

  it("ends a whole group of processes when it is closed", async () => {
    const local = await here();
    const pids: number[] = [];
    let heard = (): void => undefined;
    const started = new Promise<void>((resolve) => (heard = resolve));
    const session = await local.run({
      line: "sleep 1000 & echo $!; echo $$; wait",
      terminal: false,
      onChunk: ({ bytes }) => {
        pids.push(...Buffer.from(bytes).toString().trim().split("\n").map(Number));
        if (pids.length === 2) heard();
      },
    });
    await started;
    await local.close();
    expect(await session.next(forever)).toMatchObject({ type: "ended", exit: { type: "signal", signal: "SIGTERM" } });
    for (const pid of pids) expect(isAlive(pid)).toBe(false);
    expect(local.alive).toBe(false);
  });

  it("holds the reading while who keeps the bytes is behind", async () => {
    let most = 0;
    let waiting = 0;
    const { chunks } = await (async () => {
      const kept: number[] = [];
      const session = await (
        await here()
      ).run({
        line: "head -c 20000000 /dev/zero",
        terminal: false,
        onChunk: async ({ bytes }) => {
          kept.push(bytes.length);
          most = Math.max(most, ++waiting);
          await new Promise((resolve) => setImmediate(resolve));
          waiting--;
        },
      });
      await session.next(forever);
      return { chunks: kept };
    })();
    expect(chunks.reduce((sum, length) => sum + length, 0)).toBe(20_000_000);
    expect(most).toBeLessThan(10);
  });

  it("has no dialogue, and says so", async () => {
    await expect(
      (await here()).dialogue({ isPrompt: () => true, pagers: [], onChunk: () => undefined, idleMs: 1, withinMs: 1 }),
    ).rejects.toMatchObject({ reason: "unsupported" });
  });
});

/** A process that has ended and that nobody has waited for yet counts as gone. */
function isAlive(pid: number): boolean {
  const state = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" }).stdout.trim();
  return state !== "" && !state.startsWith("Z");
}
