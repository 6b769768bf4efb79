import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exitStatus } from "./exit-status.ts";
import type { Output } from "./output.ts";
import { messageOf } from "../text/message-of.ts";

/** `ordo lab`: starts the simulated hosts, prints their inventory and the variables that it names, and waits for Ctrl-C. */
export async function labCommand(
  options: { readonly port?: number; readonly write?: string },
  output: Output,
): Promise<number> {
  const { startLab } = await import("../lab/lab.ts");
  const folder = mkdtempSync(join(tmpdir(), "ordo-lab-"));
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => resolve());
  });
  try {
    const lab = await startLab({
      folder,
      ports: options.port === undefined ? "fixed" : "free",
      keys: options.port === undefined ? "fixed" : "fresh",
    });
    try {
      const inventory = lab.inventory();
      if (options.write !== undefined) writeFileSync(options.write, inventory);
      output.out(inventory.trimEnd());
      output.err("");
      output.err("The lab runs until Ctrl-C. In another shell, first:");
      for (const [name, value] of Object.entries(lab.environment)) output.err(`  export ${name}='${value}'`);
      await stopped;
    } finally {
      await lab.close();
    }
  } catch (problem) {
    output.err(`The lab can't run: ${messageOf(problem)}`);
    return exitStatus.notSo;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  output.err("The lab is stopped.");
  return exitStatus.ok;
}
