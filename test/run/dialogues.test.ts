import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HostFailure } from "../../src/hosts/connection.ts";
import { personWho, runOf } from "../support/run-of.ts";
import { ScriptedHost, type Script, type ScriptedHostOptions } from "../support/scripted-host.ts";

const kind = `vocabulary box "Box"
kind box "a box"
  dialogue
    prompt line "[<name>] box:>"
    verdict line "Command Result : <code: number> (<meaning: text>)"
    succeeds when {code} is 0
    fails when "Unable to communicate"
    cancel with quit at "'quit'"
    quote with '"<value>"'
  files by scp
  version from text "Box OS <version>"

`;
const inventory = `${kind}secret pin from env PIN\nhost hsm: box at 192.0.2.9\n\n`;
const byVersion = `${inventory}phrase list clients
  on box before 5.0
    changes nothing
    run client -list
  on box
    changes nothing
    run client list

`;
const trailer = "\nCommand Result : 0 (Success)\n";

function box(commands: ScriptedHostOptions["commands"] = [], more: ScriptedHostOptions = {}): ScriptedHost {
  return new ScriptedHost({
    prompt: "[hsm] box:>",
    greeting: "Box OS 5.4.7-1",
    commands: [...commands, [/./, `ok${trailer}`]],
    ...more,
  });
}

const deletes: Script = function* () {
  const answer = yield {
    ask: "CAUTION: Are you sure you wish to delete client named: supreme\nType 'proceed' to delete the client, or 'quit'\nto quit now.\n> ",
  };
  yield {
    say:
      answer === "proceed"
        ? `gone${trailer}`
        : `Command aborted by user.\n\nCommand Result : 65535 (Luna Shell execution)\n`,
  };
};

const losesConnection: Script = function* () {
  yield { say: "half" };
  yield { lost: "reset by the other side" };
};

const runShow = async (output: string) =>
  (await runOf({ text: `${inventory}on hsm\n  run show\n`, hosts: { hsm: box([[/show/, output]]) } })).summary;

