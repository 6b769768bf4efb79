import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { machineClock } from "../../src/run/clock.ts";
import { personWho, runOf, type RunOf } from "../support/run-of.ts";
import { sshdMissing, startSshd, type Sshd } from "../support/sshd.ts";

describe.skipIf(sshdMissing() !== undefined)("against a real sshd", () => {
  let sshd: Sshd;
  beforeAll(async () => {
    sshd = await startSshd();
  });
  afterAll(() => sshd.stop());

  const run = (body: string, more: Partial<RunOf> = {}) =>
    runOf({
      text: `${["web1", "web2"].map((name) => `host ${name}: linux at 127.0.0.1\n  port ${sshd.port}\n  user ${sshd.user}\n  key ${sshd.keyPath}\n  host key "${sshd.hostKey}"\n`).join("")}group web: web1, web2\nsecret pin from env PIN\n\n${body}`,
      clock: machineClock,
      ...more,
    });

  it("runs side by side, captures, and copies a file with a SHA-256 on either side", async () => {
    const folder = sshd.folder;
    await writeFile(join(folder, "source.txt"), "what is copied\n");
    const { summary, of } = await run(
      `on each w in web, 2 at a time\n  run printf 'name %s\\n' {w}\n    capture line "name <name>"\n    expect {name} is {w}\non web2\n  fetch ${folder}/source.txt from web1 as ${folder}/target.txt\n  fetch ${folder}/source.txt from web1 as ${folder}/target.txt\n`,
    );
    expect(summary.failures).toEqual([]);
    expect(await readFile(join(folder, "target.txt"), "utf8")).toBe("what is copied\n");
    expect(
      of("result")
        .slice(-2)
        .map(({ outcome }) => outcome),
    ).toEqual(["done", "already so"]);
    expect(of("connected")).toHaveLength(2);
  });

  it("answers a program at its terminal with a secret that no record holds", async () => {
    const { summary, events, of } = await run(
      'on web1\n  run printf "Your PIN: "; stty -echo; read pin; stty echo; echo; echo "$pin" | wc -c; echo "got $pin"\n    answer {pin} to "Your PIN:"\n    expect line "got <_>"\n    within 20s\n',
      { secrets: { pin: "sup3r-secret-pin" } },
    );
    expect(summary.failures).toEqual([]);
    expect(JSON.stringify(events)).not.toContain("sup3r-secret-pin");
    expect(
      of("output")
        .map(({ text }) => text)
        .join(""),
    ).toContain("got [secret pin]");
  });

  it("sends nothing to a question that nobody foresaw", async () => {
    const marker = join(sshd.folder, "answered");
    const { summary } = await run(
      `on web1\n  run printf "Delete everything? "; read x; touch ${marker}\n    answer yes to "Delete nothing?"\n    idle 1s\n`,
    );
    expect(summary.outcome).toBe("stopped for a person");
    await expect(readFile(marker)).rejects.toThrow();
  });

  it("lets a person answer it", async () => {
    const { summary, of } = await run(
      'on web1\n  run printf "Which colour? "; read x; echo "so $x"\n    answer yes to "Sure?"\n    idle 1s\n    expect line "so blue"\n',
      {
        person: personWho({ answer: () => Promise.resolve({ type: "answer", text: "blue" }) }),
      },
    );
    expect(summary.failures).toEqual([]);
    expect(of("deviation")).toHaveLength(1);
  });

  it("gives a program its input, folder and environment, secrets too", async () => {
    const { summary, events } = await run(
      `on web1\n  run pwd; echo "$GREETING"; cat; test "$PIN" = sup3r-secret-pin && echo right\n    in ${sshd.folder}\n    with GREETING = "hello there"\n    with PIN = {pin}\n    input "from the input"\n    expect line "${sshd.folder}"\n    expect line "hello there"\n    expect line "from the input"\n    expect line "right"\n`,
      { secrets: { pin: "sup3r-secret-pin" } },
    );
    expect(summary.failures).toEqual([]);
    expect(JSON.stringify(events)).not.toContain("sup3r-secret-pin");
  });

  it("cuts off what takes too long, and goes on with the next line", async () => {
    const { summary, of } = await run(
      'on web1\n  run sleep 60\n    within 1s\n    may fail because "it sleeps"\n  run echo awake\n    expect line "awake"\n',
    );
    expect(summary.outcome).toBe("done");
    expect(of("result").map(({ outcome }) => outcome)).toEqual(["unknown", "done"]);
  });

  it("keeps a flood of output whole while its reader is slow", async () => {
    const { of } = await run("on web1\n  run head -c 12000000 /dev/zero | tr '\\\\0' x\n");
    expect(of("output").reduce((sum, { text }) => sum + (text?.length ?? 0), 0)).toBe(12_000_000);
  });
});
