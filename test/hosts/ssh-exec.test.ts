import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect } from "../../src/hosts/connect.ts";
import type { Connection } from "../../src/hosts/connection.ts";
import { Secret } from "../../src/secrets/secret.ts";
import { sshdMissing, startSshd } from "../support/sshd.ts";
import type { Sshd } from "../support/sshd.ts";
import { noSignal, runToEnd, targetWith } from "./target.ts";

describe.skipIf(sshdMissing() !== undefined)("a command over ssh, on a real sshd", () => {
  let sshd: Sshd;
  let connection: Connection;
  beforeAll(async () => {
    sshd = await startSshd();
    connection = await connect(
      targetWith({ port: sshd.port, user: sshd.user, key: sshd.keyPath, hostKey: sshd.hostKey }),
      noSignal,
    );
  });
  afterAll(async () => {
    await connection.close();
    await sshd.stop();
  });

  it("says who it is and why it was trusted", () => {
    expect(connection.facts).toMatchObject({
      address: "127.0.0.1",
      port: sshd.port,
      account: sshd.user,
      authenticated: "key",
      hostKey: sshd.hostKey,
      trustedBecause: "pinned in the inventory",
      algorithms: { kex: "curve25519-sha256", hostKey: "ssh-ed25519", cipher: "aes128-gcm@openssh.com" },
    });
    expect(connection.facts.serverVersion).toContain("OpenSSH");
  });

  it("gives output, both streams and the status", async () => {
    const result = await runToEnd(connection, "echo out; echo err >&2; exit 7");
    expect(result.exit).toEqual({ type: "status", status: 7 });
    expect(result.text.split("\n").sort()).toEqual(["", "err", "out"]);
    expect(new Set(result.chunks.map((chunk) => chunk.stream))).toEqual(new Set(["out", "err"]));
  });

  it("names the signal that ended a command", async () => {
    expect((await runToEnd(connection, "kill -KILL $$")).exit).toEqual({ type: "signal", signal: "SIGKILL" });
  });

  it("has an empty input when none is given", async () => {
    expect((await runToEnd(connection, "wc -c")).text.trim()).toBe("0");
  });

  it("gives the preamble first, then the input, and closes it", async () => {
    const result = await runToEnd(connection, 'IFS= read -r first; echo "<$first>"; cat', {
      preamble: new Secret("token", "s3cret\n"),
      input: "a\nb",
    });
    expect(result.text).toBe("<s3cret>\na\nb");
  });

  it("takes more commands at once than a connection has channels, and answers each", async () => {
    const texts = await Promise.all(Array.from({ length: 30 }, (_, n) => runToEnd(connection, `echo ${n}`)));
    expect(texts.map((result) => result.text)).toEqual(Array.from({ length: 30 }, (_, n) => `${n}\n`));
  });

  it("gives a terminal where one is asked for, so wide that nothing wraps", async () => {
    const long = "x".repeat(300);
    const result = await runToEnd(connection, `test -t 0 && echo terminal; echo ${long}`, { terminal: true });
    expect(result.text).toBe(`terminal\n${long}\n`);
    expect(result.chunks.every((chunk) => chunk.stream === "screen")).toBe(true);
  });

  it("answers a question in a terminal, and leaves the echo out of what was seen", async () => {
    const session = await connection.run({
      line: `printf 'Name: '; read name; echo "hello $name"`,
      terminal: true,
      onChunk: () => undefined,
    });
    const asked = await session.next({
      questions: [(text) => text.endsWith("other: "), (text) => text.trimEnd().endsWith("Name:")],
      withinMs: 60_000,
    });
    expect(asked).toMatchObject({ type: "question", index: 1 });
    await session.send("Ada", { echo: false });
    const end = await session.next({ questions: [], withinMs: 60_000 });
    expect(end).toEqual({ type: "ended", text: "hello Ada\n", exit: { type: "status", status: 0 } });
  });

  it("gives silence with text on the cursor's line as an undeclared question, and awaits silence on an empty one", async () => {
    const session = await connection.run({
      line: "echo working; read go; printf 'Sure? '; read answer",
      terminal: true,
      onChunk: () => undefined,
    });
    const slow = await session.next({ questions: [], idleMs: 50, withinMs: 400 });
    expect(slow.type).toBe("timeout");
    await session.send("", { echo: false });
    const silent = await session.next({ questions: [], idleMs: 50, withinMs: 60_000 });
    expect(silent).toMatchObject({ type: "silence" });
    expect("screen" in silent ? silent.screen : "").toMatch(/working\n+Sure\?$/);
    await session.close();
  });

  it("stops waiting when it is told to, and sends nothing", async () => {
    const session = await connection.run({ line: "echo ready; cat", terminal: true, onChunk: () => session.stop() });
    const halt = await session.next({ questions: [], withinMs: Number.POSITIVE_INFINITY });
    expect(halt).toMatchObject({ type: "stopped" });
    await session.close();
  });

  it("cuts a running command off and keeps the connection", async () => {
    let started = (): void => undefined;
    const running = new Promise<void>((resolve) => (started = resolve));
    const session = await connection.run({
      line: "echo $$; exec sleep 1000",
      terminal: false,
      onChunk: () => started(),
    });
    await running;
    await session.close();
    const end = await session.next({ questions: [], withinMs: 60_000 });
    expect(end.type).toBe("ended");
    expect((await runToEnd(connection, "echo alive")).text).toBe("alive\n");
  });

  it("reads three million lines without growing slow", async () => {
    const result = await runToEnd(connection, "seq 1 3000000");
    expect(result.text.length).toBe(22_888_896);
    expect(result.text.endsWith("\n3000000\n")).toBe(true);
  });
});
