import { describe, expect, it } from "vitest";
import { HostFailure, type Connect } from "../../src/hosts/connection.ts";
import { HostLink } from "../../src/run/hosts/host-link.ts";
import { Recorder } from "../../src/run/events/recorder.ts";
import { machineClock } from "../../src/run/clock.ts";
import { deferred } from "../../src/run/deferred.ts";
import type { PlannedHost } from "../../src/plan/plan.ts";
import { runOf } from "../support/run-of.ts";
import { connectTo, ScriptedHost } from "../support/scripted-host.ts";
import { planOf } from "../support/plan-of.ts";

const web = "host web1: linux at 192.0.2.1\n\n";

async function linkBy(connect: Connect, closing = new AbortController()): Promise<HostLink> {
  const { plan } = await planOf({ path: "/test/case.runbook", text: `${web}on web1\n  run true\n` });
  const planned = plan?.hosts.get("web1") as PlannedHost; // the text above declares it
  return new HostLink({
    name: "web1",
    planned,
    target: () => ({ name: "web1" }) as never, // the connect of these tests looks at nothing else
    connect,
    recorder: new Recorder({ clock: machineClock, redact: (text) => text, durable: () => Promise.resolve() }),
    closing: closing.signal,
  });
}

describe("the connection to a host that two statements use side by side", () => {
  it("is not tried by the second when the first was refused", async () => {
    const refused = deferred<undefined>();
    let tries = 0;
    const link = await linkBy(async () => {
      tries += 1;
      await refused.promise;
      throw new HostFailure("login-refused", "It refused the password.", "Look at it.");
    });
    const one = link.connection();
    await Promise.resolve();
    const both = Promise.allSettled([one, link.connection()]);
    refused.resolve(undefined);
    expect((await both).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(tries).toBe(1);
  });

  it("is made anew once when it was lost, and none is forgotten", async () => {
    const host = new ScriptedHost({});
    const link = await linkBy((target, signal) => connectTo({ web1: host })(target, signal));
    const first = await link.connection();
    (first as { alive: boolean }).alive = false; // the scripted host's way of losing it
    const [one, other] = await Promise.all([link.connection(), link.connection()]);
    expect(one === other).toBe(true);
    expect(host.connections).toBe(2);
  });

  it("that was made while the one before was still closing is kept", async () => {
    const host = new ScriptedHost({});
    const begun = deferred<undefined>();
    const closed = deferred<undefined>();
    const link = await linkBy(async (target, signal) => {
      const connection = await connectTo({ web1: host })(target, signal);
      if (host.connections > 1) return connection;
      const standing = { ...connection, alive: true };
      return Object.assign(standing, {
        close: async () => {
          standing.alive = false;
          begun.resolve(undefined);
          await closed.promise;
        },
      });
    });
    await link.connection();
    const closing = link.close("a question was left unanswered");
    await begun.promise;
    const next = await link.connection();
    closed.resolve(undefined);
    await closing;
    expect((await link.connection()) === next).toBe(true);
    expect(host.connections).toBe(2);
  });
});

describe("an interrupt while a host is being connected to", () => {
  it("lets no command begin on it", async () => {
    const first = new AbortController();
    const host = new ScriptedHost({ commands: [[/./, "ok\n"]] });
    const { summary, of } = await runOf({
      text: `${web}on web1\n  run true\n`,
      hosts: { web1: host },
      first,
      connected: () => first.abort("SIGINT"),
    });
    expect(host.sent).toEqual([]);
    expect(of("command")).toEqual([]);
    expect(summary.outcome).toBe("interrupted");
  });

  it("lets no file be copied to it", async () => {
    const first = new AbortController();
    const host = new ScriptedHost({ files: { "a.pem": "new" } });
    const other = new ScriptedHost({ files: {} });
    const { summary } = await runOf({
      text: `${web}host web2: linux at 192.0.2.2\n\non web2\n  fetch a.pem from web1\n`,
      hosts: { web1: host, web2: other },
      first,
      connected: () => first.abort("SIGINT"),
    });
    expect([...other.files.keys()]).toEqual([]);
    expect(summary.outcome).toBe("interrupted");
  });

  it("a second time is an interrupt, wherever the connection was needed", async () => {
    for (const statement of ["let a = sha256 of a.pem", "fetch a.pem from web1", "attach a.pem", "run cat a.pem"]) {
      const first = new AbortController();
      const second = new AbortController();
      const { summary } = await runOf({
        text: `${web}on ${statement.startsWith("fetch") ? "here" : "web1"}\n  ${statement}\n`,
        hosts: { web1: new ScriptedHost({}) },
        first,
        second,
        connected: () => {
          first.abort("SIGINT");
          second.abort("SIGINT");
          throw new Error("interrupted");
        },
      });
      expect({ statement, outcome: summary.outcome, failures: summary.failures.map(({ reason }) => reason) }).toEqual({
        statement,
        outcome: "interrupted",
        failures: [],
      });
    }
  });
});

describe("a command that its host refused to start", () => {
  it("has failed: that it may have done its work is not said", async () => {
    const web1 = new ScriptedHost({});
    const refusal = new HostFailure("refused", "web1 refused to start it: too many sessions.", "Look at MaxSessions.");
    web1.connect = () =>
      Object.assign(new ScriptedHost({}).connect(), { run: () => Promise.reject(refusal), dialogue: undefined });
    const { of } = await runOf({ text: `${web}on web1\n  run true\n`, hosts: { web1 } });
    expect(of("result")).toMatchObject([{ outcome: "failed", reason: refusal.message }]);
    expect(of("result")[0]).not.toHaveProperty("unknown");
  });
});
