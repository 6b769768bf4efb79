import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { machineClock } from "../../src/run/clock.ts";
import { openOutput } from "../../src/run/events/output-pieces.ts";
import { Recorder } from "../../src/run/events/recorder.ts";
import { failuresOf } from "../../src/run/failure.ts";
import { recordTable, type NumberedEvent } from "../../src/run/record-table.ts";
import { Redactor } from "../../src/secrets/redactor.ts";
import { Secret } from "../../src/secrets/secret.ts";
import { personWho, quickClock, runOf } from "../support/run-of.ts";
import { ScriptedHost, type Script } from "../support/scripted-host.ts";

const one = "host web1: linux at 192.0.2.1\n\n";

describe("events", () => {
  it("are numbered from 1 without a gap, begin and end as they must, and hold no field that the table doesn't know", async () => {
    const web1 = new ScriptedHost({ commands: [[/./, "a\nb\n"]] });
    const { events } = await runOf({
      text: `needs n: word = x\n${one}on web1\n  run probe {n}\n    capture each line "<w>" as ws\n  expect {ws.w} has a\n`,
      hosts: { web1 },
    });
    expect(events.map(({ n }) => n)).toEqual(events.map((_, index) => index + 1));
    expect(events[0]).toMatchObject({
      type: "run-started",
      format: "ordo transcript 1",
      run: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/) as string,
    });
    expect(events.at(-1)).toMatchObject({ type: "run-ended", outcome: "done" });
    const common = ["n", "at", "ms", "type", "step", "host", "source", "command"];
    for (const event of events) {
      for (const key of Object.keys(event)) expect([...common, ...Object.keys(recordTable[event.type])]).toContain(key);
      for (const value of Object.values(event)) expect(value).toBeDefined();
    }
    const commands = events.filter(({ type }) => type === "command").map(({ n }) => n);
    expect(events.filter(({ type }) => type === "result").map(({ command }) => command)).toEqual(commands);
  });

  it("of one host within 50 ms are one piece of output, and come before any other record of that host", async () => {
    const web1 = new ScriptedHost({
      commands: [
        [
          /probe/,
          function* () {
            yield { say: "one " };
            yield { say: "two " };
            yield { say: "oops", stream: "err" };
            yield { say: "three" };
          },
        ],
      ],
    });
    const { events } = await runOf({ text: `${one}on web1\n  run probe\n`, hosts: { web1 } });
    const told = events.filter(({ type }) => type === "output" || type === "result");
    expect(told).toMatchObject([
      { stream: "out", text: "one two " },
      { stream: "err", text: "oops" },
      { stream: "out", text: "three" },
      { type: "result" },
    ]);
  });

  it("hold whole characters and pieces of at most 64 KiB, however the bytes were cut", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: "grapheme", maxLength: 40 }), { maxLength: 20 }),
        fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 40 }),
        (texts, cuts) => {
          const bytes = Buffer.from(texts.join(""));
          const { emitted, output } = outputOf([]);
          let at = 0;
          for (let turn = 0; at < bytes.length; turn++) {
            const length = cuts[turn % cuts.length] ?? 1;
            void output.take({ stream: "out", bytes: bytes.subarray(at, at + length) });
            if (turn % 3 === 0) output.flush();
            at += length;
          }
          output.end();
          expect(emitted.map((event) => (event.type === "output" ? event.text : "")).join("")).toBe(texts.join(""));
        },
      ),
    );
    const { emitted, output } = outputOf([]);
    void output.take({ stream: "out", bytes: Buffer.alloc(200_000, "x") });
    output.end();
    for (const event of emitted)
      expect(event.type === "output" ? (event.text?.length ?? 0) : 0).toBeLessThanOrEqual(65_536);
  });

  it("never hold a secret, however the host cuts it", () => {
    const secret = "h1dden-Pa55word";
    fc.assert(
      fc.property(
        fc.constantFrom(secret, Buffer.from(secret).toString("base64"), `'${secret}'`),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 12 }),
        (form, cuts) => {
          const bytes = Buffer.from(`before ${form} after`);
          const { emitted, output } = outputOf([new Secret("pin", secret)]);
          let at = 0;
          for (let turn = 0; at < bytes.length; turn++) {
            const length = cuts[turn % cuts.length] ?? 1;
            void output.take({ stream: "out", bytes: bytes.subarray(at, at + length) });
            output.flush();
            at += length;
          }
          output.end();
          const all = emitted.map((event) => (event.type === "output" ? event.text : "")).join("");
          expect(all).not.toContain(form);
          expect(all).toContain("[secret pin]");
        },
      ),
    );
  });

  it("hold no secret anywhere: sentence, question, check, failure, end", async () => {
    const value = "tr0ub4dor-and-3";
    const web1 = new ScriptedHost({
      commands: [
        [
          /probe/,
          function* () {
            yield { ask: `your ${value}? ` };
            yield { say: `${value}\n${Buffer.from(value).toString("base64")}\n` };
            return 3;
          },
        ],
      ],
    });
    const { events, summary } = await runOf({
      text: `${one}secret pin from env PIN\non web1\n  run probe\n    answer {pin} to "your"\n    expect line "something else"\n    with PIN = {pin}\n`,
      hosts: { web1 },
      secrets: { pin: value },
      person: personWho({}),
    });
    const all = JSON.stringify([events, summary]);
    expect(all).not.toContain(value);
    expect(all).not.toContain(Buffer.from(value).toString("base64"));
    expect(all).toContain("[secret pin]");
  });

  it("make a slow reader hold the host, not the memory", async () => {
    const recorder = new Recorder({ clock: quickClock(), redact: (text) => text, durable: () => Promise.resolve() });
    const output = openOutput({
      recorder,
      clock: quickClock(),
      redactor: new Redactor(),
      host: "web1",
      context: {},
      hidden: false,
      held: false,
    });
    let room: Promise<void> | undefined;
    let taken = 0;
    while (room === undefined && taken < 100) {
      taken += 1;
      room = output.take({ stream: "out", bytes: Buffer.alloc(65_536, "y") });
    }
    expect(taken).toBeGreaterThanOrEqual(64);
    expect(taken).toBeLessThan(70);
    const reading = (async () => {
      for await (const event of recorder.events()) if (event.type === "note") return;
    })();
    await room;
    recorder.emit({ type: "note", words: "end" });
    await reading;
  });
});

