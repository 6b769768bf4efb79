// A program that writes a transcript: `forever` prints each number once it is durable, `fail` says how a full disk ended it.
import { Numbering, openSample, started } from "./made.ts";

const [parent = "", how = ""] = process.argv.slice(2);
const writer = await openSample(parent);
const numbering = new Numbering();
writer.write(numbering.next(started(writer)));
const reason = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "it did not fail",
    (error: unknown) => (error instanceof Error ? error.message : "?"),
  );
for (let failed = ""; failed === "";) {
  const event = numbering.next({
    type: "output",
    host: "luna",
    command: 1,
    stream: "out",
    text: `line ${"x".repeat(200)}\n`,
  });
  writer.write(event);
  if (how === "forever") {
    await writer.durable(event.n);
    process.stdout.write(`${event.n}\n`);
  } else {
    failed = await reason(writer.durable(event.n));
    if (failed === "it did not fail") failed = "";
    else process.stdout.write([failed, await reason(writer.durable(1)), await reason(writer.end())].join("\n"));
  }
}
