import { describe, expect, it } from "vitest";
import { runOf } from "../support/run-of.ts";
import { ScriptedHost, type Script } from "../support/scripted-host.ts";

const inventory = "host web1: linux at 192.0.2.1\n\n";

function says(text: string, status = 0): Script {
  return function* () {
    yield { say: text };
    return status;
  };
}

async function runOn(lines: string, script: Script | string, options: Partial<Parameters<typeof runOf>[0]> = {}) {
  const web1 = new ScriptedHost({ commands: [[/probe/, script]] });
  const ran = await runOf({ text: `${inventory}on web1\n${lines}`, hosts: { web1 }, ...options });
  return { ...ran, web1 };
}

describe("the verdict of a command on a shell", () => {
  it("is that it is done when it ends with 0", async () => {
    const { summary, of } = await runOn("  run probe\n", "fine\n");
    expect(summary.outcome).toBe("done");
    expect(of("result")[0]).toMatchObject({ exit: 0, outcome: "done", bytes: 5 });
    expect(of("check")).toMatchObject([{ what: "exit status", expected: "exit 0", seen: "exit 0", held: true }]);
  });

  it("is a failure when it ends with another status, and says so in words", async () => {
    const { summary, of } = await runOn("  run probe\n", says("no such unit\n", 5));
    expect(summary.outcome).toBe("failed");
    expect(summary.failures).toMatchObject([
      {
        host: "web1",
        sentence: "run probe",
        sent: "probe",
        lastLines: ["no such unit"],
        reason: "Expected exit 0, and saw exit 5.",
      },
    ]);
    expect(of("step-ended")).toMatchObject([{ outcome: "failed" }]);
    expect(of("run-ended")).toMatchObject([{ outcome: "failed", counts: { failed: 1 } }]);
  });

  it("takes the statuses that the runbook expects, and no others", async () => {
    expect((await runOn("  run probe\n    expect exit 1 or 3\n", says("", 3))).summary.outcome).toBe("done");
    expect((await runOn("  run probe\n    expect exit 1 or 3\n", says("", 0))).summary.outcome).toBe("failed");
  });

  it("names the line that comes nearest when an expected one is missing", async () => {
    const { summary, of } = await runOn(
      '  run probe\n    expect line "state: running now"\n',
      "uptime: 3 days\nstate: stopped now\n",
    );
    expect(summary.outcome).toBe("failed");
    expect(of("check")[0]).toMatchObject({
      held: false,
      expected: 'line "state: running now"',
      nearest: "state: stopped now",
    });
    expect(summary.failures[0]?.checks[0]?.nearest).toBe("state: stopped now");
  });

  it("never takes web1 for web10", async () => {
    const { summary } = await runOn(
      '  let name = web1\n  run probe\n    expect text "{name} is up"\n',
      "web10 is up\n",
    );
    expect(summary.outcome).toBe("failed");
  });

  it("fails where a line stands that must not, and where there is output that must not be", async () => {
    expect((await runOn('  run probe\n    expect no text "error"\n', "an error here\n")).summary.outcome).toBe(
      "failed",
    );
    expect((await runOn("  run probe\n    expect nothing\n", "something\n")).summary.outcome).toBe("failed");
    expect((await runOn("  run probe\n    expect nothing\n", "\n")).summary.outcome).toBe("done");
  });

  it("puts a known failure before everything else, with its reason", async () => {
    const { summary, of } = await runOn(
      '  run probe\n    fails when "disk full" because "There is no room left on the volume."\n    already so when "disk"\n',
      "disk full\n",
    );
    expect(summary.failures[0]?.reason).toBe("There is no room left on the volume.");
    expect(of("check")).toHaveLength(1);
  });

  it("is already so where the output says it, whatever the status", async () => {
    const { summary, of } = await runOn(
      '  run probe\n    already so when "already exists"\n',
      says("it already exists\n", 9),
    );
    expect(summary).toMatchObject({ outcome: "done", counts: { "already so": 1 } });
    expect(of("result")[0]).toMatchObject({ outcome: "already so" });
    expect(of("step-ended")[0]).toMatchObject({ outcome: "already so" });
  });

  it("sends nothing where a condition says that it is so already", async () => {
    const web1 = new ScriptedHost({ commands: [[/probe/, "made\n"]], files: { "/etc/made": "x" } });
    const { summary, of } = await runOf({
      text: `${inventory}on web1\n  run probe\n    already so when file /etc/made exists\n`,
      hosts: { web1 },
    });
    expect(web1.sent).toEqual([]);
    expect(summary.counts).toEqual({ "already so": 1 });
    expect(of("result")[0]).toMatchObject({ outcome: "already so", bytes: 0 });
  });

  it("checks conditions over what was captured", async () => {
    const lines = '  run probe\n    capture line "free: <free: size>"\n    expect {free} > 10MB\n';
    expect((await runOn(lines, "free: 20MB\n")).summary.outcome).toBe("done");
    const { summary } = await runOn(lines, "free: 5MB\n");
    expect(summary.outcome).toBe("failed");
    expect(summary.failures[0]?.reason).toContain("{free} > 10MB");
  });
});

describe("captures", () => {
  it("give names to later lines, lists of records, and the whole output", async () => {
    const { web1, of } = await runOn(
      '  run probe\n    capture line "id <id: number>"\n    capture each line "user <name> from <place>" as users\n    capture output as all\n  expect {users.name} has ada\n  run probe {id}\n  note "{all}"\n',
      "id 17\nuser ada from here\nuser bob from there\n",
    );
    expect(web1.sent[1]).toContain("probe 17");
    expect(of("captured")).toMatchObject([
      { name: "id", value: "17" },
      {
        name: "users",
        value: [
          { name: "ada", place: "here" },
          { name: "bob", place: "there" },
        ],
      },
      { name: "all" },
    ]);
    expect(of("note")[0]?.words).toBe("id 17\nuser ada from here\nuser bob from there");
  });

  it("that find nothing are a failure", async () => {
    const { summary } = await runOn('  run probe\n    capture line "id <id: number>"\n  run probe {id}\n', "id none\n");
    expect(summary.outcome).toBe("failed");
    expect(summary.failures[0]?.checks[0]).toMatchObject({ what: 'capture line "id <id: number>"' });
  });

  it("of a secret make it one before any of the output is recorded", async () => {
    const { events, of } = await runOn(
      '  run probe\n    capture line "token <token: secret>"\n  run probe\n    input {token}\n',
      "token s3cr3t-t0ken-value\n",
    );
    expect(JSON.stringify(events)).not.toContain("s3cr3t-t0ken-value");
    expect(of("output").map(({ text }) => text)).toEqual(["token [secret token]\n", "token [secret token]\n"]);
  });
});

describe("output", () => {
  it("that is hidden leaves its length alone, in records and in failures", async () => {
    const { events, of, summary } = await runOn(
      '  run probe\n    hide output\n    expect line "never"\n',
      "private words\n",
    );
    expect(of("output")).toMatchObject([{ hidden: 14 }]);
    expect(JSON.stringify(events)).not.toContain("private words");
    expect(JSON.stringify(summary)).not.toContain("private words");
  });

  it("that is no text goes as base64", async () => {
    const web1 = new ScriptedHost({});
    const connection = web1.connect();
    expect(connection.alive).toBe(true);
    const { of } = await runOf({ text: "on here\n  run printf '\\377\\376x'\n" });
    expect(of("output")).toMatchObject([{ base64: Buffer.from([0xff, 0xfe, 0x78]).toString("base64") }]);
  });
});
