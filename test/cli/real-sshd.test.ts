// Runbooks against a real OpenSSH server on loopback, and against what only looks like one.
import { spawnSync } from "node:child_process";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { makeWorkspace, onlyTranscript, ordo, recordsOf, transcriptsIn } from "../support/program.ts";
import { hostileText } from "../support/hostile-values.ts";
import { startRawServer } from "../support/raw-server.ts";
import { freePort, sshdMissing, startSshd, type Sshd } from "../support/sshd.ts";

const missing = sshdMissing();
let server: Sshd;

beforeAll(async () => {
  if (missing === undefined) server = await startSshd();
});
afterAll(() => server?.stop());

interface Told {
  readonly port?: number;
  readonly address?: string;
  readonly login?: readonly string[];
  /** The pinned key; `none`: known_hosts decides. */
  readonly hostKey?: string;
}

function inventory({ port = server.port, address = "127.0.0.1", login, hostKey = server.hostKey }: Told = {}): string {
  return [
    "use linux",
    `host web1: linux at ${address}`,
    `  port ${port}`,
    `  user ${server.user}`,
    ...(login ?? [`key ${server.keyPath}`]).map((line) => `  ${line}`),
    ...(hostKey === "none" ? [] : [`  host key "${hostKey}"`]),
    "",
  ].join("\n");
}

const uptime = 'on web1\n  run echo hello\n    expect line "hello"\n';

async function run(text: string, hosts: string, more: { env?: Record<string, string>; words?: string[] } = {}) {
  const cwd = makeWorkspace({ "a.runbook": text, "hosts.runbook": hosts });
  const ran = await ordo(["run", "a.runbook", ...(more.words ?? [])], { cwd, ...(more.env ? { env: more.env } : {}) });
  return { ...ran, cwd };
}

/** The run ended with status 1, said these words, and left a sealed transcript that verifies. */
async function expectRefused(
  ran: Awaited<ReturnType<typeof run>>,
  ...words: readonly (string | RegExp)[]
): Promise<void> {
  for (const word of words) expect(ran.err).toMatch(word);
  expect(ran.status).toBe(1);
  const transcript = onlyTranscript(ran.cwd);
  expect(recordsOf(transcript).at(-1)).toMatchObject({ type: "run-ended", outcome: "failed" });
  expect((await ordo(["verify", transcript], { cwd: ran.cwd })).status).toBe(0);
}

