// Every command once from its beginning to its end, and the options that choose what a run does.
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { startLab, type Lab } from "../../src/lab/lab.ts";
import {
  makeWorkspace,
  onlyTranscript,
  ordo,
  recordsOf,
  runbooksPath,
  startOrdo,
  transcriptsIn,
} from "../support/program.ts";

const exchange = join(runbooksPath, "exchange-certificates", "exchange-certificates.runbook");
const folder = mkdtempSync(join(tmpdir(), "ordo-commands-"));
let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ folder });
});
afterEach(() => {
  for (const host of lab.hosts.values()) host.faults.clear();
});
afterAll(async () => {
  await lab.close();
  rmSync(folder, { recursive: true, force: true });
});

const json = (text: string): Record<string, unknown>[] =>
  text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe("check, format and plan", () => {
  it("check says of each file what is wrong, and status 1 where one of them is", async () => {
    const cwd = makeWorkspace({
      "good.runbook": "use linux\nrun hostname\n",
      "bad.runbook": "use linux\nrum hostname\n",
    });
    expect(await ordo(["check", "good.runbook"], { cwd })).toMatchObject({ status: 0, err: "" });
    const both = await ordo(["check", "good.runbook", "bad.runbook"], { cwd });
    expect(both.status).toBe(1);
    expect(both.out).toBe("good.runbook: nothing is wrong.\n");
    expect(both.err).toContain("bad.runbook:2:1");
  });

  it("format writes the one layout, from standard input too; --check only names what differs", async () => {
    const cwd = makeWorkspace({ "a.runbook": "\n\nuse linux\r\non here  \n    run echo  x" });
    const checked = await ordo(["format", "--check", "a.runbook"], { cwd });
    expect(checked).toMatchObject({ status: 1, out: "a.runbook\n" });
    expect(readFileSync(join(cwd, "a.runbook"), "utf8")).toContain("on here  ");
    const wanted = "use linux\non here\n  run echo  x\n";
    const piped = await ordo(["format", "-"], { cwd, input: readFileSync(join(cwd, "a.runbook"), "utf8") });
    expect(piped).toMatchObject({ status: 0, out: wanted, err: "" });
    expect(await ordo(["format", "a.runbook"], { cwd })).toMatchObject({ status: 0, out: "" });
    expect(readFileSync(join(cwd, "a.runbook"), "utf8")).toBe(wanted);
    expect((await ordo(["format", "--check", "a.runbook"], { cwd })).status).toBe(0);
    writeFileSync(join(cwd, "a.runbook"), "on\n");
    expect((await ordo(["format", "a.runbook"], { cwd })).status).toBe(1);
    expect(readFileSync(join(cwd, "a.runbook"), "utf8")).toBe("on\n");
  });

  it("plan shows every command and asks no host; in JSON a step a line", async () => {
    const cwd = makeWorkspace({ "hosts.runbook": lab.inventory() });
    const before = lab.luna().received.length;
    const words = ["plan", exchange, "--hosts", "hosts.runbook", "--set", "client_address=192.168.5.174"];
    const shown = await ordo(words, { cwd });
    expect(shown.err).toBe("");
    expect(shown.status).toBe(0);
    expect(shown.out).toContain("client register -client supreme -ip 192.168.5.174");
    expect(shown.out).toMatch(/certain/);
    const steps = json((await ordo([...words, "--json"], { cwd })).out);
    expect(steps.map(({ type, number }) => `${String(type)} ${String(number)}`)).toEqual(
      [1, 2, 3, 4, 5, 6, 7].map((number) => `step ${number}`),
    );
    expect(lab.luna().received).toHaveLength(before);
    expect(transcriptsIn(cwd)).toEqual([]);
  });

  it("what check leaves open for the inputs, plan decides with them, and doesn't say twice", async () => {
    const cwd = makeWorkspace({
      "hosts.runbook": lab.inventory(),
      "a.runbook":
        'runbook "A"\n  assume "10.0.0.1.pem is on {hsm}"\nuse luna\nneeds address: ip\non hsm\n  register client one ip {address}\n',
    });
    expect((await ordo(["check", "a.runbook"], { cwd })).err).toContain("warning fact-left-open");
    expect(await ordo(["plan", "a.runbook", "--set", "address=10.0.0.1"], { cwd })).toMatchObject({
      status: 0,
      err: "",
    });
    const other = await ordo(["plan", "a.runbook", "--set", "address=10.0.0.2"], { cwd });
    expect(other.err).toMatch(/^error unmet-before[^]*\n1 error\n$/);
    expect(other.status).toBe(1);
  });

  it("plan and run say what is not bound, together, before anything runs", async () => {
    const cwd = makeWorkspace({ "a.runbook": "use linux\nneeds one: word\nneeds two: ip\nrun echo {one} {two}\n" });
    for (const command of ["plan", "run"]) {
      const ran = await ordo([command, "a.runbook"], { cwd });
      expect(ran.status).toBe(1);
      expect(ran.err).toContain("--set one=");
      expect(ran.err).toContain("--set two=");
    }
    const wrong = await ordo(["plan", "a.runbook", "--set", "one=x", "--set", "two=192.168.5.999"], { cwd });
    expect(wrong.err).toContain("192.168.5.999");
    expect(wrong.status).toBe(1);
    expect(transcriptsIn(cwd)).toEqual([]);
  });
});

