import { describe, expect, it } from "vitest";
import type { NumberedEvent } from "../../src/run/record-table.ts";
import type { RunSummary } from "../../src/run/run-given.ts";
import { personWho, runOf } from "../support/run-of.ts";
import { ScriptedHost, type Script } from "../support/scripted-host.ts";

const own = 'vocabulary own "Own"\n\n';
const web = "host web1: linux at 192.0.2.1\n\n";
const value = "s3cret-T0ken-value";

/** All that a run gives to whoever watches: its records, and what the failure screen is made of. */
function given({ events, summary }: { events: readonly NumberedEvent[]; summary: RunSummary }): string {
  const { failures } = summary;
  return JSON.stringify([events, failures.map((failure) => ({ ...failure, span: undefined }))]);
}

const makesToken: Script = function* () {
  yield { say: `token: ${value}\n` };
  yield { ask: "Store it? " };
  yield { say: "stored\n" };
};

describe("a secret that a command's output gives", () => {
  it("is in no question that the same command asks", async () => {
    const ran = await runOf({
      text: `${web}on web1\n  run make-token\n    answer yes to "Store it?"\n    capture line "token: <t: secret>"\n  run keep\n    with TOKEN = {t}\n`,
      hosts: {
        web1: new ScriptedHost({
          commands: [
            [/make-token/, makesToken],
            [/./, "kept\n"],
          ],
        }),
      },
    });
    expect(ran.summary.outcome).toBe("done");
    expect(ran.of("question")[0]?.screen).toContain("Store it?");
    expect(given(ran)).not.toContain(value);
  });

  it("is kept nowhere when it is captured under a phrase", async () => {
    const ran = await runOf({
      text: `${own}${web}phrase make a token
  on linux
    run make-token
    run show-token

on web1
  make a token
    capture line "token: <t: secret>"
  run again
    with TOKEN = {t}
`,
      hosts: {
        web1: new ScriptedHost({
          commands: [
            [/make-token/, "made\n"],
            [/show-token/, `token: ${value}\n`],
            [/again/, `it was ${value}\n`],
          ],
        }),
      },
    });
    expect(ran.summary.outcome).toBe("done");
    expect(given(ran)).not.toContain(value);
  });
});

describe("a secret of the run", () => {
  it("is in no advice of a failure", async () => {
    const ran = await runOf({
      text: `${web}secret pin from env PIN\non web1\n  run login\n    answer {pin} to "PIN:"\n    idle 1s\n`,
      hosts: {
        web1: new ScriptedHost({
          commands: [
            [
              /login/,
              function* () {
                const pin = yield { ask: "PIN: " };
                yield { ask: `Keep ${pin}? ` };
              },
            ],
          ],
        }),
      },
      secrets: { pin: value },
    });
    expect(ran.summary.outcome).toBe("stopped for a person");
    expect(ran.summary.failures[0]?.wayOn).toContain("[secret pin]");
    expect(given(ran)).not.toContain(value);
  });

  it("is in no question to a person, though a command said it", async () => {
    const asked: string[] = [];
    await runOf({
      text: `${web}secret pin from env PIN\non web1\n  run show\n    with PIN = {pin}\n    capture output as said\n  ask note: text "Is {said} right?"\n  note "{note}"\n`,
      hosts: { web1: new ScriptedHost({ commands: [[/show/, `${value}\n`]] }) },
      secrets: { pin: value },
      person: personWho({
        ask: ({ words }) => {
          asked.push(words);
          return Promise.resolve("yes");
        },
      }),
    });
    expect(asked).toEqual(["Is [secret pin] right?"]);
  });
});

describe("hidden output", () => {
  it("is in no question, either: only its last line is", async () => {
    const ran = await runOf({
      text: `${web}on web1\n  run make-token\n    answer yes to "Store it?"\n    hide output\n`,
      hosts: { web1: new ScriptedHost({ commands: [[/make-token/, makesToken]] }) },
    });
    expect(ran.of("question")[0]?.screen).toBe("Store it?");
    expect(given(ran)).not.toContain(value);
  });
});

describe("a file that holds a secret", () => {
  it("is attached nowhere, and that is a failure in plain words", async () => {
    const { summary } = await runOf({
      text: `${web}on web1\n  attach a.txt\n`,
      hosts: { web1: new ScriptedHost({ files: { "a.txt": "x" } }) },
      keep: () => Promise.reject(new Error("a.txt from web1 was not kept as evidence: the secret pin stands in it.")),
    });
    expect(summary.failures[0]?.reason).toBe(
      "a.txt of web1 can't be attached: a.txt from web1 was not kept as evidence: the secret pin stands in it.",
    );
  });
});
