import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeWorkspace, ordo, runbooksPath } from "../support/program.ts";

const readme = readFileSync(join(runbooksPath, "..", "README.md"), "utf8");
const blocks = [...readme.matchAll(/^```runbook\n([\s\S]*?)^```$/gm)].map(([, text = ""]) => text);

describe("the README", () => {
  it("shows the three lines exactly as they lie in runbooks/, and a step of the exchange as it is", () => {
    expect(blocks[0]).toBe(readFileSync(join(runbooksPath, "three-lines", "three-lines.runbook"), "utf8"));
    const exchange = readFileSync(join(runbooksPath, "exchange-certificates", "exchange-certificates.runbook"), "utf8");
    expect(exchange).toContain(blocks[1]);
  });

  it("has an inventory that check accepts", async () => {
    const cwd = makeWorkspace({ "hosts.runbook": blocks[2] ?? "" });
    expect(await ordo(["check", "hosts.runbook"], { cwd })).toMatchObject({ status: 0, err: "" });
  });

  it("names only commands and options that there are", async () => {
    const cwd = makeWorkspace({});
    const commands = new Set([...readme.matchAll(/`(?:npx )?ordo ([a-z]+)/g)].map(([, name = ""]) => name));
    expect(commands.size).toBeGreaterThan(7);
    for (const name of commands) expect((await ordo([name, "--help"], { cwd })).status, name).toBe(0);
    const { out } = await ordo(["run", "--help"], { cwd });
    for (const [, option = ""] of readme.matchAll(
      /`(--(?:set|hosts|from|only|yes|allow-destroy|sign|json|rehearse))\b/g,
    ))
      expect(out).toContain(option);
  });
});
