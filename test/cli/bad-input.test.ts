// What goes wrong before and around a run: files that are none, mistakes, command lines, disks, streams, terminals.
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmdirSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  makeWorkspace,
  onlyTranscript,
  ordo,
  ordoPath,
  recordsOf,
  startOrdo,
  startProgram,
  transcriptsIn,
} from "../support/program.ts";

const isRoot = process.getuid?.() === 0;
const hello = "use linux\nrun echo hello\n";

describe("a file that is no runbook", () => {
  const cwd = (): string => {
    const folder = makeWorkspace({
      "empty.runbook": "",
      "binary.runbook": Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 3]),
      "latin.runbook": Buffer.from("on web\n  run echo \xfc\n", "latin1"),
      "utf16.runbook": Buffer.from("\ufeffrun echo\n", "utf16le"),
      "large.runbook": "",
    });
    mkdirSync(join(folder, "folder.runbook"));
    truncateSync(join(folder, "large.runbook"), 100 * 1024 * 1024);
    spawnSync("mkfifo", [join(folder, "pipe.runbook")]);
    symlinkSync("/dev/zero", join(folder, "zero.runbook"));
    return folder;
  };

  it.each([
    ["missing.runbook", 2, "There is no file missing.runbook."],
    ["folder.runbook", 2, "folder.runbook is a folder"],
    ["binary.runbook", 2, "binary.runbook is no text: its byte 5 is NUL"],
    ["latin.runbook", 2, "latin.runbook is not UTF-8: byte 19 (0xFC, on line 2)"],
    ["utf16.runbook", 2, "utf16.runbook is written in UTF-16"],
    ["large.runbook", 2, "large.runbook has 104857600 bytes"],
    ["pipe.runbook", 2, "pipe.runbook is a pipe"],
    ["zero.runbook", 2, "zero.runbook is a device"],
    ["empty.runbook", 0, "empty.runbook has nothing to run"],
  ])("%s: status %i, said in one sentence", async (file, status, sentence) => {
    const folder = cwd();
    const ran = await Promise.all(
      [["check"], ["run"], ["check", "--json"]].map((words) => ordo([...words, file], { cwd: folder })),
    );
    for (const { err, out } of ran) expect(`${err}${out}`).toContain(sentence);
    expect(ran.map((one) => one.status)).toEqual([status, status, status]);
    expect(
      ran[2]?.out
        .split("\n")
        .slice(0, -1)
        .map((line) => typeof JSON.parse(line)),
    ).toEqual(status === 0 ? ["object"] : []);
  });
});

describe("a command line that is wrong", () => {
  it.each([
    [["check"], "missing required argument 'FILE'"],
    [["run", "a.runbook", "--fast"], "unknown option '--fast'"],
    [
      ["run", "a.runbook", "--only", "1", "--from", "2"],
      "option '--only <STEP>' cannot be used with option '--from <STEP>'",
    ],
    [["runn", "a.runbook"], "unknown command 'runn'"],
    [["run", "a.runbook", "b.runbook"], "too many arguments"],
    [["run", "a.runbook", "--set", "x"], "It is NAME=VALUE."],
    [["run", "a.runbook", "--at-most", "0"], "It is a number from 1."],
    [["run", "a.runbook", "--sign", "nowhere"], "The key nowhere is not there"],
    [["run", "a.runbook", "--hosts", "nowhere"], "There is no file nowhere."],
    [["verify", "nowhere"], "nowhere is no transcript"],
    [["replay", "nowhere"], "nowhere is no transcript"],
    [["replay", "a.runbook"], "a.runbook is no transcript"],
    [["replay", "piped"], "piped is no transcript"],
    [["verify", ".", "--require", "all"], "--require knows signed, trusted"],
    [["run", "a.runbook", "--from", "Hallo"], 'There is no step "Hallo"; the nearest is "Hello".'],
    [["run", "a.runbook", "--only", "3"], "  1  Hello"],
  ])("%j: status 2, and nothing is run", async (words, sentence) => {
    const cwd = makeWorkspace({
      "a.runbook": 'use linux\nstep "Hello"\n  run echo hello\nfinally\n  run touch finally\n',
    });
    mkdirSync(join(cwd, "piped"));
    spawnSync("mkfifo", [join(cwd, "piped", "transcript.jsonl")]);
    const ran = await ordo(words, { cwd });
    expect(ran.err).toContain(sentence);
    expect(ran.out).toBe("");
    expect(ran.status).toBe(2);
    expect(transcriptsIn(cwd)).toEqual([]);
    expect(existsSync(join(cwd, "finally"))).toBe(false);
  });
});