function outputOf(secrets: readonly Secret[]) {
  const emitted: NumberedEvent[] = [];
  const recorder = new Recorder({ clock: machineClock, redact: (text) => text, durable: () => Promise.resolve() });
  const emit = recorder.emit.bind(recorder);
  recorder.emit = (event, time) => {
    const numbered = emit(event, time);
    emitted.push(numbered);
    return numbered;
  };
  return {
    emitted,
    output: openOutput({
      recorder,
      clock: quickClock(),
      redactor: new Redactor(secrets),
      host: "h",
      context: {},
      hidden: false,
      held: false,
    }),
  };
}

describe("a record that can't be written", () => {
  it("ends the run: nothing more is sent to any host, and the last safe record is named", async () => {
    const web1 = new ScriptedHost({ commands: [[/./, ""]] });
    let commands = 0;
    const { summary, of } = await runOf({
      text: `${one}on web1\n  run first\n  run second\n  run third\nfinally\n  on web1\n    run clean\n`,
      hosts: { web1 },
      durable: (event) =>
        event.type === "command" && ++commands === 2
          ? Promise.reject(new Error("No space is left; record 5 was the last safe one."))
          : Promise.resolve(),
    });
    expect(web1.sent).toHaveLength(1);
    expect(summary).toMatchObject({
      outcome: "failed",
      reason: expect.stringContaining("record 5 was the last safe one") as string,
    });
    expect(of("run-ended")).toHaveLength(1);
  });

  it("of one host stops every host, those beside it too", async () => {
    let refuse = false;
    const a1 = new ScriptedHost({ commands: [[/./, ""]] });
    let release = (): void => undefined;
    const waiting = new Promise<void>((resolve) => {
      release = resolve;
    });
    const b1 = new ScriptedHost({
      commands: [
        [
          /first/,
          function* () {
            yield { until: waiting };
            return 0;
          },
        ],
        [/./, ""],
      ],
    });
    const { summary } = await runOf({
      text: "host a1: linux at 192.0.2.1\nhost b1: linux at 192.0.2.2\ngroup both: a1, b1\n\non each h in both, 2 at a time, stop after 9 failures\n  run first {h}\n  run second {h}\n  run third {h}\n",
      hosts: { a1, b1 },
      durable: (event) => {
        if (event.type !== "command" || event.host !== "a1" || !event.text.startsWith("second") || refuse)
          return Promise.resolve();
        refuse = true;
        setImmediate(release);
        return Promise.reject(new Error("disk full."));
      },
    });
    expect(summary).toMatchObject({ outcome: "failed", reason: expect.stringContaining("disk full") as string });
    expect([...a1.sent, ...b1.sent].map((line) => /(first|second|third)/.exec(line)?.[1])).toEqual(["first", "first"]);
  });
});

