// Secrets of every shape, on a host that says them back: they are nowhere but where they were sent.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, onTestFinished } from "vitest";
import { makeWorkspace, onlyTranscript, ordo, recordsOf, startOrdo, type Ran } from "../support/program.ts";
import { startScriptedSsh } from "../support/scripted-ssh.ts";

const nasty: readonly (readonly [string, string])[] = [
  ["plain", "hunter2-hunter2"],
  ["quotes and blanks", `it's a "quoted"  one`],
  ["what shells read", "100%d $HOME `id` $(id) ;|&<>*?~#!\\"],
  ["UTF-8", "pässwörd-日本語-😀"],
  [
    "long",
    Array.from({ length: 25 }, (_, at) => `part${at}-x`)
      .join("")
      .slice(0, 200),
  ],
  ["what regexes read", "(a+)+$[^b]{2}\\d|.*"],
  ["what JSON and HTML escape", '<a href="x">&amp;\\u0041</a>'],
];

/** The ways in which a secret must be found nowhere. */
function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  // At each of the three places in a group of four digits at which a secret can begin, without the digits that depend on its neighbours.
  const base64 = [0, 1, 2].map((before) => {
    const digits = Buffer.concat([Buffer.alloc(before, "x"), bytes])
      .toString("base64")
      .replaceAll("=", "");
    return digits.slice(before === 0 ? 0 : before + 1, (before + bytes.length) % 3 === 0 ? undefined : -1);
  });
  return [secret, JSON.stringify(secret).slice(1, -1), ...base64, bytes.toString("hex"), encodeURIComponent(secret)];
}

