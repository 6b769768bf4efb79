import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, describe, expect, it } from "vitest";

import { describeSource, readSecret, type SecretReading } from "../../src/secrets/sources.ts";

const reading: SecretReading = {
  environment: { TOKEN: "from the environment", EMPTY: "", PATH: process.env["PATH"] },
  ask: () => Promise.resolve(undefined),
};
const folder = mkdtempSync(join(tmpdir(), "ordo-secrets-test-"));

afterAll(() => rmSync(folder, { recursive: true }));

async function failureOf(...args: Parameters<typeof readSecret>): Promise<string> {
  const read = await readSecret(...args);
  return "failure" in read ? read.failure : "";
}

async function valueOf(...args: Parameters<typeof readSecret>): Promise<string | undefined> {
  const read = await readSecret(...args);
  return "secret" in read ? read.secret.reveal() : undefined;
}

describe("reading a secret", () => {
  it("takes it from a variable, a prompt, a file and a command's first line", async () => {
    const path = join(folder, "password");
    writeFileSync(path, "\ufefffrom a file\r\n", { mode: 0o600 });
    expect(await valueOf("s", { type: "env", variable: "TOKEN" }, reading)).toBe("from the environment");
    expect(
      await valueOf("s", { type: "prompt" }, { ...reading, ask: (name) => Promise.resolve(`typed for ${name}`) }),
    ).toBe("typed for s");
    expect(await valueOf("s", { type: "file", path }, reading)).toBe("from a file");
    expect(await valueOf("s", { type: "command", command: "printf 'first \\n second\\n'" }, reading)).toBe("first ");
  });

  it("keeps the lines of a key, without the last line feed", async () => {
    const path = join(folder, "key");
    writeFileSync(path, "one\ntwo\n", { mode: 0o600 });
    expect(await valueOf("s", { type: "file", path }, reading)).toBe("one\ntwo");
  });

  it("says which source holds nothing, and what to do", async () => {
    expect(await failureOf("s", { type: "env", variable: "MISSING" }, reading)).toBe(
      "The secret s comes from the environment variable MISSING, which is not set.",
    );
    expect(await failureOf("s", { type: "env", variable: "EMPTY" }, reading)).toContain("is empty");
    expect(await failureOf("s", { type: "prompt" }, reading)).toContain('"from env"');
    expect(await failureOf("s", { type: "file", path: join(folder, "none") }, reading)).toContain(
      "there is no such file",
    );
    expect(await failureOf("s", { type: "file", path: folder }, reading)).toContain("which is a folder");
    expect(await failureOf("s", { type: "command", command: "exit 3" }, reading)).toContain("exit status 3");
    expect(await failureOf("s", { type: "command", command: "printf '\\377'" }, reading)).toContain("not UTF-8");
    expect(
      await failureOf("s", { type: "command", command: "exec sleep 600" }, { ...reading, commandTimeoutMs: 1 }),
    ).toContain("did not end within");
    expect(await failureOf("s", { type: "command", command: "kill -9 $$" }, reading)).toContain("signal SIGKILL");
  });

  it("warns of a file that others may read, and reads it", async () => {
    const path = join(folder, "open");
    writeFileSync(path, "value-of-it");
    chmodSync(path, 0o644);
    const read = await readSecret("s", { type: "file", path }, reading);
    expect(read).toMatchObject({ warning: expect.stringContaining("chmod 600") });
    expect(JSON.stringify(read)).not.toContain("value-of-it");
  });

  it("describes a source without its value", () => {
    expect(describeSource({ type: "env", variable: "TOKEN" })).toBe("env TOKEN");
  });
});