const six = `runbook "Six mistakes"

use luna

host hsm: luna at 10.0.3.1
  user admin

step "One" on hsm
  registre client supreme ip 192.168.5.174
  register client supreme ip 192.168.5.999
  show client {nobody}

step "Two" on hms
  list clients
    expects line "x"

step "Three" on hsm
  run client list –verbose
`;

describe("six mistakes in one file", () => {
  it("are six findings, each with its place, its reason and a way on", async () => {
    const cwd = makeWorkspace({ "six.runbook": six });
    const ran = await ordo(["check", "six.runbook"], { cwd });
    expect(ran.status).toBe(1);
    expect(ran.out).toBe("");
    expect(ran.err).toMatchInlineSnapshot(`
      "error unknown-phrase  six.runbook:9:3
        9 |   registre client supreme ip 192.168.5.174
          |   ^^^^^^^^
        No phrase begins with "registre". The nearest is: register client <name> ip <address>  (luna)
        fix: register

      error wrong-type  six.runbook:10:30
        10 |   register client supreme ip 192.168.5.999
           |                              ^^^^^^^^^^^^^
        "192.168.5.999" is no IP address: its last part is 999, and 255 is the highest.

      error unknown-name  six.runbook:11:15
        11 |   show client {nobody}
           |               ^^^^^^^^
        No earlier line binds the name "nobody". Bind it before: needs nobody: word, or let nobody = …
        If the braces are meant as text, write: {\\nobody}
        fix: {\\nobody}

      error unknown-host  six.runbook:13:15
        13 | step "Two" on hms
           |               ^^^
        No host is named "hms". The nearest is: hsm
        fix: hsm

      error unknown-clause  six.runbook:15:5
        15 |     expects line "x"
           |     ^^^^^^^
        No clause begins with "expects". The nearest is: expect
        fix: expect

      error typography  six.runbook:18:19
        18 |   run client list –verbose
           |                   ^
        This is a dash, as documents set it, where a program wants a hyphen.
        Write -verbose
        fix: -

      6 errors
      "
    `);
    expect(transcriptsIn(cwd)).toEqual([]);
    expect((await ordo(["run", "six.runbook"], { cwd })).err).toBe(ran.err);
  });

  it("are six lines of JSON, and nothing else", async () => {
    const cwd = makeWorkspace({ "six.runbook": six });
    const ran = await ordo(["check", "six.runbook", "--json"], { cwd });
    expect(ran.status).toBe(1);
    expect(ran.err).toBe("");
    const findings = ran.out
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(
      findings.map(({ code, span }) => `${String(code)} ${JSON.stringify((span as { start: unknown }).start)}`),
    ).toEqual([
      'unknown-phrase {"line":9,"column":3}',
      'wrong-type {"line":10,"column":30}',
      'unknown-name {"line":11,"column":15}',
      'unknown-host {"line":13,"column":15}',
      'unknown-clause {"line":15,"column":5}',
      'typography {"line":18,"column":19}',
    ]);
    for (const finding of findings)
      expect(Object.keys(finding)).toEqual(["code", "severity", "message", "file", "span", "notes", "fixes"]);
  });
});

