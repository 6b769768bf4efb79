import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Gives all tests a temporary folder of their own, which is gone when the last one is over, whatever they left in it. */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), "ordo-tests-"));
  process.env["TMPDIR"] = folder;
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