describe("a command in a dialogue", () => {
  it("is done by the host's own verdict, and has no exit status", async () => {
    const hsm = box();
    const { of, summary } = await runOf({ text: `${inventory}on hsm\n  run client list\n`, hosts: { hsm } });
    expect(summary.outcome).toBe("done");
    expect(hsm.sent).toEqual(["client list"]);
    expect(of("check")).toMatchObject([
      { what: "the host's verdict", seen: "Command Result : 0 (Success)", held: true },
    ]);
    expect(of("result")[0]).not.toHaveProperty("exit");
    expect(of("connected")[0]).toMatchObject({ hostVersion: "5.4.7-1" });
  });

  it("is a failure when the verdict says so, or is missing, or the kind's error stands there", async () => {
    expect((await runShow("nope\nCommand Result : 65535 (Luna Shell execution)\n")).failures[0]).toMatchObject({
      checks: [{ seen: "Command Result : 65535 (Luna Shell execution)" }],
    });
    expect((await runShow("half of it\n")).failures[0]?.checks[0]?.seen).toBe("no such line");
    expect((await runShow(`Unable to communicate${trailer}`)).outcome).toBe("failed");
  });

  it("goes into one session a step, which is closed at its end", async () => {
    const hsm = box();
    const { of } = await runOf({
      text: `${inventory}step "A" on hsm\n  run one\n  run two\nstep "B" on hsm\n  run three\n`,
      hosts: { hsm },
    });
    expect(hsm.connections).toBe(2);
    expect(of("disconnected")).toHaveLength(2);
  });

  it("leaves the verdict's line out of what is captured", async () => {
    const { of } = await runOf({
      text: `${inventory}on hsm\n  run show\n    capture output as all\n  note "{all}"\n`,
      hosts: { hsm: box([[/show/, `a\nb\n${trailer}`]]) },
    });
    expect(of("note")[0]?.words).toBe("a\nb");
  });

  it("whose connection is lost is of unknown outcome and never sent again; the next line connects anew", async () => {
    const hsm = box([[/reboot/, losesConnection]]);
    const { of, summary } = await runOf({
      text: `${inventory}on hsm\n  run reboot\n    retry 3 times every 1s\n    may fail because "it reboots"\n  run status\n`,
      hosts: { hsm },
    });
    expect(of("result").map(({ outcome, unknown }) => [outcome, unknown])).toEqual([
      ["unknown", true],
      ["done", undefined],
    ]);
    expect(hsm.sent).toEqual(["reboot", "status"]);
    expect(hsm.connections).toBe(2);
    expect(summary.outcome).toBe("done");
  });

  it("whose connection is lost makes a phrase of several commands unknown, too: it may have been carried out", async () => {
    const hsm = box([[/register/, losesConnection]]);
    const { of } = await runOf({
      text: `${inventory}phrase register <name: word>\n  on box\n    run register {name}\n    run show {name}\n\non hsm\n  register supreme\n`,
      hosts: { hsm },
    });
    expect(of("result").map(({ outcome, unknown }) => [outcome, unknown])).toEqual([
      ["unknown", true],
      ["unknown", true],
    ]);
    expect(hsm.sent).toEqual(["register supreme"]);
  });

  it("that never ends is cut off after its time, and nothing more goes into that session", async () => {
    const hsm = box([
      [
        /freeze/,
        function* () {
          yield { say: "half of the answer" };
          yield { hang: true };
        },
      ],
    ]);
    const { of, summary } = await runOf({
      text: `${inventory}on hsm\n  run freeze\n    within 5s\n    may fail because "it freezes"\n  run status\n`,
      hosts: { hsm },
    });
    expect(of("result").map(({ outcome }) => outcome)).toEqual(["unknown", "done"]);
    expect(hsm.connections).toBe(2);
    expect(summary.outcome).toBe("done");
  });
});

const asksTwice: Script = function* () {
  const a = yield { ask: "Enter password: " };
  const b = yield { ask: "\nEnter password: " };
  yield { say: `\n${a}/${b}`.replaceAll(/[^/\n]/g, "*") + trailer };
};

const wantsPed: Script = function* () {
  yield { ask: "Luna PED operation required - use blue PED Key.\n> " };
  yield { say: trailer };
};

describe("answers", () => {
  it("are given to the question that they are for, once, and recorded before", async () => {
    const hsm = box([[/delete/, deletes]]);
    const durable: string[] = [];
    const { of, summary } = await runOf({
      text: `${inventory}on hsm\n  run client delete supreme\n    answer proceed to "delete client named: supreme"\n`,
      hosts: { hsm },
      durable: (event) => {
        if (event.type === "command" || event.type === "answer")
          durable.push(`${event.type} with ${hsm.sent.length} sent`);
        return Promise.resolve();
      },
    });
    expect(summary.outcome).toBe("done");
    expect(hsm.sent).toEqual(["client delete supreme", "proceed"]);
    expect(durable).toEqual(["command with 0 sent", "answer with 1 sent"]);
    expect(of("question")).toMatchObject([{ declared: true }]);
    expect(of("answer")).toMatchObject([
      { text: "proceed", from: "the runbook", question: '"delete client named: supreme"' },
    ]);
  });

  it("with the same question twice are used in their order", async () => {
    const hsm = box([[/init/, asksTwice]]);
    const { events } = await runOf({
      text: `${inventory}on hsm\n  run init\n    answer {pin} to "Enter password:"\n    answer {other} to "Enter password:"\n`.replace(
        "host hsm",
        "secret other from env OTHER\nhost hsm",
      ),
      hosts: { hsm },
      secrets: { pin: "s3cret-pin-value", other: "second-secret-value" },
    });
    expect(hsm.sent).toEqual(["init", "s3cret-pin-value", "second-secret-value"]);
    expect(JSON.stringify(events)).not.toContain("s3cret-pin-value");
  });

  it("that nobody asked for are no failure", async () => {
    expect(
      (await runOf({ text: `${inventory}on hsm\n  run show\n    answer proceed to "sure?"\n`, hosts: { hsm: box() } }))
        .summary.outcome,
    ).toBe("done");
  });

  it("by hand: a person acts, nothing is sent", async () => {
    const text = `${inventory}on hsm\n  run hsm login\n    by hand "Insert the blue key" at "PED operation required"\n`;
    expect((await runOf({ text, hosts: { hsm: box([[/login/, wantsPed]]) } })).summary.outcome).toBe(
      "stopped for a person",
    );
  });
});

