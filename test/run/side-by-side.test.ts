import { describe, expect, it } from "vitest";
import { machineClock } from "../../src/run/clock.ts";
import { deferred } from "../../src/run/deferred.ts";
import { runOf } from "../support/run-of.ts";
import { ScriptedHost } from "../support/scripted-host.ts";

describe("a question that nobody answers", () => {
  it("closes no connection under a command that runs beside it on the same host", async () => {
    const over = deferred<undefined>();
    let closes = 0;
    let closesMeanwhile = -1;
    const web1 = new ScriptedHost({
      commands: [
        [
          /ask/,
          function* () {
            yield { ask: "Sure? " };
          },
        ],
        [
          /slow/,
          function* () {
            yield { until: over.promise };
            yield { say: "ok\n" };
            return 0;
          },
        ],
      ],
    });
    const connect = web1.connect.bind(web1);
    web1.connect = () => {
      const connection = connect();
      const close = connection.close.bind(connection);
      connection.close = () => {
        closes += 1;
        return close();
      };
      return connection;
    };
    const { of } = await runOf({
      text: `host web1: linux at 192.0.2.1
host x1: linux at 192.0.2.2
host x2: linux at 192.0.2.3
group both: x1, x2

on each one in both, 2 at a time
  if {one} is x1
    on web1
      run ask
        idle 1s
  otherwise
    on web1
      run slow
`,
      hosts: { web1 },
      seen: (event) => {
        if (event.type !== "step-ended" || event.host !== "x1") return;
        closesMeanwhile = closes;
        over.resolve(undefined);
      },
    });
    expect(of("result").map(({ outcome }) => outcome)).toEqual(["stopped for a person", "done"]);
    expect(closesMeanwhile).toBe(0);
  });
});

describe("the way to another account in a dialogue", () => {
  it("is not tried again when it was refused, whatever the line says of trying again", async () => {
    const hsm = new ScriptedHost({
      prompt: "[hsm] box:>",
      commands: [
        [/become/, "denied\n"],
        [/./, "ok\n"],
      ],
    });
    const { summary } = await runOf({
      text: `vocabulary box "Box"
kind box "a box"
  dialogue
    prompt line "[<name>] box:>"
    fails when "denied"
    elevate with become root

host hsm: box at 192.0.2.9

on hsm as root
  run show
    retry 3 times every 1s
    expect text "ok"
`,
      hosts: { hsm },
    });
    expect(hsm.sent).toEqual(["become root"]);
    expect(summary.outcome).toBe("failed");
  });
});

describe("many hosts side by side", () => {
  it("make Node warn of nothing on the operator's terminal", async () => {
    const warnings: string[] = [];
    const heard = (warning: Error): void => void warnings.push(warning.message);
    process.on("warning", heard);
    const names = Array.from({ length: 12 }, (_, index) => `web${index}`);
    await runOf({
      text: `${names.map((name) => `host ${name}: linux at 192.0.2.1\n`).join("")}group all: ${names.join(", ")}

on each one in all, 12 at a time
  run true
    retry 1 times every 10ms
    expect text "yes"
`,
      hosts: Object.fromEntries(names.map((name) => [name, new ScriptedHost({ commands: [[/./, "no\n"]] })])),
      clock: machineClock,
    });
    process.off("warning", heard);
    expect(warnings).toEqual([]);
  });
});
