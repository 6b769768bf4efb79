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
