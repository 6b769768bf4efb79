import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { connect } from "../../src/hosts/connect.ts";
import { noSignal, targetWith } from "./target.ts";

it.skipIf(process.platform === "win32")(
  "a file here that is replaced keeps its mode: a private key stays private",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "ordo-mode-"));
    try {
      const [from, to] = [join(folder, "new.key"), join(folder, "old.key")];
      writeFileSync(from, "new");
      writeFileSync(to, "old");
      chmodSync(to, 0o600);
      const here = await connect(targetWith({ here: true, name: "here" }), noSignal);
      await here.send(from, to);
      expect(readFileSync(to, "utf8")).toBe("new");
      expect(statSync(to).mode & 0o777).toBe(0o600);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
