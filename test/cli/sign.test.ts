import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeWorkspace, onlyTranscript, ordo } from "../support/program.ts";

function newKey(cwd: string, name: string): string {
  const path = join(cwd, name);
  expect(spawnSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", path]).status).toBe(0);
  return path;
}

describe("ordo sign", () => {
  it("adds a second person's signature beside the operator's, and verify trusts both by name", async () => {
    const cwd = makeWorkspace({ "a.runbook": "run echo hello\n" });
    const anna = newKey(cwd, "anna");
    const berta = newKey(cwd, "berta");
    expect((await ordo(["run", "a.runbook", "--sign", anna, "--operator", "anna"], { cwd })).status).toBe(0);
    const transcript = onlyTranscript(cwd);
    const signed = await ordo(["sign", transcript, "--key", berta, "--as", "berta"], { cwd });
    expect(signed.out).toMatch(/\/signatures\/berta\.json: signed by berta \(witness\) with SHA256:\S{43}\n$/);
    const publicKey = (path: string): string => readFileSync(`${path}.pub`, "utf8").split(" ").slice(0, 2).join(" ");
    writeFileSync(join(cwd, "signers"), `anna ${publicKey(anna)}\nberta ${publicKey(berta)}\n`);
    const verified = await ordo(["verify", transcript, "--allowed-signers", "signers", "--require", "signed,trusted"], {
      cwd,
    });
    expect(verified.status).toBe(0);
    const said = verified.out.replaceAll(/\s+/g, " ");
    expect(said).toContain("signatures/anna.sig is good and trusted: anna");
    expect(said).toContain("signatures/berta.sig is good and trusted: berta");
  });

  it("says what is missing, and signs nothing that is not sealed", async () => {
    const cwd = makeWorkspace({ "a.runbook": "run echo hello\n" });
    const key = newKey(cwd, "anna");
    expect(await ordo(["sign", "nowhere", "--key", key], { cwd })).toMatchObject({
      status: 2,
      err: "There is no nowhere.\n",
    });
    expect(await ordo(["sign", ".", "--key", "nokey"], { cwd })).toMatchObject({
      status: 2,
      err: "There is no nokey.\n",
    });
    expect(await ordo(["sign", ".", "--key", key], { cwd })).toMatchObject({
      status: 1,
      err: ". can't be signed: it is not sealed.\n",
    });
  });
});
