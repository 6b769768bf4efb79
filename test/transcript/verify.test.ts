import { cpSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { verifyTranscript } from "../../src/transcript/verify.ts";
import { sealedSample, temporaryFolder } from "./made.ts";

describe("verify", () => {
  it("finds nothing wrong with an untouched transcript, and says that nobody signed it", async () => {
    const folder = await sealedSample();
    const verification = await verifyTranscript(folder);
    expect(verification.exit).toBe(0);
    void cpSync;
    void join;
    void temporaryFolder;
  });
});
