import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { HostFailure } from "../../src/hosts/connection.ts";
import { deferred } from "../../src/run/deferred.ts";
import { personWho, runOf } from "../support/run-of.ts";
import { ScriptedHost } from "../support/scripted-host.ts";

describe("an answer that a person gives", () => {
  it("is not sent to what the program asks by then instead", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ordo-questions-"));
    const flag = join(folder, "flag");
    const other = deferred<undefined>();
    const asked: string[] = [];
    try {
      const { of, summary } = await runOf({
        text: `needs flag: path
on here
  run printf 'Sure? '; until [ -e {flag} ]; do sleep 0.01; done; printf 'too late\\nDelete all? '; read x; echo "got $x"
    answer no to "never asked"
    idle 100ms
`,
        set: { flag },
        person: personWho({
          answer: async ({ screen }) => {
            asked.push(screen);
            if (existsSync(flag)) return { type: "stop" };
            writeFileSync(flag, "");
            await other.promise;
            return { type: "answer", text: "yes" };
          },
        }),
        clock: { now: () => new Date(), monotonicMs: () => performance.now(), wait: () => Promise.resolve() },
        seen: (event) => {
          if (event.type === "output" && event.text?.includes("Delete all?") === true) other.resolve(undefined);
        },
      });
      expect(of("answer")).toEqual([]);
      expect(asked).toHaveLength(2);
      expect(of("note")[0]?.words).toContain("nothing was sent");
      expect(summary.outcome).toBe("stopped for a person");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("a pager's keys", () => {
  it("are on record before they are sent", async () => {
    const kind = `vocabulary box "Box"
kind box "a box"
  dialogue
    prompt line "[<name>] box:>"
    page with " " at "--More--"

host hsm: box at 192.0.2.9

on hsm
  run show
    expect text "two"
`;
    const hsm = new ScriptedHost({
      prompt: "[hsm] box:>",
      commands: [
        [
          /show/,
          function* () {
            yield { say: "one\n" };
            yield { page: "--More--" };
            yield { say: "two\n" };
          },
        ],
      ],
    });
    const sentBefore: (readonly string[])[] = [];
    const { of } = await runOf({
      text: kind,
      hosts: { hsm },
      durable: (event) => {
        if (event.type === "answer") sentBefore.push([...hsm.sent]);
        return Promise.resolve();
      },
    });
    const [command] = of("command");
    expect(of("answer")).toMatchObject([
      { question: "--More--", text: " ", from: "the kind's pager", host: "hsm", command: command?.n },
    ]);
    expect(sentBefore).toEqual([["show"]]);
    expect(hsm.sent).toEqual(["show", " "]);
  });
});

describe("a question that is left by the kind's way out", () => {
  it("has stopped the step also where the session was gone by then", async () => {
    const hsm = new ScriptedHost({
      prompt: "[hsm] box:>",
      commands: [
        [
          /delete/,
          function* () {
            yield { ask: "Type 'proceed', or 'quit' to leave: " };
          },
        ],
      ],
    });
    const connect = hsm.connect.bind(hsm);
    hsm.connect = () => {
      const connection = connect();
      const dialogue = connection.dialogue.bind(connection);
      connection.dialogue = async (options) => {
        const opened = await dialogue(options);
        const send = opened.session.send.bind(opened.session);
        opened.session.send = (line, how) =>
          line === "quit"
            ? Promise.reject(new HostFailure("lost", "Nothing was sent, because the program has ended.", "Look."))
            : send(line, how);
        return opened;
      };
      return connection;
    };
    const { summary, of } = await runOf({
      text: `vocabulary box "Box"
kind box "a box"
  dialogue
    prompt line "[<name>] box:>"
    cancel with quit at "'quit'"

host hsm: box at 192.0.2.9

on hsm
  run delete all
    expect text "gone"
`,
      hosts: { hsm },
    });
    expect(of("result")).toMatchObject([{ outcome: "stopped for a person" }]);
    expect(summary.outcome).toBe("stopped for a person");
  });
});
