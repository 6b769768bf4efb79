import { describe, expect, it } from "vitest";
import { runOf } from "../support/run-of.ts";
import { ScriptedHost } from "../support/scripted-host.ts";

const web = "host web1: linux at 192.0.2.1\n\n";
const ready = (said = "12 free\n"): ScriptedHost =>
  new ScriptedHost({
    commands: [
      [/df/, said],
      [/./, "ok\n"],
    ],
  });

/** Begins at the second step, so that what the first would have captured isn't there. */
async function fromTheSecond(statement: string) {
  const web1 = ready();
  const ran = await runOf({
    text: `${web}step "Look" on web1\n  run df\n    capture line "<free: number> free"\nstep "Act" on web1\n${statement}`,
    hosts: { web1 },
    options: { from: "2" },
  });
  return { ...ran, sent: web1.sent };
}

describe("a condition over a value that isn't there", () => {
  it.each([
    ["takes no branch", "  if {free} > 10\n    run true\n  otherwise\n    run rm -r /srv/old\n"],
    ["is not turned into its opposite", "  if not {free} > 10\n    run rm -r /srv/old\n"],
    ["is not so as one of several", "  if not {free} > 10 and {free} > 0\n    run rm -r /srv/old\n"],
    [
      "does not say that nothing has to be sent, nor that something has",
      "  run rm -r /srv/old\n    already so when {free} > 10\n",
    ],
  ])("%s", async (_, statement) => {
    const { summary, sent } = await fromTheSecond(statement.replace(/^/, ""));
    expect(sent).toEqual([]);
    expect(summary.outcome).toBe("failed");
  });

  it("does not hold when its opposite is expected", async () => {
    const { summary } = await fromTheSecond("  expect not {free} is 3\n");
    expect(summary.outcome).toBe("failed");
  });
});

describe("a comparison of what has no order", () => {
  it("takes no branch, and says why", async () => {
    const web1 = ready("none\n");
    const { summary } = await runOf({
      text: `${web}on web1\n  run df\n    capture line "<free>"\n  if {free} > 10\n    run true\n  otherwise\n    run rm -r /srv/old\n`,
      hosts: { web1 },
    });
    expect(web1.sent).toHaveLength(1);
    expect(summary.failures[0]?.reason).toContain("neither is the greater");
  });
});