describe("a place for the transcript", () => {
  it("that holds something is refused, and nothing is run", async () => {
    const cwd = makeWorkspace({ "a.runbook": "use linux\nrun touch ran\n", "taken/x": "" });
    for (const place of ["taken", "a.runbook", "a.runbook/x"]) {
      const ran = await ordo(["run", "a.runbook", "--transcript", place], { cwd });
      expect(ran.err).toContain(place);
      expect(ran.err).toContain("Nothing was run. Name another place with --transcript DIRECTORY.");
      expect(ran.status).toBe(1);
    }
    expect(existsSync(join(cwd, "ran"))).toBe(false);
  });

  it.skipIf(!existsSync("/proc/self"))("in which no folder can be made is refused, by everybody", async () => {
    const cwd = makeWorkspace({ "a.runbook": hello });
    const ran = await ordo(["run", "a.runbook", "--transcript", "/proc/nowhere/t"], { cwd });
    expect(ran.err).toContain("Nothing was run.");
    expect(ran.status).toBe(1);
  });

  it.skipIf(isRoot)("that may not be written is refused", async () => {
    const cwd = makeWorkspace({ "a.runbook": hello });
    chmodSync(cwd, 0o500);
    onTestFinished(() => chmodSync(cwd, 0o700));
    const ran = await ordo(["run", "a.runbook"], { cwd });
    expect(ran.err).toContain("Nothing was run. Name another place with --transcript DIRECTORY.");
    expect(ran.status).toBe(1);
  });

  it.skipIf(smallDiskMissing() !== undefined)(
    "that is full in mid-run ends the run: nothing more is sent, and the last safe record is named",
    async () => {
      const cwd = makeWorkspace({
        "a.runbook": [
          "use linux",
          'step "One"',
          "  run echo one",
          'step "Two"',
          "  run head -c 200000 /dev/urandom | base64",
          'step "Three"',
          "  run touch three",
          "finally",
          "  run touch finally",
          "",
        ].join("\n"),
      });
      mkdirSync(join(cwd, "disk"));
      expect(spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", join(cwd, "disk")]).status).toBe(0);
      onTestFinished(() => void spawnSync("umount", [join(cwd, "disk")]));
      const ran = await ordo(["run", "a.runbook", "--transcript", "disk/t"], { cwd });
      expect(ran.status).toBe(1);
      expect(ran.err).toMatch(/ENOSPC.* Record \d+ is the last one that is safe on the disk/);
      expect(existsSync(join(cwd, "three"))).toBe(false);
      expect(existsSync(join(cwd, "finally"))).toBe(false);
      const last = /Record (\d+) is the last one/.exec(ran.err)?.[1];
      const verified = await ordo(["verify", "disk/t"], { cwd });
      expect(verified.status).toBe(3);
      expect(verified.out).toContain(`up to record ${last}, not sealed`);

      spawnSync("mount", ["-o", "remount,ro", join(cwd, "disk")]);
      const readOnly = await ordo(["run", "a.runbook", "--transcript", "disk/u"], { cwd });
      expect(readOnly.err).toContain("EROFS");
      expect(readOnly.err).toContain("Nothing was run.");
      expect(readOnly.status).toBe(1);
    },
  );
});

/** Why no small disk can be mounted here; undefined: it can. */
function smallDiskMissing(): string | undefined {
  if (process.getuid?.() !== 0) return "only root mounts disks";
  const folder = mkdtempSync(join(tmpdir(), "ordo-disk-"));
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", folder]).status === 0;
  if (mounted) spawnSync("umount", [folder]);
  rmdirSync(folder);
  return mounted ? undefined : "no disk can be mounted here";
}

it("a current folder that is gone is said", async () => {
  const cwd = makeWorkspace({ "gone/x": "", "a.runbook": hello });
  // The program is started in a folder that its starter removes: only a shell does so in between.
  const script = 'rm -r ../gone && exec "$@"';
  const ran = await startProgram(["sh", "-c", script, "sh", process.execPath, ordoPath, "run", "../a.runbook"], {
    cwd: join(cwd, "gone"),
  }).ended;
  expect(ran.err).toContain("the folder in which it was started is gone");
  expect(ran.status).toBe(1);
});

describe("streams", () => {
  const long = `use linux\n${Array.from({ length: 400 }, (_, at) => `step "Step ${at}"\n  run echo ${at}\n`).join("")}`;

  it("a reader that goes away ends the printing, not the run", async () => {
    const cwd = makeWorkspace({
      "a.runbook": "use linux\nrun echo one\nrun while [ ! -e go ]; do sleep 0.02; done\nrun touch ran\n",
    });
    const running = startOrdo(["run", "a.runbook"], { cwd });
    await running.until("run echo one");
    running.leaveStdout();
    writeFileSync(join(cwd, "go"), "");
    const ran = await running.ended;
    expect(ran.err).not.toContain("failed");
    expect(ran.status).toBe(0);
    expect(existsSync(join(cwd, "ran"))).toBe(true);
    expect(recordsOf(onlyTranscript(cwd)).at(-1)).toMatchObject({ type: "run-ended", outcome: "done" });
  });

  it("a plan into head -1 says nothing about a broken pipe", async () => {
    const cwd = makeWorkspace({ "a.runbook": long });
    const running = startOrdo(["plan", "a.runbook"], { cwd });
    running.leaveStdout();
    const ran = await running.ended;
    expect(ran.err).toBe("");
    expect(ran.status).toBe(0);
  });

  it.skipIf(!existsSync("/dev/full"))(
    "a full disk behind a redirection is said; the run goes on, and its transcript has it all",
    async () => {
      const cwd = makeWorkspace({ "a.runbook": "use linux\nrun echo one\nrun touch ran\n" });
      const full = openSync("/dev/full", "w");
      onTestFinished(() => closeSync(full));
      const ran = await ordo(["run", "a.runbook"], { cwd, stdout: full });
      expect(ran.err).toContain("Standard output can't be written (ENOSPC");
      expect(ran.status).toBe(0);
      expect(existsSync(join(cwd, "ran"))).toBe(true);
      const plan = await ordo(["plan", "a.runbook"], { cwd, stdout: full });
      expect(plan.err).toContain("Standard output can't be written (ENOSPC");
      expect(plan.status).toBe(1);
    },
  );

  it("closed ones, all three, are no reason to fail", async () => {
    const cwd = makeWorkspace({ "a.runbook": "use linux\nrun cat\nrun touch ran\n" });
    // Only a shell can close what a child would inherit.
    const ran = await startProgram(
      ["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", process.execPath, ordoPath, "run", "a.runbook"],
      { cwd },
    ).ended;
    expect(ran.status).toBe(0);
    expect(existsSync(join(cwd, "ran"))).toBe(true);
    expect((await ordo(["verify", onlyTranscript(cwd)], { cwd })).status).toBe(0);
  });

  it("what stands on the program's own standard input is not the host's", async () => {
    const cwd = makeWorkspace({ "a.runbook": "use linux\nrun cat\n  expect nothing\n" });
    const ran = await ordo(["run", "a.runbook"], { cwd, input: "typed by somebody\n" });
    expect(ran.err).not.toContain("failed");
    expect(ran.status).toBe(0);
  });
});

describe("colour", () => {
  // oxlint-disable-next-line no-control-regex -- what colour is made of
  const escape = /\u001b\[/;
  it.each([
    ["none in a pipe", [], {}, false],
    ["FORCE_COLOR", [], { FORCE_COLOR: "1" }, true],
    ["FORCE_COLOR=0", [], { FORCE_COLOR: "0" }, false],
    ["NO_COLOR before FORCE_COLOR", [], { FORCE_COLOR: "1", NO_COLOR: "1" }, false],
    ["--color before NO_COLOR", ["--color"], { NO_COLOR: "1" }, true],
    ["--no-color before FORCE_COLOR", ["--no-color"], { FORCE_COLOR: "1" }, false],
  ] as const)("%s", async (_, words, env, coloured) => {
    const cwd = makeWorkspace({ "six.runbook": six });
    const ran = await ordo([...words, "check", "six.runbook"], { cwd, env });
    expect(escape.test(ran.err)).toBe(coloured);
  });

  it("never in --json", async () => {
    const cwd = makeWorkspace({ "six.runbook": six });
    const ran = await ordo(["--color", "check", "six.runbook", "--json"], { cwd });
    expect(ran.out).not.toMatch(escape);
  });
});
