// Runs that are cut off, and runs that are asked to end.
import { once } from "node:events";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, watch, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { startLab } from "../../src/lab/lab.ts";
import { makeWorkspace, onlyTranscript, ordo, recordsOf, startOrdo, type Running } from "../support/program.ts";

// Waits for a file that the test makes: nothing here waits for time.
const waiting = `use linux
step "Before"
  run echo before
step "Long"
  run echo $$ > pid; echo begun; while [ -e pid ] && [ ! -e go ]; do sleep 0.02; done; echo finished
  run echo never
step "After"
  run echo never
finally
  run touch tidied
`;

interface Begun {
  readonly cwd: string;
  readonly running: Running;
  readonly go: () => void;
}

/** A run that is in the middle of its second step. */
async function begin(): Promise<Begun> {
  const cwd = makeWorkspace({ "a.runbook": waiting });
  const go = (): void => writeFileSync(join(cwd, "go"), "");
  onTestFinished(go);
  const running = startOrdo(["run", "a.runbook", "--json"], { cwd });
  await running.until('"text":"begun\\n"');
  return { cwd, running, go };
}

const sentences = (cwd: string): unknown[] =>
  recordsOf(onlyTranscript(cwd)).flatMap(({ type, text }) => (type === "command" ? [text] : []));

/** Whether a process is still there. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe("kill -9 in mid-run", () => {
  it("leaves a transcript that is whole up to a record, which verify names with status 3", async () => {
    const { cwd, running } = await begin();
    running.kill("SIGKILL");
    expect((await running.ended).signal).toBe("SIGKILL");
    const transcript = onlyTranscript(cwd);
    expect(existsSync(join(transcript, "seal.json"))).toBe(false);
    const last = recordsOf(transcript).at(-1);
    const verified = await ordo(["verify", transcript], { cwd });
    expect(verified.status).toBe(3);
    expect(verified.out.replaceAll(/\s+/g, " ")).toContain(`Whole up to record ${last?.n}, not sealed`);
    // The command that was running is named: nobody knows how it ended.
    expect(verified.out.replaceAll(/\s+/g, " ")).toMatch(
      /Outcome unknown: command \d+ on here has no result: run .*echo begun/,
    );

    appendFileSync(join(transcript, "transcript.jsonl"), '{"n":99,"at":"20');
    const torn = await ordo(["verify", transcript], { cwd });
    expect(torn.status).toBe(3);
    expect(torn.out.replaceAll(/\s+/g, " ")).toContain(`Whole up to record ${last?.n}, not sealed`);
    expect((await ordo(["replay", transcript], { cwd })).status).toBe(0);
  });

  it("is no cover for an alteration: status 1", async () => {
    const { cwd, running } = await begin();
    running.kill("SIGKILL");
    await running.ended;
    const path = join(onlyTranscript(cwd), "transcript.jsonl");
    writeFileSync(path, readFileSync(path, "utf8").replace("echo before", "echo behind"));
    expect((await ordo(["verify", onlyTranscript(cwd)], { cwd })).status).toBe(1);
  });
});

describe.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("%s", (signal) => {
  it("once lets what runs end, begins no new command, runs finally, and seals", async () => {
    const { cwd, running, go } = await begin();
    running.kill(signal);
    await running.until("no new command is begun");
    go();
    const ran = await running.ended;
    expect(ran.status).toBe(130);
    expect(ran.err).toContain(signal);
    const records = recordsOf(onlyTranscript(cwd));
    expect(records.filter(({ type }) => type === "interrupted")).toMatchObject([{ signal }]);
    expect(records.some(({ type, text }) => type === "output" && text === "finished\n")).toBe(true);
    expect(sentences(cwd).filter((text) => text === "echo never")).toEqual([]);
    expect(existsSync(join(cwd, "tidied"))).toBe(true);
    expect(records.at(-1)).toMatchObject({ type: "run-ended", outcome: "interrupted" });
    expect((await ordo(["verify", onlyTranscript(cwd)], { cwd })).status).toBe(0);
  });

  it("twice ends what runs now, and the transcript says so", async () => {
    const { cwd, running } = await begin();
    running.kill(signal);
    await running.until("no new command is begun");
    running.kill(signal);
    const ran = await running.ended;
    expect(ran.status).toBe(130);
    const records = recordsOf(onlyTranscript(cwd));
    expect(records.filter(({ type }) => type === "interrupted")).toHaveLength(2);
    expect(records.find(({ type, unknown }) => type === "result" && unknown === true)).toMatchObject({
      outcome: "unknown",
    });
    expect(records.at(-1)).toMatchObject({ type: "run-ended", outcome: "interrupted" });
    expect((await ordo(["verify", onlyTranscript(cwd)], { cwd })).status).toBe(0);
    expect(isAlive(Number(readFileSync(join(cwd, "pid"), "utf8")))).toBe(false);
  });
});

it("Ctrl-C twice closes a dialogue whose command never answers; the command was sent, its outcome is unknown", async () => {
  const folder = mkdtempSync(join(tmpdir(), "ordo-interrupts-"));
  const lab = await startLab({ folder, hosts: [{ name: "hsm", kind: "luna" }] });
  onTestFinished(async () => {
    await lab.close();
    rmSync(folder, { recursive: true, force: true });
  });
  lab.luna().faults.add({ type: "freeze", command: "hsm show" });
  const cwd = makeWorkspace({
    "a.runbook": "on hsm\n  run hsm show\n  run client list\n",
    "hosts.runbook": lab.inventory(),
  });
  const running = startOrdo(["run", "a.runbook", "--json"], { cwd, env: lab.environment });
  await running.until('"text":"hsm show"');
  running.kill("SIGINT");
  await running.until("no new command is begun");
  running.kill("SIGINT");
  expect((await running.ended).status).toBe(130);
  const lines = lab.luna().received.flatMap((one) => (one.type === "line" ? [one.text] : []));
  expect(lines.filter((line) => line !== "hsm show")).toEqual([]);
  expect((await ordo(["verify", onlyTranscript(cwd)], { cwd })).status).toBe(0);
});

it("SIGINT while a secret is fetched ends it before the first command", async () => {
  const cwd = makeWorkspace({
    "a.runbook": `use linux
secret token from command touch begun; while [ -e begun ] && [ ! -e go ]; do sleep 0.02; done; echo hunter2-hunter2
run touch ran; cat
  input {token}
`,
  });
  const running = startOrdo(["run", "a.runbook"], { cwd });
  const watcher = watch(cwd);
  onTestFinished(() => watcher.close());
  while (!existsSync(join(cwd, "begun"))) await once(watcher, "change");
  running.kill("SIGINT");
  await running.until("no new command is begun");
  writeFileSync(join(cwd, "go"), "");
  const ran = await running.ended;
  expect(ran.err).toContain("nothing was run");
  expect(ran.status).toBe(130);
  expect(existsSync(join(cwd, "ran"))).toBe(false);
  expect(existsSync(join(cwd, "transcripts"))).toBe(false);
});