describe("Ctrl-C", () => {
  const text = `${one}step "One" on web1\n  run slow\n  run next\nstep "Two" on web1\n  run other\nfinally\n  on web1\n    run clean up\n`;

  it("once: what runs is waited for, nothing new is begun, finally runs", async () => {
    const first = new AbortController();
    const slow: Script = function* () {
      first.abort("SIGTERM");
      yield { until: Promise.resolve() };
      yield { say: "finished\n" };
      return 0;
    };
    const web1 = new ScriptedHost({
      commands: [
        [/slow/, slow],
        [/./, ""],
      ],
    });
    const { summary, of } = await runOf({ text, hosts: { web1 }, first });
    expect(summary.outcome).toBe("interrupted");
    expect(web1.sent.map((line) => /(slow|next|other|clean)/.exec(line)?.[1])).toEqual(["slow", "clean"]);
    expect(of("interrupted")).toMatchObject([{ signal: "SIGTERM" }]);
    expect(of("result").map(({ outcome }) => outcome)).toEqual(["done", "done"]);
    expect(of("step-ended").map(({ outcome }) => outcome)).toEqual(["not reached", "not reached", "done"]);
  });

  it("twice: everything is closed now, and what ran is of unknown outcome", async () => {
    const first = new AbortController();
    const second = new AbortController();
    const slow: Script = function* () {
      first.abort("SIGINT");
      setImmediate(() => second.abort("SIGINT"));
      yield { until: new Promise(() => undefined) };
    };
    const web1 = new ScriptedHost({
      commands: [
        [/slow/, slow],
        [/./, ""],
      ],
    });
    const { summary, of } = await runOf({ text, hosts: { web1 }, first, second });
    expect(summary.outcome).toBe("interrupted");
    expect(web1.sent).toHaveLength(1);
    expect(of("result")).toMatchObject([{ outcome: "unknown", unknown: true }]);
    expect(of("interrupted")).toHaveLength(2);
    expect(of("run-ended")).toMatchObject([{ outcome: "interrupted" }]);
  });

  it("ends a wait", async () => {
    const first = new AbortController();
    const clock = quickClock();
    const wait = clock.wait.bind(clock);
    clock.wait = async (ms, signal) => {
      if (ms === 300_000) first.abort("SIGINT");
      await wait(ms, signal);
    };
    const web1 = new ScriptedHost({ commands: [[/./, ""]] });
    const { summary } = await runOf({ text: `${one}on web1\n  wait 5m\n  run next\n`, hosts: { web1 }, first, clock });
    expect(summary.outcome).toBe("interrupted");
    expect(web1.sent).toEqual([]);
  });

  it("while a person is asked takes the question back", async () => {
    const first = new AbortController();
    const { summary } = await runOf({
      text: 'confirm "It is so"\n',
      first,
      person: personWho({
        confirm: () => {
          setImmediate(() => first.abort("SIGINT"));
          return new Promise(() => undefined);
        },
      }),
    });
    expect(summary.outcome).toBe("interrupted");
  });
});

describe("a reader who goes away", () => {
  it("ends the run: what runs is closed and nothing more is sent", async () => {
    const web1 = new ScriptedHost({
      commands: [
        [
          /slow/,
          function* () {
            yield { until: new Promise(() => undefined) };
          },
        ],
        [/./, ""],
      ],
    });
    const ran = await runOf({
      text: `${one}on web1\n  run slow\n  run next\n`,
      hosts: { web1 },
      until: (event) => event.type === "command",
    });
    expect(ran.events.at(-1)).toMatchObject({ type: "command", text: "slow" });
    expect(web1.sent.length).toBeLessThanOrEqual(1);
  });
});

describe("a rehearsal", () => {
  it("really runs what changes nothing and skips the rest, with what depends on it", async () => {
    const web1 = new ScriptedHost({
      commands: [
        [/show/, "id 4\n"],
        [/./, ""],
      ],
    });
    const { summary, of } = await runOf({
      text: `${one}on web1\n  run show\n    changes nothing\n    capture line "id <id: number>"\n  run change {id}\n    capture output as out\n  run look {out}\n    changes nothing\n  confirm "It is changed"\n  wait 5m\n`,
      hosts: { web1 },
      options: { rehearse: true },
    });
    expect(summary.outcome).toBe("done");
    expect(web1.sent).toHaveLength(1);
    expect(of("run-started")[0]).toMatchObject({ rehearsal: true });
    expect(of("result").map(({ outcome }) => outcome)).toEqual(["done", "skipped"]);
  });
});

describe("failures made again from the records", () => {
  it("say what the run's own summary says", async () => {
    const web1 = new ScriptedHost({
      commands: [
        [/bad/, "this is\nwhat came\n"],
        [/./, ""],
      ],
    });
    const { events, summary } = await runOf({
      text: `${one}on web1\n  run good\n  run bad\n    expect line "what comes"\n`,
      hosts: { web1 },
    });
    const [made] = failuresOf(events);
    const [told] = summary.failures;
    expect(made).toEqual({
      ...told,
      span: undefined,
      checks: told?.checks.map((check) => expect.objectContaining(check) as unknown),
    });
  });

  it("leave out what a later try made good and what may fail", async () => {
    let left = 2;
    const web1 = new ScriptedHost({
      commands: [
        [
          /flaky/,
          function* () {
            yield { say: "x\n" };
            return left-- > 0 ? 1 : 0;
          },
        ],
        [
          /optional/,
          function* () {
            yield { say: "y\n" };
            return 1;
          },
        ],
      ],
    });
    const { events } = await runOf({
      text: `${one}on web1\n  run flaky\n    changes nothing\n    retry 5 times every 1s\n  run optional\n    may fail because "it may"\n  expect 1 is 2\n`.replace(
        "  expect 1 is 2\n",
        '  fail "on purpose"\n',
      ),
      hosts: { web1 },
    });
    expect(failuresOf(events)).toMatchObject([{ reason: "on purpose" }]);
  });
});
