import { describe, expect, it } from "vitest";
import { makeWorkspace, ordo } from "../support/program.ts";

async function saidOf(text: string, words: readonly string[] = []): Promise<string> {
  const cwd = makeWorkspace({ "a.runbook": text });
  const { status, err } = await ordo(["run", "a.runbook", ...words], { cwd });
  expect(status).toBe(1);
  return /go on, once it is mended: {2}(.*)/.exec(err)?.[1] ?? err;
}

describe("the way on after a failed step", () => {
  it("begins at that step, with the options that say what the run is", async () => {
    const text = 'needs who: text\nstep "One"\n  run echo {who}\nstep "Two"\n  run false\n';
    expect(await saidOf(text, ["--set", "who=Anna B"])).toBe("ordo run a.runbook --from 2 --set 'who=Anna B'");
  });

  it("begins at the start where the rest needs what an earlier step captured", async () => {
    const text = [
      'step "One"',
      "  run echo 7",
      '    capture line "<size: number>"',
      '  let twice = "{size}{size}"',
      'step "Two"',
      "  run false",
      'step "Three"',
      '  note "{twice}"',
      "",
    ].join("\n");
    expect(await saidOf(text)).toBe("ordo run a.runbook");
    expect(await saidOf(text.replace('note "{twice}"', 'note "nothing"'))).toBe("ordo run a.runbook --from 2");
  });
});
