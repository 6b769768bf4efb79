import { describe, expect, it } from "vitest";
import type { Clock } from "../../src/run/clock.ts";
import { runOf } from "../support/run-of.ts";
import { ScriptedHost } from "../support/scripted-host.ts";

const hosts = "host web1: linux at 192.0.2.1\nhost web2: linux at 192.0.2.2\n\n";

/** A host that lets us in and then never answers about a file, until it is closed. */
function frozen(): ScriptedHost {
  const host = new ScriptedHost({});
  const connect = host.connect.bind(host);
  host.connect = () => {
    const never = (): Promise<never> => new Promise(() => undefined);
    return Object.assign(connect(), { fetch: never, send: never, stat: never });
  };
  return host;
}

/** The waits of a clock that is over at once, but for the 50 ms in which pieces are joined. */
function waits(): { readonly clock: Clock; readonly waited: number[] } {
  let ms = 0;
  const waited: number[] = [];
  return {
    waited,
    clock: {
      now: () => new Date(0),
      monotonicMs: () => ms,
      wait: async (forMs) => {
        if (forMs === 50) return;
        waited.push(forMs);
        ms += forMs;
      },
    },
  };
}

describe("a host that never answers about a file", () => {
  it.each([
    ["fetch a.pem from web1", 600_000],
    ["fetch a.pem from web1\n    within 30m", 1_800_000],
    ["send a.pem to web1", 600_000],
    ["let a = sha256 of a.pem", 600_000],
    ["expect file a.pem exists", 600_000],
    ["attach a.pem", 600_000],
  ])("is given ten minutes, or what is said: %s", async (statement, ms) => {
    const { clock, waited } = waits();
    const { summary } = await runOf({
      text: `${hosts}on ${/^(fetch|send)/.test(statement) ? "web2" : "web1"}\n  ${statement}\n`,
      hosts: { web1: frozen(), web2: new ScriptedHost({ files: { "a.pem": "a" } }) },
      clock,
    });
    expect(summary.outcome).toBe("failed");
    expect(summary.failures[0]?.reason).toContain("within its time");
    expect(waited).toEqual([ms]);
  });

  it("has its time anew with each try, and never more than the phrase around it has left", async () => {
    const { clock, waited } = waits();
    await runOf({
      text: `vocabulary own "Own"

${hosts}phrase bring it to <target: linux>
  on linux
    send a.pem to target
      retry 1 times every 1s
      within 20s

on web2
  bring it to web1
    within 30s
`,
      hosts: { web1: frozen(), web2: new ScriptedHost({ files: { "a.pem": "a" } }) },
      clock,
    });
    expect(waited).toEqual([20_000, 1_000, 9_000]);
  });
});
