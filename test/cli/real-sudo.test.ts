// Elevation by the real sudo, over the real sshd: an account whose sudo wants a password, and one whose sudo wants none.
import { spawnSync } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeWorkspace, onlyTranscript, ordo, recordsOf } from "../support/program.ts";
import { sshdMissing, startSshd, type Sshd } from "../support/sshd.ts";

const missing =
  sshdMissing() ??
  (process.getuid?.() === 0 ? undefined : "accounts can only be made by root") ??
  (existsSync("/usr/bin/sudo") ? undefined : "sudo is not installed");

const password = "hunter2 '%$ hunter2";

describe.skipIf(missing !== undefined)("as USER, by the real sudo", () => {
  const asks = `ordoa${process.pid}`;
  const never = `ordon${process.pid}`;
  const sudoers = `/etc/sudoers.d/ordo-test-${process.pid}`;
  let server: Sshd;

  beforeAll(async () => {
    for (const user of [asks, never]) {
      expect(spawnSync("useradd", ["-M", "-d", "/", "-s", "/bin/sh", user]).status).toBe(0);
      expect(spawnSync("chpasswd", { input: `${user}:${password}\n` }).status).toBe(0);
    }
    writeFileSync(sudoers, `${asks} ALL=(ALL) ALL\n${never} ALL=(ALL) NOPASSWD: ALL\n`, { mode: 0o440 });
    server = await startSshd({ config: ["PasswordAuthentication yes"] });
  });
  afterAll(async () => {
    await server?.stop();
    rmSync(sudoers, { force: true });
    for (const user of [asks, never]) spawnSync("userdel", [user]);
  });

  const run = async (user: string, secret: string, text: string) => {
    const cwd = makeWorkspace({
      "a.runbook": text,
      "hosts.runbook": [
        "host web1: linux at 127.0.0.1",
        `  port ${server.port}`,
        `  user ${user}`,
        "  password from env LOGIN_PASSWORD",
        `  host key "${server.hostKey}"`,
        "  sudo password from env SUDO_PASSWORD",
        "",
      ].join("\n"),
    });
    const ran = await ordo(["run", "a.runbook"], { cwd, env: { LOGIN_PASSWORD: password, SUDO_PASSWORD: secret } });
    return { ...ran, records: recordsOf(onlyTranscript(cwd)) };
  };

  const whoAmI = ["on web1 as root", "  run id -un", '    expect line "root"', ""].join("\n");

  it("gives the password to sudo alone, once, and not to a transcript", async () => {
    const { status, err, records } = await run(asks, password, whoAmI);
    expect(err).not.toContain("failed");
    expect(status).toBe(0);
    expect(records.filter(({ type }) => type === "answer")).toMatchObject([{ secret: "sudo password of web1" }]);
    expect(JSON.stringify(records)).not.toContain("hunter2");
  });

  it("leaves the command's own input whole, whether sudo asks or not", async () => {
    const text = [
      "on web1 as root",
      "  run cat",
      '    input "the first line"',
      '    expect line "the first line"',
      "",
    ].join("\n");
    for (const user of [asks, never]) {
      const { status, err, records } = await run(user, password, text);
      expect(err).not.toContain("failed");
      expect(status).toBe(0);
      expect(records.filter(({ type }) => type === "answer")).toHaveLength(user === asks ? 1 : 0);
    }
  });

  it("stops at a wrong password, which is given once", async () => {
    const { status, err, records } = await run(asks, "wrong-password", whoAmI);
    expect(status).toBe(1);
    expect(err.replaceAll(/\s+/g, " ")).toContain(
      "sudo on web1 did not take the password. It was given once and is not given again.",
    );
    expect(records.filter(({ type }) => type === "answer")).toHaveLength(1);
  });
});