describe("phrases and hosts", () => {
  it("phrases finds by words, and says when there is none", async () => {
    const cwd = makeWorkspace();
    const found = await ordo(["phrases", "register", "client"], { cwd });
    expect(found.status).toBe(0);
    expect(found.out).toContain("register client <name> ip <address>");
    expect(found.out).not.toContain("list partitions");
    expect(json((await ordo(["phrases", "--json"], { cwd })).out).length).toBeGreaterThan(60);
    expect((await ordo(["phrases", "frobnicate"], { cwd })).status).toBe(1);
  });

  it("hosts --probe reaches each, and says which can't be", async () => {
    const cwd = makeWorkspace({ "hosts.runbook": lab.inventory() });
    const all = await ordo(["hosts", "--probe"], { cwd, env: lab.environment });
    expect(all.err).toBe("");
    expect(all.status).toBe(0);
    expect(all.out).toContain(lab.luna().hostKey);
    lab.luna().faults.add({ type: "other-host-key" });
    const some = await ordo(["hosts", "--probe", "--json"], { cwd, env: lab.environment });
    expect(some.status).toBe(1);
    expect(json(some.out).map(({ name, reached }) => [name, reached])).toEqual([
      ["hsm", false],
      ["client", true],
      ["linux_client", true],
    ]);
  });
});

const threeSteps = `use luna
step "First" on hsm
  list clients
step "Second" on hsm
  run status date
step "Third" on hsm
  run hsm show
finally
  on hsm
    run partition list
`;

describe("what a run does", () => {
  async function lines(
    words: readonly string[],
    text = threeSteps,
  ): Promise<{ sent: string[]; status: number | null; cwd: string }> {
    const cwd = makeWorkspace({
      "a.runbook": text,
      "hosts.runbook": lab.inventory(),
    });
    const before = lab.luna().received.length;
    const { status } = await ordo(["run", "a.runbook", ...words], { cwd, env: lab.environment });
    const sent = lab
      .luna()
      .received.slice(before)
      .flatMap((one) => (one.type === "line" ? [one.text] : []));
    return { sent, status, cwd };
  }

  it.each([
    [[], ["client list", "status date", "hsm show", "partition list"]],
    [
      ["--from", "Second"],
      ["status date", "hsm show", "partition list"],
    ],
    [
      ["--from", "3"],
      ["hsm show", "partition list"],
    ],
    [
      ["--only", "2"],
      ["status date", "partition list"],
    ],
  ])("%j chooses its steps, and leaving some out is a deviation", async (words, wanted) => {
    const { sent, status, cwd } = await lines(words);
    expect(status).toBe(0);
    expect(sent).toEqual(wanted);
    const deviations = recordsOf(onlyTranscript(cwd)).filter(({ type }) => type === "deviation");
    expect(deviations).toHaveLength(words.length === 0 ? 0 : 1);
  });

  it.each([
    [["--only", "2"], 0],
    [["--from", "Second"], 0],
    [["--from", "1"], 4],
    [[], 4],
  ])("%j needs a person only for what its steps ask", async (words, wanted) => {
    const { status } = await lines(
      words,
      'runbook "R"\nuse luna\nstep "First" on hsm\n  confirm "Ready?"\nstep "Second" on hsm\n  list clients\n',
    );
    expect(status).toBe(wanted);
  });

  it("--rehearse sends only what changes nothing", async () => {
    const { sent, status, cwd } = await lines(
      ["--rehearse"],
      'runbook "R"\n  assume "supreme.pem is on {hsm}"\nuse luna\nstep "One" on hsm\n  list clients\n  register client supreme hostname supreme\n  run hsm show\n  run status date\n    changes nothing\n',
    );
    expect(status).toBe(0);
    expect(sent).toEqual(["client list", "status date"]);
    expect(lab.luna().appliance.clients).toEqual([]);
    expect(recordsOf(onlyTranscript(cwd))[0]).toMatchObject({ rehearsal: true });
  });

  it("--rehearse of the whole exchange changes nothing on either side", async () => {
    const cwd = makeWorkspace({ "hosts.runbook": lab.inventory() });
    const files = (): string[] => readdirSync(folder, { recursive: true, encoding: "utf8" }).toSorted();
    const before = files();
    const ran = await ordo(
      ["run", exchange, "--hosts", "hosts.runbook", "--set", "client_address=192.168.5.174", "--yes", "--rehearse"],
      { cwd, env: lab.environment },
    );
    expect([0, 1]).toContain(ran.status);
    expect(files()).toEqual(before);
    expect(lab.luna().appliance.clients).toEqual([]);
    expect((await ordo(["verify", onlyTranscript(cwd)], { cwd })).status).toBe(0);
  });

  it("--at-most 1 takes one host after the other", async () => {
    const hosts = ["a", "b", "c"].map((name) => `host ${name}: linux at here\n`).join("");
    const cwd = makeWorkspace({
      "a.runbook": `use linux\n${hosts}group all: a, b, c\nstep "Each"\n  on each one in all, 3 at a time\n    run mkdir busy && rmdir busy\n`,
    });
    const ran = await ordo(["run", "a.runbook", "--at-most", "1"], { cwd });
    expect(ran.status).toBe(0);
    // No command begins before the result of the one before.
    const order = recordsOf(onlyTranscript(cwd)).filter(({ type }) => type === "command" || type === "result");
    expect(order.map(({ type }) => type)).toEqual(["command", "result", "command", "result", "command", "result"]);
  });

  it("--json prints the records as they are kept, and nothing else", async () => {
    const cwd = makeWorkspace({ "a.runbook": "use linux\nrun echo hello\n" });
    const ran = await ordo(["run", "a.runbook", "--json"], { cwd });
    expect(ran.err).toBe("");
    const kept = recordsOf(onlyTranscript(cwd)).map(({ n, type }) => `${n} ${type}`);
    expect(json(ran.out).map(({ n, type }) => `${String(n)} ${String(type)}`)).toEqual(kept);
  });

  it("replay shows a run again, at once where no terminal is", async () => {
    const cwd = makeWorkspace({ "a.runbook": 'use linux\nstep "Greet"\n  run echo hello\n' });
    await ordo(["run", "a.runbook"], { cwd });
    const ran = await ordo(["replay", onlyTranscript(cwd)], { cwd });
    expect(ran).toMatchObject({ status: 0, err: "" });
    expect(ran.out).toMatch(/1 Greet[^]*> echo hello[^]*\| hello/);
  });
});

