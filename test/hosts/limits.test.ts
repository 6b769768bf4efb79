import { afterEach, describe, expect, it } from "vitest";
import { connect } from "../../src/hosts/connect.ts";
import { HostFailure } from "../../src/hosts/connection.ts";
import { Secret } from "../../src/secrets/secret.ts";
import { startScriptedSsh } from "../support/scripted-ssh.ts";
import { noSignal, targetWith } from "./target.ts";

const stops: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

describe.skipIf(process.platform === "win32")("a program here that is cut off", () => {
  it("is not waited for where something out of reach holds its output", async () => {
    const here = await connect(targetWith({ here: true, name: "here" }), noSignal);
    let pid = 0;
    let heard = (): void => undefined;
    const started = new Promise<void>((resolve) => (heard = resolve));
    const session = await here.run({
      line: "setsid sh -c 'echo $$; exec sleep 600' &", // it says its number when it has left the group
      terminal: false,
      onChunk: ({ bytes }) => {
        pid = Number(Buffer.from(bytes).toString());
        heard();
      },
    });
    await started;
    stops.push(() => void process.kill(pid));
    await session.close();
    expect(await session.next({ questions: [], withinMs: Number.POSITIVE_INFINITY })).toMatchObject({
      type: "ended",
      exit: { type: "lost" },
    });
    await here.close();
  });
});

describe("a host that lets us in and then answers nothing", () => {
  it.each(["run", "dialogue", "stat"] as const)("is not waited for without end: %s", async (what) => {
    const server = await startScriptedSsh({ mute: true });
    stops.push(() => server.stop());
    const host = await connect(
      targetWith({
        port: server.port,
        hostKey: server.hostKey,
        user: "ada",
        password: new Secret("p", "x"),
        connectTimeoutMs: 700,
      }),
      noSignal,
    );
    stops.unshift(() => host.close());
    const common = { onChunk: () => undefined };
    const asked =
      what === "run"
        ? host.run({ line: "true", terminal: false, ...common })
        : what === "dialogue"
          ? host.dialogue({ isPrompt: () => true, pagers: [], idleMs: 60_000, withinMs: 60_000, ...common })
          : host.stat("/etc/hosts");
    const failure: unknown = await asked.then(
      () => undefined,
      (problem: unknown) => problem,
    );
    expect(failure).toBeInstanceOf(HostFailure);
    expect(failure).toMatchObject({ reason: "no-answer" });
  });
});
