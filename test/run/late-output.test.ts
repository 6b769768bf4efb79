import { expect, it } from "vitest";
import { machineClock } from "../../src/run/clock.ts";
import { openOutput } from "../../src/run/events/output-pieces.ts";
import { Recorder } from "../../src/run/events/recorder.ts";
import type { NumberedEvent } from "../../src/run/record-table.ts";
import { Redactor } from "../../src/secrets/redactor.ts";

it("what a program that was cut off says after its result is in no record: the last one stays the last", async () => {
  const recorder = new Recorder({ clock: machineClock, redact: (text) => text, durable: () => Promise.resolve() });
  const output = openOutput({
    recorder,
    clock: { ...machineClock, wait: () => Promise.resolve() },
    redactor: new Redactor(),
    host: "web1",
    context: {},
    hidden: false,
    held: false,
  });
  void output.take({ stream: "out", bytes: Buffer.from("in time") });
  output.end();
  void output.take({ stream: "out", bytes: Buffer.from("too late") });
  await new Promise((resolve) => setImmediate(resolve));
  recorder.close();
  recorder.emit({ type: "note", words: "after the end" });
  const events: NumberedEvent[] = [];
  for await (const event of recorder.events()) events.push(event);
  expect(events).toMatchObject([{ type: "output", text: "in time" }]);
});
