// Questions: those that nobody foresaw, those of the runbook, and who is there to answer them.
import { rmSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { IPty } from "@lydell/node-pty";
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { Received } from "../../src/lab/host.ts";
import { startLab, type Lab } from "../../src/lab/lab.ts";
import {
  environment,
  makeWorkspace,
  onlyTranscript,
  ordo,
  ordoPath,
  recordsOf,
  transcriptsIn,
} from "../support/program.ts";

const folder = mkdtempSync(join(tmpdir(), "ordo-questions-"));
let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ folder, hosts: [{ name: "hsm", kind: "luna" }] });
});
afterEach(() => lab.luna().faults.clear());
afterAll(async () => {
  await lab.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What the appliance received while the work ran. */
async function receivedDuring(work: () => Promise<void>): Promise<readonly Received[]> {
  const before = lab.luna().received.length;
  await work();
  return lab.luna().received.slice(before);
}

const linesOf = (received: readonly Received[]): string[] =>
  received.flatMap((one) => (one.type === "line" ? [one.text] : []));

const surprise = {
  type: "surprise",
  command: "client list",
  text: "A firmware update is waiting. Install it now? (yes/no): ",
} as const;

const asking = "on hsm\n  run client list\n    idle 1s\n  run status date\n";

describe("without a terminal", () => {
  it("a question that nobody foresaw ends the run with status 4: nothing is sent, and the screen is shown", async () => {
    lab.luna().faults.add(surprise);
    const cwd = makeWorkspace({ "a.runbook": asking, "hosts.runbook": lab.inventory() });
    const received = await receivedDuring(async () => {
      const ran = await ordo(["run", "a.runbook"], { cwd, env: lab.environment });
      expect(ran.err).toMatch(/stopped for a person {2}a\.runbook:2:3/);
      expect(ran.err).toContain("Install it now? (yes/no):");
      expect(ran.status).toBe(4);
    });
    expect(linesOf(received)).toEqual(["client list"]);
    expect(lab.luna().appliance.clients).toEqual([]);
    const transcript = onlyTranscript(cwd);
    const records = recordsOf(transcript);
    expect(records.find(({ type }) => type === "question")).toMatchObject({ declared: false });
    expect(records.filter(({ type }) => type === "answer")).toEqual([]);
    expect(records.at(-1)).toMatchObject({ type: "run-ended", outcome: "stopped for a person" });
    expect((await ordo(["verify", transcript], { cwd })).status).toBe(0);
  });

  it.each([
    ["confirm", 'confirm "The console shows it"', [], "--yes"],
    ["by hand", 'by hand "Insert the key"', [], "terminal"],
    ["ask", 'ask serial: word "Which serial?"\non hsm\n  run hsm show {serial}', [], "--set"],
    ["destroys", "on hsm\n  delete client supreme", ["--yes"], "--allow-destroy"],
    [
      "destroys, with other words",
      "on hsm\n  delete client supreme",
      ["--allow-destroy", "the registration"],
      "--allow-destroy",
    ],
  ])(
    "%s is refused before anything is connected, and what would answer it is named",
    async (_, text, words, option) => {
      const cwd = makeWorkspace({
        "a.runbook": `on hsm\n  run client list\n${text}\n`,
        "hosts.runbook": lab.inventory(),
      });
      const received = await receivedDuring(async () => {
        const ran = await ordo(["run", "a.runbook", ...words], { cwd, env: lab.environment });
        expect(ran.err).toContain(option);
        expect(ran.status).toBe(4);
      });
      expect(received).toEqual([]);
      expect(transcriptsIn(cwd)).toEqual([]);
    },
  );

  it("--yes and --set answer, and the transcript says that nobody looked", async () => {
    const cwd = makeWorkspace({
      "a.runbook": 'use linux\nconfirm "It is so"\nask n: number "How many?"\nrun echo {n}\n  expect line "3"\n',
    });
    expect((await ordo(["run", "a.runbook", "--yes", "--set", "n=3"], { cwd })).status).toBe(0);
    const records = recordsOf(onlyTranscript(cwd));
    expect(records.filter(({ type }) => type === "deviation")).toMatchObject([{ reason: "nobody looked" }]);
    expect(records.find(({ type }) => type === "confirmed")).toMatchObject({ who: "nobody" });
    expect(records.find(({ type }) => type === "asked")).toMatchObject({ value: "3" });
    const wrong = await ordo(["run", "a.runbook", "--yes", "--set", "n=many"], { cwd });
    expect(wrong.err).toContain('"many" is no number');
    expect(wrong.status).toBe(1);
    expect(transcriptsIn(cwd)).toHaveLength(1);
  });

  it("what destroys is allowed by exactly its words", async () => {
    const words = "the registration of nobody and its partition assignments";
    const cwd = makeWorkspace({
      "a.runbook": 'on hsm\n  delete client nobody\n    may fail because "there is none"\n',
      "hosts.runbook": lab.inventory(),
    });
    const received = await receivedDuring(async () => {
      const ran = await ordo(["run", "a.runbook", "--allow-destroy", words], { cwd, env: lab.environment });
      expect(ran.status).toBe(0);
    });
    expect(linesOf(received)).toContain("client delete -client nobody");
    expect(recordsOf(onlyTranscript(cwd)).filter(({ type }) => type === "deviation")).toMatchObject([
      { what: expect.stringContaining(words) as string },
    ]);
  });
});

interface Terminal {
  readonly pty: IPty;
  /** Resolves when the screen has shown the text since the last call. */
  until(text: string): Promise<void>;
  readonly ended: Promise<number>;
  all(): string;
}

/** The program on a terminal of its own. */
async function onTerminal(words: readonly string[], cwd: string, columns = 100): Promise<Terminal> {
  const { spawn } = (await import("@lydell/node-pty")).default;
  const pty = spawn(process.execPath, [ordoPath, ...words], {
    cwd,
    cols: columns,
    rows: 40,
    env: environment({ cwd, env: { ...lab.environment, TERM: "xterm-256color", NO_COLOR: "1" } }),
  });
  let shown = "";
  let seen = 0;
  let wake = (): void => undefined;
  let over = false;
  pty.onData((text) => {
    shown += text;
    wake();
  });
  const ended = new Promise<number>((resolve) =>
    pty.onExit(({ exitCode }) => {
      over = true;
      wake();
      resolve(exitCode);
    }),
  );
  onTestFinished(() => {
    if (!over) pty.kill("SIGKILL");
  });
  return {
    pty,
    ended,
    all: () => shown,
    async until(text) {
      for (;;) {
        const at = shown.indexOf(text, seen);
        if (at !== -1) {
          seen = at + text.length;
          return;
        }
        if (over) throw new Error(`it ended without "${text}":\n${shown}`);
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
}

describe("on a terminal", () => {
  const confirming = 'confirm "The console shows it" by officer\non hsm\n  run client list\n';
  const files = (text: string): Record<string, string> => ({
    "a.runbook": `role officer "HSM officer"\n${text}`,
    "hosts.runbook": lab.inventory(),
  });

  it("a confirmation is asked, and yes goes on", async () => {
    const cwd = makeWorkspace(files(confirming));
    const terminal = await onTerminal(["run", "a.runbook"], cwd);
    await terminal.until("The console shows it");
    terminal.pty.write("y");
    expect(await terminal.ended).toBe(0);
    expect(recordsOf(onlyTranscript(cwd)).find(({ type }) => type === "confirmed")).toMatchObject({
      words: "The console shows it",
      role: "officer",
    });
  });

  it("no stops for a person, before the next command", async () => {
    const cwd = makeWorkspace(files(confirming));
    const received = await receivedDuring(async () => {
      const terminal = await onTerminal(["run", "a.runbook"], cwd);
      await terminal.until("The console shows it");
      terminal.pty.write("n");
      expect(await terminal.ended).toBe(4);
    });
    expect(linesOf(received)).toEqual([]);
    expect(recordsOf(onlyTranscript(cwd)).map(({ type }) => type)).toContain("refused");
  });

  it("a question that nobody foresaw is answered by hand, and recorded as a deviation", async () => {
    lab.luna().faults.add(surprise);
    const cwd = makeWorkspace(files(asking));
    const received = await receivedDuring(async () => {
      const terminal = await onTerminal(["run", "a.runbook"], cwd);
      await terminal.until("Install it now?");
      await terminal.until("Type an answer");
      terminal.pty.write("\u001b[B");
      terminal.pty.write("\r");
      await terminal.until("The answer");
      terminal.pty.write("yes\r");
      expect(await terminal.ended).toBe(0);
    });
    expect(linesOf(received)).toEqual(["client list", "yes", "status date"]);
    const records = recordsOf(onlyTranscript(cwd));
    expect(records.find(({ type }) => type === "answer")).toMatchObject({ text: "yes" });
    expect(records.filter(({ type }) => type === "deviation")).toHaveLength(1);
  });

  it("the same question is stopped at by Enter: nothing is sent", async () => {
    lab.luna().faults.add(surprise);
    const cwd = makeWorkspace(files(asking));
    const received = await receivedDuring(async () => {
      const terminal = await onTerminal(["run", "a.runbook"], cwd);
      await terminal.until("Type an answer");
      terminal.pty.write("\r");
      expect(await terminal.ended).toBe(4);
    });
    expect(linesOf(received)).toEqual(["client list"]);
  });

  it("Ctrl-C at a confirmation interrupts the run, which is sealed", async () => {
    const cwd = makeWorkspace(files(confirming));
    const received = await receivedDuring(async () => {
      const terminal = await onTerminal(["run", "a.runbook"], cwd);
      await terminal.until("The console shows it");
      terminal.pty.write("\u0003");
      expect(await terminal.ended).toBe(130);
    });
    expect(linesOf(received)).toEqual([]);
    const transcript = onlyTranscript(cwd);
    expect(recordsOf(transcript).at(-1)).toMatchObject({ type: "run-ended", outcome: "interrupted" });
    expect((await ordo(["verify", transcript], { cwd })).status).toBe(0);
  });

  it("a secret is asked for and not shown", async () => {
    const cwd = makeWorkspace({
      "a.runbook":
        'use linux\nsecret token from prompt\nrun cat | grep -c hunter2\n  input {token}\n  expect line "1"\n',
    });
    const terminal = await onTerminal(["run", "a.runbook"], cwd);
    await terminal.until("token (not shown)");
    terminal.pty.write("hunter2-hunter2\r");
    expect(await terminal.ended).toBe(0);
    expect(terminal.all()).not.toContain("hunter2-");
    expect(JSON.stringify(recordsOf(onlyTranscript(cwd)))).not.toContain("hunter2-");
  });

  it("Ctrl-C at a missing input ends it before anything runs", async () => {
    const cwd = makeWorkspace({ "a.runbook": "needs what: word\nrun echo {what}\n" });
    const terminal = await onTerminal(["run", "a.runbook"], cwd);
    await terminal.until("what (word)");
    terminal.pty.write("\u0003");
    expect(await terminal.ended).toBe(130);
    expect(transcriptsIn(cwd)).toEqual([]);
  });

  it("of 40 columns, no line is wider", async () => {
    const cwd = makeWorkspace({
      "a.runbook": `step "A title that is much longer than the forty columns of this terminal"\n  run echo ${"word ".repeat(30)}\n`,
    });
    const terminal = await onTerminal(["run", "a.runbook"], cwd, 40);
    expect(await terminal.ended).toBe(0);
    const shown = terminal
      .all()
      // oxlint-disable-next-line no-control-regex -- escape sequences have no width
      .replaceAll(/\u001b\[[0-9;?]*[A-Za-z]/g, "")
      .split(/\r?\n|\r/);
    const wide = shown.filter((line) => [...line].length > 40);
    expect(wide.filter((line) => !line.startsWith("transcript ") && !line.startsWith("ordo verify "))).toEqual([]);
    expect(shown.join("\n")).toContain("…");
  });
});