describe.skipIf(missing !== undefined)("a real sshd", () => {
  it("runs phrases of linux and commands, by key", async () => {
    const ran = await run(
      [
        "use linux",
        'step "Look" on web1',
        "  run uname -s",
        "    capture output as system",
        '    expect {system} is "Linux"',
        "  run false | true",
        "  run exit 3",
        "    expect exit 3",
        "",
      ].join("\n"),
      inventory(),
    );
    expect(ran.err).not.toContain("failed");
    expect(ran.status).toBe(0);
    expect(recordsOf(onlyTranscript(ran.cwd)).find(({ type }) => type === "connected")).toMatchObject({
      hostKey: server.hostKey,
    });
  });

  it("never takes web1 for web10", async () => {
    const ran = await run(
      [
        "let wanted = web1",
        "on web1",
        "  run printf 'web10, web2\\nxweb1\\n'",
        '    expect no line "{wanted}"',
        '    expect no text "{wanted}"',
        '    expect no line "web1"',
        '    expect no line "web10"',
        "  run echo web10, web2",
        '    capture line "<all: list of word>"',
        "    expect not {all} has {wanted}",
        "    expect {all} has web10",
        "",
      ].join("\n"),
      inventory(),
    );
    expect(ran.err).not.toContain("failed");
    expect(ran.status).toBe(0);
    const wrong = await run('let wanted = web1\non web1\n  run echo web10\n    expect text "{wanted}"\n', inventory());
    await expectRefused(wrong, /expected {2}text "web1"\n {2}seen {6}nothing like it|nearest {3}web10/);
  });

  it("gets values as they are, whatever a shell would read in them", async () => {
    const values = [
      `it's "quoted"`,
      "a  b ",
      "100%d",
      "$HOME `id` $(id)",
      "; exit 7",
      "two\nlines\n",
      "-n",
      "",
      "*",
      "~",
      "\\",
      ...fc.sample(hostileText, 12),
    ];
    const names = values.map((_, at) => `v${at}`);
    const ran = await run(
      [
        ...names.map((name) => `needs ${name}: text`),
        "on web1",
        ...names.map((name) => `  run printf '%s|' {${name}} a{${name}}z | od -An -tx1 -v | tr -d ' \\n'`),
        "",
      ].join("\n"),
      inventory(),
      { words: values.flatMap((value, at) => ["--set", `v${at}=${value}`]) },
    );
    expect(ran.err).not.toContain("failed");
    expect(ran.status).toBe(0);
    const arrived = recordsOf(onlyTranscript(ran.cwd)).flatMap(({ type, text }) =>
      type === "output" ? [Buffer.from(String(text), "hex").toString()] : [],
    );
    expect(arrived).toEqual(values.map((value) => `${value}|a${value}z|`));
  });

  it("is not even connected to for a value that would be an option, or that its kind can't carry", async () => {
    const before = server.log();
    const option = await run("needs what: word\non web1\n  run ls {what}\n", inventory(), {
      words: ["--set", "what=-rf"],
    });
    expect(option.status).toBe(1);
    expect(option.err).toMatch(/"-rf"|-rf/);
    expect(transcriptsIn(option.cwd)).toEqual([]);
    expect(server.log()).toBe(before);

    const raw = await startRawServer(() => undefined);
    onTestFinished(() => raw.stop());
    const hosts = `use luna\nhost hsm: luna at 127.0.0.1\n  port ${raw.port}\n  user admin\n  password from env PASSWORD\n  host key "${server.hostKey}"\n`;
    for (const value of ["a\nhsm factoryReset", 'a" -force "'])
      await (async () => {
        const ran = await run("needs what: text\non hsm\n  run client show -client {what}\n", hosts, {
          env: { PASSWORD: "lab-Admin-1" },
          words: ["--set", `what=${value}`],
        });
        expect(ran.status).toBe(1);
        expect(ran.err).toMatch(/a\.runbook:3:/);
        expect(transcriptsIn(ran.cwd)).toEqual([]);
      })();
    expect(raw.received()).toEqual([]);
  });

  it("is told apart from one with another key: not a byte of a login", async () => {
    const before = server.log();
    const other = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    await expectRefused(await run(uptime, inventory({ hostKey: other })), server.hostKey.slice(7), other);
    expect(server.log().slice(before.length)).not.toContain("Accepted");
  });

  it("is not trusted when nobody knows its key", async () => {
    await expectRefused(await run(uptime, inventory({ hostKey: "none" })), /known_hosts|host key/i);
  });

  it("is trusted by the known_hosts of the account", async () => {
    const cwd = makeWorkspace({
      "a.runbook": uptime,
      "hosts.runbook": inventory({ hostKey: "none" }),
      ".ssh/known_hosts": server.knownHosts,
    });
    const ran = await ordo(["run", "a.runbook"], { cwd });
    expect(ran.err).not.toContain("failed");
    expect(ran.status).toBe(0);
  });

  it("refuses a wrong password, once", async () => {
    const withPasswords = await startSshd({ config: ["PasswordAuthentication yes"] });
    onTestFinished(() => withPasswords.stop());
    const ran = await run(
      `${uptime}    retry 3 times every 1s\n  run echo again\n`,
      inventory({
        port: withPasswords.port,
        hostKey: withPasswords.hostKey,
        login: ["password from env WRONG"],
      }),
      { env: { WRONG: "certainly-wrong" } },
    );
    await expectRefused(ran, /password/);
    await withPasswords.logged("Failed password");
    expect(withPasswords.log().match(/Failed password/g)).toHaveLength(1);
  });

  it.skipIf(process.getuid?.() !== 0)("lets in by password, which is then nowhere", async () => {
    const user = `ordocli${process.pid}`;
    const password = `pass word-${process.pid}'"$`;
    expect(spawnSync("useradd", ["-M", "-d", "/", "-s", "/bin/sh", user]).status).toBe(0);
    onTestFinished(() => void spawnSync("userdel", [user]));
    expect(spawnSync("chpasswd", { input: `${user}:${password}\n` }).status).toBe(0);
    const withPasswords = await startSshd({ config: ["PasswordAuthentication yes"] });
    onTestFinished(() => withPasswords.stop());
    const hosts = inventory({
      port: withPasswords.port,
      hostKey: withPasswords.hostKey,
      login: ["password from env RIGHT"],
    }).replace(`user ${server.user}`, `user ${user}`);
    const ran = await run(`on web1\n  run id -un\n    expect line "${user}"\n`, hosts, { env: { RIGHT: password } });
    expect(ran.err).not.toContain("failed");
    expect(ran.status).toBe(0);
    expect(withPasswords.log()).toContain(`Accepted password for ${user}`);
    expect(withPasswords.log()).not.toContain("Failed password");
    const kept = recordsOf(onlyTranscript(ran.cwd));
    expect(kept.find(({ type }) => type === "connected")).toMatchObject({ account: user });
    expect(JSON.stringify(kept)).not.toContain(`pass word-${process.pid}`);
  });

  it("is said when nothing listens there for a copy of files either", async () => {
    const hosts = inventory({ port: await freePort() });
    const ran = await run("fetch a.txt from web1\n", hosts);
    await expectRefused(ran, /refused the\s+connection/);
    expect(ran.err).not.toContain("mistake of its own");
  });

  it("is said when nothing listens there", async () => {
    await expectRefused(await run(uptime, inventory({ port: await freePort() })), /refuse/i);
  });

  it("is said when the name leads nowhere", async () => {
    await expectRefused(await run(uptime, inventory({ address: "no-such-host.invalid" })), /no-such-host\.invalid/);
  });

  it("is said when the other side resets", async () => {
    const raw = await startRawServer((socket) => socket.resetAndDestroy());
    onTestFinished(() => raw.stop());
    await expectRefused(await run(uptime, inventory({ port: raw.port })), /reset|closed/i);
  });

  it("is said when the other side never answers", async () => {
    const raw = await startRawServer(() => undefined);
    onTestFinished(() => raw.stop());
    await expectRefused(await run(uptime, inventory({ port: raw.port })), /15 ?s/);
  }, 40_000);
});
