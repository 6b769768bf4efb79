// A sealed transcript of a real run: untouched, signed, and altered in every way that a file can be.
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeWorkspace, onlyTranscript, ordo, ordoPath, environment } from "../support/program.ts";

const work = mkdtempSync(join(tmpdir(), "ordo-tampering-"));
const key = join(work, "anna");
const allowed = join(work, "allowed_signers");
let sealed: string;
let files: string[];

beforeAll(() => {
  spawnSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", key]);
  writeFileSync(allowed, `anna@example.org ${readFileSync(`${key}.pub`, "utf8")}`);
  writeFileSync(join(work, "kept.txt"), "kept as evidence\n");
  writeFileSync(
    join(work, "a.runbook"),
    'use linux\nstep "Look"\n  run echo hello\n    expect line "hello"\n  attach kept.txt\n',
  );
  const ran = run(["run", "a.runbook", "--sign", key]);
  expect(ran.stderr).not.toContain("failed");
  expect(ran.status).toBe(0);
  sealed = onlyTranscript(work);
  files = readdirSync(sealed, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(sealed, join(entry.parentPath, entry.name)));
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

function run(words: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [ordoPath, ...words], {
    cwd: work,
    env: environment({ cwd: work }),
    encoding: "utf8",
  });
}

/** A copy, altered, and what verify says of it. */
function verifyAltered(
  alter: (folder: string) => void,
  words: readonly string[] = [],
): { status: number | null; out: string } {
  const copy = join(makeWorkspace(), "copy");
  cpSync(sealed, copy, { recursive: true });
  alter(copy);
  const { status, stdout, stderr } = run(["verify", copy, ...words]);
  return { status, out: `${stdout}${stderr}` };
}

describe("an untouched transcript", () => {
  it("verifies, and says by which key it was signed", () => {
    const { status, out } = verifyAltered(() => undefined);
    expect(status).toBe(0);
    expect(out).toMatch(/SHA256:/);
    expect(verifyAltered(() => undefined, ["--require", "trusted"]).status).toBe(1);
  });

  it("verifies for whom the signer is allowed, by name", () => {
    const { status, out } = verifyAltered(
      () => undefined,
      ["--allowed-signers", allowed, "--require", "signed,trusted"],
    );
    expect(status).toBe(0);
    expect(out).toContain("anna@example.org");
  });

  it("has folders and files that nobody else may read", () => {
    expect(statSync(sealed).mode & 0o777).toBe(0o700);
    expect(files.map((file) => statSync(join(sealed, file)).mode & 0o777)).toEqual(files.map(() => 0o600));
    expect(files.toSorted()).toEqual([
      expect.stringMatching(/^evidence\/here\/\d+-kept\.txt$/),
      "seal.json",
      expect.stringMatching(/^signatures\/.+\.json$/),
      expect.stringMatching(/^signatures\/.+\.sig$/),
      expect.stringMatching(/^sources\/\d+-a\.runbook$/),
      "sources/2-core.runbook",
      "sources/3-linux.runbook",
      "transcript.jsonl",
      "transcript.txt",
    ]);
  });

  it("is whole by jq, sha256sum and ssh-keygen alone", () => {
    const page = join(import.meta.dirname, "../../grammar/transcript.md");
    const script = [...readFileSync(page, "utf8").matchAll(/^```bash\n(.*?)^```$/gms)]
      .map((found) => found[1])
      .join("");
    writeFileSync(join(work, "check.sh"), script);
    const checked = (folder: string) =>
      spawnSync("bash", [join(work, "check.sh"), folder, allowed], { encoding: "utf8" });
    const whole = checked(sealed);
    expect(whole.stderr).toBe("");
    expect(whole.status).toBe(0);
    expect(whole.stdout).toContain("the transcript is whole");
    const copy = join(makeWorkspace(), "copy");
    cpSync(sealed, copy, { recursive: true });
    const path = join(copy, "transcript.jsonl");
    writeFileSync(path, readFileSync(path, "utf8").replace("hello", "hallo"));
    expect(checked(copy).status).not.toBe(0);
  });
});

describe("an altered transcript", () => {
  it("is found with status 1, and the file is named, whichever byte of it was changed", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...files),
        fc.noBias(fc.nat()),
        fc.integer({ min: 1, max: 255 }),
        (file, position, difference) => {
          const { status, out } = verifyAltered((copy) => {
            const bytes = readFileSync(join(copy, file));
            const at = position % bytes.length;
            bytes[at] = (bytes[at] ?? 0) ^ difference;
            writeFileSync(join(copy, file), bytes);
          });
          expect(out.replaceAll(/\s+/g, " ")).toContain(file);
          expect(status).toBe(1);
        },
      ),
      { numRuns: 40, examples: files.map((file): [string, number, number] => [file, 0, 1]) },
    );
  }, 60_000);

  it("is found when a file is gone, shortened, prolonged, added, or a link", () => {
    for (const file of files) {
      const gone = verifyAltered((copy) => rmSync(join(copy, file)));
      expect({ file, status: gone.status }).toEqual({ file, status: file === "transcript.jsonl" ? 2 : 1 });
      for (const change of [
        (bytes: Buffer) => bytes.subarray(0, -1),
        (bytes: Buffer) => Buffer.concat([bytes, Buffer.from("\n")]),
      ]) {
        const { status } = verifyAltered((copy) =>
          writeFileSync(join(copy, file), change(readFileSync(join(copy, file)))),
        );
        expect({ file, status }).toEqual({ file, status: 1 });
      }
    }
    for (const added of ["more.txt", "sources/9-more", "evidence/here/9-more", "signatures/more"]) {
      const { status, out } = verifyAltered((copy) => {
        mkdirSync(join(copy, added, ".."), { recursive: true });
        writeFileSync(join(copy, added), "more");
      });
      expect(out).toContain(added);
      expect(status).toBe(1);
    }
    const linked = verifyAltered((copy) => {
      rmSync(join(copy, "transcript.txt"));
      symlinkSync(join(sealed, "transcript.txt"), join(copy, "transcript.txt"));
    });
    expect(linked.out).toContain("transcript.txt");
    expect(linked.status).toBe(1);
  }, 60_000);

  it("is found by the head on paper", async () => {
    const head = (JSON.parse(readFileSync(join(sealed, "seal.json"), "utf8")) as { head: string }).head;
    expect((await ordo(["verify", sealed, "--head", head.slice(0, 16)], { cwd: work })).status).toBe(0);
    expect((await ordo(["verify", sealed, "--head", "0123456789abcdef"], { cwd: work })).status).toBe(1);
  });
});

describe("a key that can't sign", () => {
  it("leaves a sealed transcript, and status 1", async () => {
    const cwd = makeWorkspace({ "a.runbook": "use linux\nrun echo hello\n", key: "no key\n" });
    chmodSync(join(cwd, "key"), 0o600);
    const ran = await ordo(["run", "a.runbook", "--sign", "key"], { cwd });
    expect(ran.err).toContain("sealed and not signed");
    expect(ran.status).toBe(1);
    expect((await ordo(["verify", onlyTranscript(cwd)], { cwd })).status).toBe(0);
  });
});