/** Every text that a run left or printed. */
function textsOf(cwd: string, ran: Ran): Record<string, string> {
  const transcript = onlyTranscript(cwd);
  const files = readdirSync(transcript, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return {
    stdout: ran.out,
    stderr: ran.err,
    ...Object.fromEntries(
      files.map((entry) => [entry.name, readFileSync(join(entry.parentPath, entry.name), "utf8")] as const),
    ),
  };
}

function expectNowhere(secret: string, texts: Readonly<Record<string, string>>): void {
  const found = Object.entries(texts).flatMap(([where, text]) =>
    formsOf(secret)
      .filter((form) => text.includes(form) || text.replaceAll(/\s+/g, "").includes(form.replaceAll(/\s+/g, "")))
      .map((form) => `${where}: ${form}`),
  );
  expect(found).toEqual([]);
}

describe.each(nasty)("a secret with %s", (_, secret) => {
  it.each([[[]], [["--json"]]])("goes into input, with and answer %j, and is said back in vain", async (words) => {
    const cwd = makeWorkspace({
      "a.runbook": [
        "use linux",
        "secret token from env TOKEN",
        "let copy = {token}",
        'step "Use it"',
        "  run cat",
        "    input {token}",
        "  run cat | base64",
        "    input {token}",
        "  run cat | base64 -w0 | sed 's/^/x/'",
        "    input {copy}",
        "  run printf '%s\\n' \"$TOKEN\"; printf %s \"$TOKEN\" | od -An -tx1 -v | tr -d ' \\n'",
        "    with TOKEN = {token}",
        '  run printf %s "$TOKEN" | fold -w 7 >&2',
        "    with TOKEN = {token}",
        "  run printf 'Password: '; read -r typed; echo \"you typed $typed\"",
        '    answer {token} to "Password:"',
        "  run cat; false",
        "    input {token}",
        '    may fail because "it does"',
        "",
      ].join("\n"),
    });
    const ran = await ordo(["run", "a.runbook", ...words], { cwd, env: { TOKEN: secret } });
    expect(ran.err).not.toContain("failed  ");
    expect(ran.status).toBe(0);
    expectNowhere(secret, textsOf(cwd, ran));
    const outputs = recordsOf(onlyTranscript(cwd)).flatMap(({ type, text }) =>
      type === "output" ? [String(text)] : [],
    );
    expect(outputs.filter((text) => text.includes("[secret token]")).length).toBeGreaterThan(4);
    expect((await ordo(["verify", onlyTranscript(cwd)], { cwd })).status).toBe(0);
  });

  it("is the password of a host that shows it at login and in its outputs", async () => {
    const server = await startScriptedSsh({
      exec: (_line, channel) => {
        channel.write(`Welcome, ${secret}\n`);
        for (const byte of Buffer.from(secret)) channel.write(Buffer.from([byte]));
        channel.stderr.write(`\n${Buffer.from(`ada:${secret}`).toString("base64")}\n`);
        channel.exit(1);
        channel.end();
      },
    });
    onTestFinished(() => server.stop());
    const cwd = makeWorkspace({
      "a.runbook": `host web: linux at 127.0.0.1\n  port ${server.port}\n  user ada\n  password from env PASSWORD\n  host key "${server.hostKey}"\non web\n  run hello\n`,
    });
    const ran = await ordo(["run", "a.runbook"], { cwd, env: { PASSWORD: secret } });
    // The failure's screen shows what came back.
    expect(ran.err).toContain("Welcome, [secret ");
    expect(ran.status).toBe(1);
    expect(server.attempts.filter((attempt) => attempt === `password ${secret}`)).toHaveLength(1);
    expectNowhere(secret, textsOf(cwd, ran));
  });
});

describe("while it runs", () => {
  const secret = "in-no-process-list-1";
  const open: (() => void)[] = [];
  afterEach(() => {
    for (const end of open.splice(0)) end();
  });

  it.skipIf(!readdirSync("/").includes("proc"))("a secret is in no process list", async () => {
    const cwd = makeWorkspace({
      "a.runbook": [
        "use linux",
        "secret token from env TOKEN",
        'step "Wait"',
        "  run cat > got; echo begun; while [ -e got ] && [ ! -e go ]; do sleep 0.02; done",
        "    input {token}",
        "    with OTHER = {token}",
        "",
      ].join("\n"),
    });
    const running = startOrdo(["run", "a.runbook", "--json"], { cwd, env: { TOKEN: secret } });
    open.push(() => running.kill("SIGKILL"));
    await running.until('"text":"begun\\n"');
    const lists = readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => {
        try {
          return readFileSync(`/proc/${pid}/cmdline`, "utf8");
        } catch {
          return ""; // it ended meanwhile
        }
      });
    expect(lists.some((line) => line.includes("while [ -e got ]"))).toBe(true);
    for (const form of formsOf(secret)) expect(lists.filter((line) => line.includes(form))).toEqual([]);
    expect(readFileSync(join(cwd, "got"), "utf8")).toContain(secret);
    running.kill("SIGKILL");
    await running.ended;
    // A run that was cut off has none in its files either.
    expectNowhere(secret, textsOf(cwd, await running.ended));
  });
});

describe("a secret that can't be read", () => {
  it("is named, with all others, before anything runs", async () => {
    const cwd = makeWorkspace({
      "a.runbook":
        'use linux\nsecret one from env NOT_SET\nsecret two from file "nowhere"\nsecret three from prompt\nrun touch ran; cat\n  input {one}\nrun cat\n  input {two}\nrun cat\n  input {three}\n',
    });
    const ran = await ordo(["run", "a.runbook"], { cwd });
    for (const name of ["NOT_SET", "nowhere", "three"]) expect(ran.err).toContain(name);
    expect(ran.status).toBe(1);
    expect(readdirSync(cwd)).toEqual(["a.runbook"]);
  });

  it("is no value for --set", async () => {
    const cwd = makeWorkspace({ "a.runbook": "use linux\nneeds token: secret\nrun cat\n  input {token}\n" });
    const ran = await ordo(["run", "a.runbook", "--set", "token=hunter2-hunter2"], { cwd });
    expect(ran.status).toBe(2);
    expect(ran.err + ran.out).not.toContain("hunter2");
  });
});