describe("the lab and the demo", () => {
  it.each(["SIGINT", "SIGTERM"] as const)(
    "lab prints an inventory that checks, and leaves nothing at %s",
    async (signal) => {
      const temporary = makeWorkspace();
      const cwd = makeWorkspace({ "a.runbook": "use luna\non hsm\n  list clients\n" });
      const running = startOrdo(["lab", "--port", "0", "--write", "hosts.runbook"], {
        cwd,
        env: { TMPDIR: temporary },
      });
      await running.until("ORDO_LAB_LINUX_CLIENT_PASSWORD='");
      const variables = [...running.printed().matchAll(/export (\w+)='(.*)'/g)].map(([, name = "", value = ""]) => [
        name,
        value,
      ]);
      const ran = await ordo(["run", "a.runbook"], {
        cwd,
        env: Object.fromEntries(variables) as Record<string, string>,
      });
      expect(ran.err).not.toContain("failed");
      expect(ran.status).toBe(0);
      running.kill(signal);
      const ended = await running.ended;
      expect(ended.status).toBe(0);
      expect(ended.out).toBe(readFileSync(join(cwd, "hosts.runbook"), "utf8"));
      expect(await ordo(["check", "hosts.runbook"], { cwd })).toMatchObject({ status: 0, err: "" });
      expect(readdirSync(temporary)).toEqual([]);
      expect(
        (await ordo(["run", "a.runbook"], { cwd, env: Object.fromEntries(variables) as Record<string, string> }))
          .status,
      ).toBe(1);
    },
  );

  it("demo goes from nothing to a verified transcript, shows it, and leaves only that", async () => {
    const temporary = makeWorkspace();
    const cwd = makeWorkspace();
    const ran = await ordo(["demo"], { cwd, env: { TMPDIR: temporary } });
    expect(ran.err).not.toContain("failed");
    expect(ran.status).toBe(0);
    expect(ran.out).toContain("7 done");
    expect(ran.out).toContain("client register -client supreme -ip 192.168.5.174");
    expect((await ordo(["verify", onlyTranscript(cwd)], { cwd })).status).toBe(0);
    expect(readdirSync(temporary)).toEqual([]);
    expect(readdirSync(cwd)).toEqual(["transcripts"]);
  });
});
