import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { Fault } from "../../src/lab/host.ts";
import { machineClock } from "../../src/run/clock.ts";
import { openLab } from "../lab/support.ts";
import { personWho, runOf, type RunOf } from "../support/run-of.ts";

const exchange = await readFile(
  fileURLToPath(new URL("../../runbooks/exchange-certificates/exchange-certificates.runbook", import.meta.url)),
  "utf8",
);
const yes = personWho({ confirm: () => Promise.resolve(true) });

/** A clock that counts real time but doesn't make a retry wait as long as an operator would; a copy has its time. */
const hurried = {
  ...machineClock,
  wait: (ms: number, signal: AbortSignal) => machineClock.wait(ms > 60_000 ? ms : Math.min(ms, 50), signal),
};

describe("the founding procedure against the lab", () => {
  it.each([
    ["client", "192.168.5.174"],
    ["linux_client", "supreme.example.com"],
  ])("from %s as %s: the first time done, the second time so already", async (client, address) => {
    const lab = await openLab();
    const given: RunOf = {
      text: `${lab.inventory()}\n${exchange}`,
      environment: lab.environment,
      set: { client, client_address: address },
      person: yes,
      clock: hurried,
    };
    const first = await runOf(given);
    expect(first.summary.failures).toEqual([]);
    expect(first.summary.outcome).toBe("done");
    const second = await runOf(given);
    expect(second.summary.outcome).toBe("done");
    expect(second.of("step-ended").map(({ title, outcome }) => `${title}: ${outcome}`)).toMatchInlineSnapshot(`
      [
        "Request the certificate from the HSM: already so",
        "Register the HSM with the client: already so",
        "Create the client certificate: already so",
        "Export the client certificate to the HSM: already so",
        "Register the client with the HSM: already so",
        "Give the client its partition: already so",
        "Verify from the client: done",
      ]
    `);
  });
});

const threeLines = await readFile(
  fileURLToPath(new URL("../../runbooks/three-lines/three-lines.runbook", import.meta.url)),
  "utf8",
);

const officerPassword = "0fficer-Pa55word";

/** Only the appliance: the rest happens on this machine. */
async function appliance(...faults: readonly Fault[]) {
  const lab = await openLab({ name: "hsm", kind: "luna", faults, officerPassword });
  const hsm = lab.luna();
  const run = (body: string, more: Partial<RunOf> = {}) =>
    runOf({ text: `${lab.inventory()}\n${body}`, environment: lab.environment, clock: hurried, ...more });
  const lines = () => hsm.received.flatMap((one) => (one.type === "line" ? [one.text] : []));
  const logins = () => hsm.received.filter((one) => one.type === "login");
  return { lab, hsm, run, lines, logins };
}

describe("the three lines on a fresh appliance", () => {
  it("fail, and name the certificate that nothing put there", async () => {
    const lab = await openLab({ name: "hsm", kind: "luna" }, { name: "client", kind: "windows" });
    const inventory = lab.inventory();
    const { summary, of } = await runOf({
      text: `${inventory}\n${threeLines}`,
      environment: lab.environment,
      clock: hurried,
    });
    expect(summary.outcome).toBe("failed");
    const [failure] = summary.failures;
    expect(failure).toMatchObject({
      sentence: "register client supreme ip 192.168.5.174",
      host: "hsm",
      sent: "client register -client supreme -ip 192.168.5.174",
    });
    expect(failure?.likelyCause.join(" ")).toContain("192.168.5.174.pem is on hsm");
    expect(of("result").some(({ likelyCause }) => likelyCause?.join(" ").includes("192.168.5.174.pem is on hsm"))).toBe(
      true,
    );
    expect(of("step-ended").map(({ outcome }) => outcome)).toEqual(["done", "failed", "not reached"]);
  });
});

describe("an appliance that misbehaves", () => {
  it("and asks what nobody foresaw: nothing is sent, and nothing is changed", async () => {
    const { run, lines, hsm } = await appliance({
      type: "surprise",
      command: "client list",
      text: "A firmware update is waiting. Install it now? (yes/no): ",
    });
    const { summary, of } = await run("on hsm\n  run client list\n    idle 1s\n  run status date\n");
    expect(summary.outcome).toBe("stopped for a person");
    expect(lines()).toEqual(["client list"]);
    expect(hsm.appliance.clients).toEqual([]);
    expect(of("question")[0]).toMatchObject({
      declared: false,
      screen: expect.stringContaining("Install it now?") as string,
    });
  }, 60_000);

  it("and offers a way out in its question: that alone is sent", async () => {
    const { run, lines } = await appliance({
      type: "surprise",
      command: "client list",
      text: "Type 'proceed' to continue, or 'quit'\nto quit now.\n> ",
    });
    const { summary } = await run('step "One" on hsm\n  run client list\n    idle 1s\n');
    expect(summary.outcome).toBe("stopped for a person");
    expect(lines()).toEqual(["client list", "quit"]);
  });

  it("and resets the connection: the outcome is unknown, and the next line connects anew", async () => {
    const { run, lines } = await appliance({ type: "reset-output", command: "partition list", afterBytes: 20 });
    const { of, summary } = await run(
      'on hsm\n  run partition list\n    may fail because "it may be reset"\n  run client list\n',
    );
    expect(of("result").map(({ outcome }) => outcome)).toEqual(["unknown", "done"]);
    expect(lines()).toEqual(["partition list", "client list"]);
    expect(of("connected")).toHaveLength(2);
    expect(summary.outcome).toBe("done");
  });

  it("and never answers: the command is cut off after its time", async () => {
    const { run, lines } = await appliance({ type: "freeze", command: "hsm show" });
    const { of } = await run("on hsm\n  run hsm show\n    within 1s\n");
    expect(of("result")).toMatchObject([{ outcome: "unknown", unknown: true }]);
    expect(lines()).toEqual(["hsm show"]);
  });

  it("and refuses the login: it is tried once, whatever comes after", async () => {
    const { run, logins } = await appliance({ type: "refuse-login" });
    const { summary, of } = await run(
      'on hsm\n  run client list\n    may fail because "it may be locked"\n  run partition list\n    retry 3 times every 1s\n',
    );
    expect(summary.outcome).toBe("failed");
    expect(summary.failures[0]?.wayOn).toBeTruthy();
    expect(logins().filter((login) => login.type === "login" && login.method === "password")).toHaveLength(1);
    expect(of("result").map(({ outcome }) => outcome)).toEqual(["failed", "failed"]);
  });

  it("whose questions are declared gets its answers, and no record holds the password", async () => {
    const { run } = await appliance();
    const { summary, events } = await run(
      'secret so from env SO\non hsm\n  run hsm login\n    answer {so} to "password:"\n  run hsm show\n',
      { secrets: { so: officerPassword } },
    );
    expect(summary.failures).toEqual([]);
    expect(JSON.stringify(events)).not.toContain(officerPassword);
  });
});
