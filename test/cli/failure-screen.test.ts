import { describe, expect, it } from "vitest";
import { failureScreen } from "../../src/cli/failure-screen.ts";
import type { Failure } from "../../src/run/failure.ts";
import { plainPaint } from "../../src/text/code-frame.ts";
import { makeSource } from "../../src/text/source.ts";

const source = makeSource("three.runbook", "fetch server.pem from hsm\nregister client supreme ip 10.0.0.1\n");
const failure: Failure = {
  outcome: "failed",
  sentence: "register client supreme ip 10.0.0.1",
  place: { file: "three.runbook", line: 2, column: 1 },
  span: { source, start: 26, end: 61 },
  step: 2,
  host: "hsm",
  command: 9,
  sent: "client register -client supreme -ip 10.0.0.1",
  lastLines: ["Error:  'client register' failed.", "", "Command Result : 65535 (Luna Shell execution)"],
  checks: [
    {
      what: "expect line",
      expected: 'line "registered client 1: supreme"',
      seen: "nothing like it",
      nearest: "registered client 1: supremo",
    },
  ],
  reason: "The host's verdict is 65535 (Luna Shell execution).",
  likelyCause: ["Nothing makes it so that 10.0.0.1.pem is on hsm.", "Nothing makes it so that 10.0.0.1.pem is on hsm."],
  wayOn: "Send the certificate first.",
};

describe("the failure screen", () => {
  it("shows the sentence, the host, what was sent and came back, expected against seen, the cause and the way on", () => {
    expect(failureScreen(failure, plainPaint, 80).join("\n")).toBe(`
failed  three.runbook:2:1
  2 | register client supreme ip 10.0.0.1
    | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  The host's verdict is 65535 (Luna Shell execution).
  host      hsm
  sent      client register -client supreme -ip 10.0.0.1
  came back
  | Error:  'client register' failed.
  | 
  | Command Result : 65535 (Luna Shell execution)
  expected  line "registered client 1: supreme"
  seen      nothing like it
  nearest   registered client 1: supremo
                                       ^
  likely    Nothing makes it so that 10.0.0.1.pem is on hsm.
  way on    Send the certificate first.`);
  });

  it("fits a terminal of 40 columns, but for the runbook's own line", () => {
    const lines = failureScreen({ ...failure, span: undefined, lastLines: ["x".repeat(300)] }, plainPaint, 40);
    expect(lines.filter((line) => line.length > 40)).toEqual([]);
  });

  it("never lets what a host said speak to the terminal", () => {
    const lines = failureScreen(
      { ...failure, lastLines: ["\u001b]0;owned\u0007"], reason: "\u001b[2J" },
      plainPaint,
      80,
    );
    expect(lines.join("")).not.toMatch(/\p{Cc}/u);
  });
});
