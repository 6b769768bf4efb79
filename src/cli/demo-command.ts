import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Lab } from "../lab/lab.ts";
import { exitStatus } from "./exit-status.ts";
import type { Output } from "./output.ts";
import { runCommand } from "./run-command.ts";
import { shortPath } from "./shell-word.ts";
import { verifyCommand } from "./verify-command.ts";

/** `ordo demo`: the exchange of certificates on the lab, from nothing to a verified transcript, which is shown. */
export async function demoCommand(output: Output): Promise<number> {
  const { startLab } = await import("../lab/lab.ts");
  const folder = mkdtempSync(join(tmpdir(), "ordo-demo-"));
  try {
    const lab = await startLab({ folder: join(folder, "lab"), ports: "free", keys: "fresh" });
    try {
      return await exchange(lab, folder, output);
    } finally {
      await lab.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function exchange(lab: Lab, folder: string, output: Output): Promise<number> {
  const runbook = join(runbooksFolder(), "exchange-certificates", "exchange-certificates.runbook");
  const hosts = join(folder, "hosts.runbook");
  writeFileSync(hosts, lab.inventory());
  Object.assign(process.env, lab.environment);
  const transcript = newTranscriptFolder();
  output.out("A simulated Luna appliance and its clients run on loopback. Nothing is registered on them yet.");
  output.out(`ordo run ${shortPath(runbook)} --set client_address=192.168.5.174 --yes`);
  output.out("");
  const status = await runCommand(
    runbook,
    { hosts, set: new Map([["client_address", "192.168.5.174"]]), yes: true, transcript },
    output,
  );
  if (status !== exitStatus.ok) return status;
  output.out("");
  output.out(`${shortPath(transcript)}/transcript.txt`);
  output.out("");
  output.out((await readFile(join(transcript, "transcript.txt"), "utf8")).trimEnd());
  output.out("");
  output.out(`ordo verify ${shortPath(transcript)}`);
  return verifyCommand(transcript, {}, output);
}

/** `runbooks/` of the package, from its sources as from `dist/`. */
function runbooksFolder(): string {
  const found = [join(import.meta.dirname, "..", "runbooks"), join(import.meta.dirname, "..", "..", "runbooks")].find(
    (folder) => existsSync(folder),
  );
  if (found === undefined) throw new Error("the runbooks that come with ordo are not beside it; install it again.");
  return found;
}

function newTranscriptFolder(): string {
  const name = `${new Date().toISOString().slice(0, 19).replaceAll(":", "")}Z-demo`;
  for (let count = 1; ; count++) {
    const folder = join(process.cwd(), "transcripts", count === 1 ? name : `${name}-${count}`);
    if (!existsSync(folder)) return folder;
  }
}
