import { describe, expect, it } from "vitest";
import { planOf } from "../support/plan-of.ts";
import { personWho, runOf } from "../support/run-of.ts";
import { ScriptedHost, type Script } from "../support/scripted-host.ts";

const host = "host web1: linux at 192.0.2.1\n  user ops\n  sudo password from env SUDO\n\n";

/** A sudo that asks with the prompt that it is given, as often as the password is wrong. */
function sudo(line: string, right: string, does: Script): Script {
  const [, marker = ""] = /-p ['"]?([\w:-]+)/.exec(line) ?? [];
  const [, ready = ""] = /(ordo-ready-[0-9a-f]+:)/.exec(line) ?? [];
  return function* () {
    for (let times = 0; times < 3; times++) {
      if ((yield { ask: marker }) === right) {
        yield { ask: ready };
        return yield* does();
      }
    }
    return 1;
  };
}

class SudoHost extends ScriptedHost {
  override script(line: string): Script {
    return sudo(line, "0pen-sesame", function* () {
      yield { say: "root did it\n" };
      return 0;
    });
  }
}

describe("as USER", () => {
  it("gives sudo its password at the runner's own marker, and the command its input after that", async () => {
    const web1 = new SudoHost({});
    const { summary, of, events } = await runOf({
      text: `${host}on web1 as root\n  run tee /etc/motd\n    input "words"\n    expect line "root did it"\n`,
      hosts: { web1 },
      secrets: { "sudo password of web1": "0pen-sesame" },
    });
    expect(summary.outcome).toBe("done");
    expect(web1.sent.slice(1)).toEqual(["0pen-sesame", "words\n"]);
    expect(of("answer")).toMatchObject([{ secret: "sudo password of web1", from: "the inventory" }]);
    expect(
      of("output")
        .map(({ text }) => text)
        .join(""),
    ).toBe("root did it\n");
    expect(JSON.stringify(events)).not.toContain("0pen-sesame");
    expect(of("command")[0]).toMatchObject({ account: "root" });
  });

  it("never gives a wrong password twice", async () => {
    const web1 = new SudoHost({});
    const { summary } = await runOf({
      text: `${host}on web1 as root\n  run id\n    retry 3 times every 1s\n    changes nothing\n`,
      hosts: { web1 },
      secrets: { "sudo password of web1": "wrong-sesame" },
    });
    expect(summary.outcome).toBe("failed");
    expect(summary.failures[0]?.reason).toContain("did not take the password");
    expect(web1.sent.filter((line) => line === "wrong-sesame")).toHaveLength(1);
  });

  it("holds in the body of a phrase that is called there", async () => {
    const web1 = new SudoHost({});
    const { summary, of } = await runOf({
      text: `vocabulary own "Own"\nphrase restart it\n  "Restarts."\n  on linux\n    run systemctl restart it\n\n${host}on web1 as root\n  restart it\n`,
      hosts: { web1 },
      secrets: { "sudo password of web1": "0pen-sesame" },
    });
    expect(summary.failures).toEqual([]);
    expect(of("command")).toMatchObject([{ account: "root" }]);
  });
});

describe("the version of a host without a dialogue", () => {
  it("is read once, by its kind's command, and chooses the body", async () => {
    const web1 = new ScriptedHost({
      commands: [
        [/uname/, "6.1.0-25-amd64\n"],
        [/./, ""],
      ],
    });
    const { summary } = await runOf({
      text: `vocabulary own "Own"\nphrase look at it\n  "Looks."\n  on linux before 5.0\n    changes nothing\n    run old look\n  on linux\n    changes nothing\n    run new look\n\nhost web1: linux at 192.0.2.1\n\non web1\n  look at it\n  look at it\n`,
      hosts: { web1 },
    });
    expect(summary.outcome).toBe("done");
    expect(web1.sent.map((line) => /(uname|old|new)/.exec(line)?.[1])).toEqual(["uname", "new", "new"]);
  });
});

const asksToOverwrite: Script = function* () {
  yield { ask: "Overwrite? " };
  yield { say: "overwritten\n" };
};

const asksSure: Script = function* () {
  yield { ask: "Sure? " };
  yield { say: "fine\n" };
};

describe("a question on a shell", () => {
  it("with a terminal and nobody's answer stops the step after its silence", async () => {
    const web1 = new ScriptedHost({ commands: [[/install/, asksToOverwrite]] });
    const { summary } = await runOf({
      text: `${host}on web1\n  run install\n    idle 5s\n    answer yes to "Install?"\n`,
      hosts: { web1 },
    });
    expect(summary.outcome).toBe("stopped for a person");
    expect(web1.sent).toHaveLength(1);
  });

  it("of two hosts at once comes to the person one after the other", async () => {
    let asking = 0;
    let most = 0;
    const hosts = {
      a1: new ScriptedHost({ commands: [[/./, asksSure]] }),
      b1: new ScriptedHost({ commands: [[/./, asksSure]] }),
    };
    const { summary } = await runOf({
      text: "host a1: linux at 192.0.2.1\nhost b1: linux at 192.0.2.2\ngroup both: a1, b1\n\non each h in both, 2 at a time\n  run ask {h}\n    idle 1s\n",
      hosts,
      person: personWho({
        answer: async () => {
          asking += 1;
          most = Math.max(most, asking);
          await new Promise((resolve) => setImmediate(resolve));
          asking -= 1;
          return { type: "answer", text: "yes" };
        },
      }),
    });
    expect(summary.outcome).toBe("done");
    expect(most).toBe(1);
  });
});

describe("values in a real shell", () => {
  it("arrive as themselves", async () => {
    const nasty = `a 'b' "c" $HOME %PATH% ; | & \`id\` * ? \\`;
    const { of } = await runOf({
      text: "needs v: text\non here\n  run printf %s {v}\n    capture output as got\n",
      set: { v: nasty },
    });
    expect(of("captured").find(({ name }) => name === "got")?.value).toBe(nasty);
  });
});

describe("what can't be reached", () => {
  it("through another host is refused before anything is sent", async () => {
    const text = "host gate: linux at 192.0.2.8\nhost web1: linux at 192.0.2.1\n  via gate\n\non web1\n  run id\n";
    expect((await planOf({ path: "/x.runbook", text })).plan).toBeDefined();
    const web1 = new ScriptedHost({ commands: [[/./, ""]] });
    const { summary } = await runOf({ text, hosts: { web1 } });
    expect(summary.failures[0]?.reason).toContain("reached through gate");
    expect(web1.connections).toBe(0);
  });
});
