import type { ServerChannel } from "ssh2";
import { afterEach, describe, expect, it } from "vitest";
import { machineClock } from "../../src/run/clock.ts";
import { deferred } from "../../src/run/deferred.ts";
import { personWho, runOf, type Ran } from "../support/run-of.ts";
import { startScriptedSsh } from "../support/scripted-ssh.ts";

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** Two commands in one dialogue, with a person's work between them, in which `meanwhile` happens to the first session. */
async function between(
  meanwhile: (channel: ServerChannel, said: (text: string) => Promise<unknown>) => Promise<unknown>,
): Promise<Ran & { readonly typed: readonly string[] }> {
  const typed: string[] = [];
  const channels: ServerChannel[] = [];
  const server = await startScriptedSsh({
    shell: (channel) => {
      const number = channels.push(channel);
      let line = "";
      channel.write("Welcome\r\n[hsm] box:>");
      channel.on("data", (bytes: Buffer) => {
        for (const key of bytes.toString("latin1")) {
          channel.write(key === "\r" ? "\r\n" : key);
          if (key === "\r") {
            typed.push(`${number}: ${line}`);
            line = "";
            channel.write("ok\r\n[hsm] box:>");
          } else line += key;
        }
      });
    },
  });
  stops.push(() => server.stop());
  let all = "";
  let waiting: { readonly text: string; readonly seen: () => void } | undefined;
  const said = (text: string): Promise<unknown> => {
    const seen = deferred<undefined>();
    waiting = { text, seen: () => seen.resolve(undefined) };
    if (all.includes(text)) waiting.seen();
    return seen.promise;
  };
  const ran = await runOf({
    text: `vocabulary box "Box"
kind box "a box"
  dialogue
    prompt line "[<name>] box:>"

host hsm: box at 127.0.0.1
  port ${server.port}
  user ada
  password from env PASSWORD
  host key "${server.hostKey}"

step "Both" on hsm
  run one
    expect text "ok"
  confirm "It was done"
  run two
    expect text "ok"
`,
    clock: machineClock,
    person: personWho({
      confirm: async () => {
        const [first] = channels;
        if (first !== undefined) await meanwhile(first, said);
        return true;
      },
    }),
    seen: (event) => {
      if (event.type !== "output") return;
      all += event.text ?? "";
      if (waiting !== undefined && all.includes(waiting.text)) waiting.seen();
    },
  });
  return { ...ran, typed };
}

describe("a dialogue in which something happened between two commands", () => {
  it("is opened anew when the host has ended it", async () => {
    const { summary, typed, of } = await between(async (channel) => {
      const gone = new Promise((resolve) => channel.once("close", resolve));
      channel.exit(0);
      channel.end();
      channel.close();
      await gone;
    });
    expect(summary.outcome).toBe("done");
    expect(typed).toEqual(["1: one", "2: two"]);
    expect(of("note")[0]?.words).toContain("opened anew");
  });

  it("gets no command at a question that nobody foresaw", async () => {
    const { summary, typed, of } = await between(async (channel, said) => {
      channel.write("\r\nThe session has expired. Password: ");
      await said("Password:");
    });
    expect(typed).toEqual(["1: one"]);
    expect(summary.outcome).toBe("stopped for a person");
    expect(summary.failures[0]?.reason).toContain("between two commands");
    expect(of("question")).toMatchObject([{ declared: false }]);
  });

  it("goes on when the host only said something", async () => {
    const { summary, typed } = await between(async (channel, said) => {
      channel.write("\r\nThe backup begins.\r\n");
      await said("begins");
    });
    expect(typed).toEqual(["1: one", "1: two"]);
    expect(summary.outcome).toBe("done");
  });
});
