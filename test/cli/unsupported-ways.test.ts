import { describe, expect, it } from "vitest";
import { makeWorkspace, ordo, transcriptsIn } from "../support/program.ts";

describe("a way to a host that this version does not go", () => {
  it("is refused before anything runs", async () => {
    const cwd = makeWorkspace({
      "a.runbook": "run echo first\non web1\n  run echo a\non web2\n  run echo b\n",
      "hosts.runbook": [
        "host gate: linux at 192.0.2.1",
        "host web1: linux at 192.0.2.2",
        "  via gate",
        "host web2: linux at 192.0.2.3",
        "  by system ssh",
        "",
      ].join("\n"),
    });
    const { status, err } = await ordo(["run", "a.runbook"], { cwd });
    expect(status).toBe(1);
    expect(err).toContain("error unsupported-way  hosts.runbook:2:1");
    expect(err).toContain('web1 is reached through gate ("via"), and this version connects only directly.');
    expect(err).toContain('web2 is to be reached "by system ssh", and this version connects by itself only.');
    expect(transcriptsIn(cwd)).toEqual([]);
  });
});