const asksPassword: Script = function* () {
  yield { ask: "Type 'quit' to leave.\nPlease enter the HSM Administrators' password:\n> " };
};

const asksAndTells: Script = function* () {
  const typed = yield { ask: "Password: " };
  yield { say: `\nyou typed ${typed}${trailer}` };
};

describe("a question that nobody foresaw", () => {
  it("stops the step, is shown, and gets no answer but the kind's way out, where that stands in it", async () => {
    const hsm = box([[/delete/, deletes]]);
    const { of, summary } = await runOf({
      text: `${inventory}on hsm\n  run client delete supreme\n  run after\n`,
      hosts: { hsm },
    });
    expect(summary.outcome).toBe("stopped for a person");
    expect(hsm.sent).toEqual(["client delete supreme", "quit"]);
    expect(of("question")).toMatchObject([
      { declared: false, screen: expect.stringContaining("delete client named") as string },
    ]);
    expect(of("answer")).toMatchObject([{ from: "the kind's cancel", text: "quit" }]);
    expect(of("result")[0]).toMatchObject({ outcome: "stopped for a person" });
    expect(summary.failures[0]?.reason).toContain('nothing was sent to it but "quit"');
    expect(summary.failures[0]?.wayOn).toContain("answer VALUE to");
    expect(of("run-ended")[0]).toMatchObject({ outcome: "stopped for a person" });
  });

  it("for a password gets nothing at all, even where a way out was spoken of", async () => {
    const hsm = box([[/login/, asksPassword]]);
    const { summary } = await runOf({ text: `${inventory}on hsm\n  run hsm login\n`, hosts: { hsm } });
    expect(summary.outcome).toBe("stopped for a person");
    expect(summary.failures[0]?.reason).toContain("nothing was sent to it: ");
    expect(hsm.sent).toEqual(["hsm login"]);
  });

  it("is answered by a person who is there, as a deviation", async () => {
    const hsm = box([[/delete/, deletes]]);
    const { of, summary } = await runOf({
      text: `${inventory}on hsm\n  run client delete supreme\n`,
      hosts: { hsm },
      person: personWho({ answer: () => Promise.resolve({ type: "answer", text: "proceed" }) }),
    });
    expect(summary.outcome).toBe("done");
    expect(of("deviation")).toMatchObject([{ who: "ada" }]);
    expect(of("answer")).toMatchObject([{ text: "proceed", from: "ada" }]);
  });

  it("for a password, answered by a person, is in no record", async () => {
    const { events, of } = await runOf({
      text: `${inventory}on hsm\n  run login\n`,
      hosts: { hsm: box([[/login/, asksAndTells]]) },
      person: personWho({
        answer: ({ hidden }) => Promise.resolve({ type: "answer", text: hidden ? "typed-secret-word" : "shown" }),
      }),
    });
    expect(JSON.stringify(events)).not.toContain("typed-secret-word");
    expect(of("answer")).toMatchObject([{ secret: "typed by ada" }]);
  });

  it("at login ends the step, and nothing is sent", async () => {
    const hsm = box([], { loginQuestion: "You are required to change your password.\n(current) UNIX password: " });
    const { summary, of } = await runOf({ text: `${inventory}on hsm\n  run show\n`, hosts: { hsm } });
    expect(summary.outcome).toBe("stopped for a person");
    expect(hsm.sent).toEqual([]);
    expect(of("question")).toMatchObject([{ declared: false }]);
  });

  it("at login ends a phrase that needs the version the same way, and the records say so", async () => {
    const hsm = box([], { loginQuestion: "You are required to change your password.\n(current) UNIX password: " });
    const { summary, of } = await runOf({ text: `${byVersion}on hsm\n  list clients\n`, hosts: { hsm } });
    expect(summary.outcome).toBe("stopped for a person");
    expect(summary.failures[0]).toMatchObject({
      outcome: "stopped for a person",
      lastLines: ["You are required to change your password.", "(current) UNIX password:"],
    });
    expect(summary.failures[0]?.reason).toMatch(/^hsm asks a question at login that nobody foresaw/);
    expect(hsm.sent).toEqual([]);
    expect(of("result")).toMatchObject([{ outcome: "stopped for a person" }]);
  });

  it("never gets anything sent, whatever it says, unless the way out stands in it", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.constantFrom(
            "Are you sure",
            "password:",
            "proceed",
            "(y/n)",
            "Continue?",
            "> ",
            "\n",
            " ",
            "Enter",
            "PIN",
            "'quit'",
            "[yes]",
            "supreme",
          ),
          { minLength: 1, maxLength: 12 },
        ),
        async (words) => {
          const question = `${words.join(" ")} ?`;
          const hsm = box([
            [
              /ask/,
              function* () {
                yield { ask: question };
                yield { say: trailer };
              },
            ],
          ]);
          const { summary } = await runOf({ text: `${inventory}on hsm\n  run ask\n  run after\n`, hosts: { hsm } });
          expect(summary.outcome).toBe("stopped for a person");
          expect([["ask"], ["ask", "quit"]]).toContainEqual(hsm.sent);
          if (!question.includes("'quit'")) expect(hsm.sent).toEqual(["ask"]);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe("a phrase with a body for each version", () => {
  const text = `${kind.trimEnd()}\n\nphrase list all\n  "Lists."\n  on box before 5.0\n    changes nothing\n    run client -list\n  on box\n    changes nothing\n    run client list\n\nhost hsm: box at 192.0.2.9\n\non hsm\n  list all\n`;

  it("takes the one for the version that the greeting says", async () => {
    const old = box([], { greeting: "Box OS 4.4.1" });
    await runOf({ text, hosts: { hsm: old } });
    expect(old.sent).toEqual(["client -list"]);
    const recent = box([], { greeting: "Box OS 5.10.0" });
    await runOf({ text, hosts: { hsm: recent } });
    expect(recent.sent).toEqual(["client list"]);
  });

  it("asks for the version again at the next line where the host could not be reached before", async () => {
    const hsm: ScriptedHost = new ScriptedHost({
      prompt: "[hsm] box:>",
      greeting: "Box OS 5.4.7-1",
      commands: [[/./, `ok${trailer}`]],
      get refuse() {
        return hsm.attempts === 1 ? new HostFailure("no-answer", "hsm did not answer.", "Wait.") : undefined;
      },
    });
    const { of, summary } = await runOf({
      text: text.replace("  list all", '  list all\n    may fail because "it starts"\n  list all'),
      hosts: { hsm },
    });
    expect(summary.failures).toEqual([]);
    expect(of("result").map(({ outcome }) => outcome)).toEqual(["failed", "done"]);
    expect(hsm.sent).toEqual(["client list"]);
  });

  it("says what to do where nobody knows the version", async () => {
    const silent = box([], { greeting: "Welcome" });
    const { summary } = await runOf({ text, hosts: { hsm: silent } });
    expect(summary.failures[0]).toMatchObject({ wayOn: expect.stringContaining("version") as string });
    expect(silent.sent).toEqual([]);
  });
});
