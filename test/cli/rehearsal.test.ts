import { describe, expect, it } from "vitest";
import { makeWorkspace, ordo } from "../support/program.ts";

describe("a rehearsal without a terminal", () => {
  it("is not refused for what it asks nobody: confirm, and work by hand", async () => {
    const cwd = makeWorkspace({
      "a.runbook": 'confirm "The lid is open"\nby hand "Insert the key"\non here\n  run true\n    changes nothing\n',
    });
    const { status, err } = await ordo(["run", "a.runbook", "--rehearse"], { cwd });
    expect({ status, err }).toMatchObject({ status: 0 });
    expect((await ordo(["run", "a.runbook"], { cwd })).status).toBe(4);
  });
});

describe("a rehearsal", () => {
  const text = [
    'step "Make"',
    "  run touch made",
    'step "Look"',
    "  run ls",
    "    changes nothing",
    '    expect line "made"',
    "    retry for 1h every 1m",
    'step "Go on"',
    "  run echo reached",
    "    changes nothing",
    "",
  ].join("\n");

  it("goes on where an expectation misses what a skipped line would have made so, and says it", async () => {
    const cwd = makeWorkspace({ "a.runbook": text });
    const { status, out, err } = await ordo(["run", "a.runbook", "--rehearse"], { cwd });
    expect({ status, err: err.includes("failed  a.runbook") }).toEqual({ status: 0, err: false });
    expect(out).toContain("here: skipped: run touch made");
    expect(out).toContain(
      "note: The run goes on after this failure: a rehearsal can't judge it, since lines before it that change something were skipped.",
    );
    expect(out).toContain("here: done: run echo reached");
  });

  it("fails where nothing was skipped before", async () => {
    const cwd = makeWorkspace({ "a.runbook": 'run ls\n  changes nothing\n  expect line "made"\nrun touch made\n' });
    expect((await ordo(["run", "a.runbook", "--rehearse"], { cwd })).status).toBe(1);
  });
});
