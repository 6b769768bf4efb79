import { describe, expect, it } from "vitest";
import type { Output } from "../../src/cli/output.ts";
import { fit, makeLineView, makeLiveView, shortDuration } from "../../src/cli/run-view.ts";
import type { NumberedEvent } from "../../src/run/record-table.ts";
import { plainPaint } from "../../src/text/code-frame.ts";

function heard(columns = 60): { readonly output: Output; readonly out: string[]; readonly err: string[] } {
  const out: string[] = [];
  const err: string[] = [];
  const output: Output = {
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    draw: () => {},
    lost: () => false,
    paint: plainPaint,
    outPaint: plainPaint,
    columns,
    live: true,
  };
  return { output, out, err };
}

const when = { at: "2026-11-25T12:00:00.000Z", ms: 0 };
const command = {
  type: "command",
  sentence: "restart service nginx",
  text: "systemctl restart nginx",
  shell: "sh",
  changes: true,
  attempt: 1,
} as const;
const phrase: NumberedEvent[] = [
  { n: 1, ...when, type: "step-started", step: 1, title: "Restart" },
  { n: 2, ...when, ...command, host: "web1", shell: "phrase" },
  { n: 3, ...when, ...command, host: "web1", command: 2 },
  { n: 4, ...when, type: "result", command: 3, host: "web1", outcome: "done", durationMs: 300, bytes: 0 },
  { n: 5, ...when, type: "result", command: 2, host: "web1", outcome: "already so", durationMs: 310, bytes: 0 },
];

describe("a run that is followed", () => {
  it("is one line for each finished statement in a pipe, host first, whatever a phrase did inside", () => {
    const { output, out, err } = heard();
    const view = makeLineView(output);
    for (const event of phrase) view.show(event);
    expect(out).toEqual(["web1: already so: restart service nginx (0.3s)"]);
    expect(err).toEqual([]);
  });

  it("shows titles and marks on a terminal, in its width", () => {
    const { output, err } = heard(40);
    const view = makeLiveView(output);
    for (const event of phrase) view.show(event);
    view.clear();
    expect(err).toEqual(["1 Restart", "  = web1  restart service nginx    0.3s"]);
  });

  it("tells the runbook's notes beside the statements, and leaves the run's own to the transcript", () => {
    const { output, out } = heard();
    const view = makeLineView(output);
    const source = { file: "a.runbook", line: 1, column: 1 };
    view.show({ n: 1, ...when, type: "note", words: "mind the gap", source });
    view.show({ n: 2, ...when, type: "note", words: "hsm says at login" });
    view.show({ n: 3, ...when, type: "interrupted", signal: "SIGINT" });
    expect(out).toEqual(["here: note: mind the gap", "interrupted (SIGINT)"]);
  });

  it("keeps to one line in a pipe what has line breaks", () => {
    const { output, out } = heard();
    const view = makeLineView(output);
    view.show({ n: 1, ...when, type: "note", words: "one\ntwo", source: { file: "a.runbook", line: 1, column: 1 } });
    expect(out).toEqual(["here: note: one two"]);
  });

  it("cuts long texts with an ellipsis and shows control characters instead of sending them", () => {
    expect(fit("abcdef", 4)).toBe("abc…");
    expect(fit("a\u001b[2Jb\nc", 20)).toBe("a\ufffd[2Jb c");
  });

  it("says durations as people do", () => {
    expect([40, 9_940, 9_960, 61_000].map(shortDuration)).toEqual(["0.0s", "9.9s", "10s", "1m01s"]);
  });
});
