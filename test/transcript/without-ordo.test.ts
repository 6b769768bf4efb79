// The commands of grammar/transcript.md, as they stand there, on untouched and on altered transcripts.
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { sha256 } from "../../src/transcript/chain.ts";
import { signTranscript } from "../../src/transcript/sign.ts";
import { now, sealedSample, temporaryFolder, removeTemporaryFolders } from "./made.ts";

const work = temporaryFolder();
const script = join(work, "check.sh");
let signed: string;

beforeAll(async () => {
  const page = join(import.meta.dirname, "../../grammar/transcript.md");
  const command = / {4}(awk .*) transcript\.md > check\.sh/.exec(readFileSync(page, "utf8"))?.[1] ?? "false";
  execFileSync("sh", ["-c", `${command} "$0" > "$1"`, page, script]);
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "anna", "-f", join(work, "anna")]);
  writeFileSync(join(work, "allowed"), `anna@example.org ${readFileSync(join(work, "anna.pub"), "utf8")}`);
  writeFileSync(join(work, "nobody"), "");
  signed = await sealedSample();
  await signTranscript(signed, {
    key: join(work, "anna"),
    name: "anna",
    role: "operator",
    meaning: "I ran it",
    now,
    mayAsk: false,
  });
});

function check(folder: string, ...more: string[]): { status: number | null; out: string; error: string } {
  const ran = spawnSync("bash", [script, folder, ...more], { encoding: "utf8" });
  return { status: ran.status, out: ran.stdout, error: ran.stderr };
}

function copied(): string {
  const folder = join(temporaryFolder(), "copy");
  cpSync(signed, folder, { recursive: true });
  return folder;
}

function alter(folder: string, file: string, change: (text: string) => string): void {
  writeFileSync(join(folder, file), change(readFileSync(join(folder, file), "latin1")), "latin1");
}

function withhold(folder: string, more: string): void {
  alter(folder, "transcript.jsonl", (text) =>
    text
      .split("\n")
      .map((line, i) =>
        i === 6
          ? `{"n":7,"withheld":"${sha256(Buffer.from(`${line}\n`, "latin1"))}","prev":"${/"prev":"([0-9a-f]{64})"\}$/.exec(line)?.[1]}"}${more}`
          : line,
      )
      .join("\n"),
  );
}

afterAll(removeTemporaryFolders);

describe("the commands for an auditor", () => {
  it("find an untouched transcript whole, and say who signed it", () => {
    const plain = check(signed);
    expect(plain).toMatchObject({
      status: 0,
      out: expect.stringMatching(
        /signed: "anna", "operator", "I ran it".*\nthe transcript is whole: 21 records, head [0-9a-f]{64}\n$/s,
      ),
    });
    expect(check(signed, join(work, "allowed"))).toMatchObject({
      status: 0,
      out: expect.stringContaining("anna@example.org"),
    });
    expect(check(signed, join(work, "nobody"))).toMatchObject({
      status: 1,
      error: expect.stringContaining("not allowed"),
    });
  });

  it("say that nobody signed", async () => {
    expect(check(await sealedSample())).toMatchObject({ status: 0, out: expect.stringContaining("signed by nobody") });
  });

  it("see one changed byte in every file", () => {
    const files = readdirSync(signed, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    for (const entry of files) {
      const path = join(entry.parentPath, entry.name).slice(signed.length + 1);
      const size = readFileSync(join(signed, path)).length;
      for (const at of [size >> 1]) {
        const folder = copied();
        alter(
          folder,
          path,
          (text) => text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ 1) + text.slice(at + 1),
        );
        expect(check(folder).status, `${path} at ${at}`).not.toBe(0);
      }
    }
  });

  it.each<[string, (folder: string) => void]>([
    [
      "a record removed",
      (folder) => alter(folder, "transcript.jsonl", (text) => text.split("\n").toSpliced(5, 1).join("\n")),
    ],
    [
      "records swapped",
      (folder) =>
        alter(folder, "transcript.jsonl", (text) =>
          text
            .split("\n")
            .toSpliced(5, 2, ...text.split("\n").slice(5, 7).toReversed())
            .join("\n"),
        ),
    ],
    [
      "a record repeated",
      (folder) =>
        alter(folder, "transcript.jsonl", (text) =>
          text
            .split("\n")
            .toSpliced(5, 0, text.split("\n")[5] ?? "")
            .join("\n"),
        ),
    ],
    ["a record added", (folder) => alter(folder, "transcript.jsonl", (text) => `${text}{"n":22}\n`)],
    [
      "the last record cut off",
      (folder) => alter(folder, "transcript.jsonl", (text) => text.split("\n").slice(0, 20).join("\n") + "\n"),
    ],
    ["a torn line", (folder) => alter(folder, "transcript.jsonl", (text) => text.slice(0, -1))],
    ["a carriage return", (folder) => alter(folder, "transcript.jsonl", (text) => text.replace("\n", "\r\n"))],
    [
      "a key twice",
      (folder) =>
        alter(folder, "transcript.jsonl", (text) => text.replace('"type":"bound"', '"type":"note","type":"bound"')),
    ],
    ["a wrong count", (folder) => alter(folder, "seal.json", (text) => text.replace('"output": 4', '"output": 5'))],
    ["a source removed", (folder) => rmSync(join(folder, "sources/1-exchange.runbook"))],
    ["a file added", (folder) => writeFileSync(join(folder, "evidence/luna/2-x"), "")],
    ["a link", (folder) => symlinkSync("/etc/hostname", join(folder, "evidence/luna/2-x"))],
    ["a signature without a statement", (folder) => rmSync(join(folder, "signatures/anna.json"))],
    ["a statement without a signature", (folder) => rmSync(join(folder, "signatures/anna.sig"))],
    ["a stranger in signatures", (folder) => writeFileSync(join(folder, "signatures/x"), "")],
    ["no seal", (folder) => rmSync(join(folder, "seal.json"))],
  ])("see %s", (_, change) => {
    const folder = copied();
    change(folder);
    expect(check(folder)).toMatchObject({ status: 1, error: expect.stringContaining("NOT SO") });
  });

  it("accept withheld records and count them, but none with another byte", () => {
    const folder = copied();
    withhold(folder, "");
    rmSync(join(folder, "transcript.txt"));
    expect(check(folder)).toMatchObject({ status: 0, out: expect.stringContaining("withheld: 1 of 4 output") });
    const other = copied();
    withhold(other, " ");
    expect(check(other).status).toBe(1);
  });

  it("check CMS signatures and time stamps by openssl", () => {
    const folder = copied();
    const run = (...args: string[]): void => void execFileSync("openssl", args, { cwd: work, stdio: "ignore" });
    run(
      "req",
      "-x509",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-keyout",
      "ca.key",
      "-out",
      "ca.pem",
      "-subj",
      "/CN=Test authority",
      "-days",
      "2",
    );
    writeFileSync(join(work, "tsa.ext"), "extendedKeyUsage=critical,timeStamping\n");
    run("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Test stamps");
    run(
      "x509",
      "-req",
      "-in",
      "tsa.csr",
      "-CA",
      "ca.pem",
      "-CAkey",
      "ca.key",
      "-CAcreateserial",
      "-out",
      "tsa.pem",
      "-days",
      "2",
      "-extfile",
      "tsa.ext",
    );
    writeFileSync(
      join(work, "tsa.cnf"),
      "[tsa]\ndefault_tsa=t\n[t]\nserial=serial\ncrypto_device=builtin\nsigner_cert=tsa.pem\nsigner_key=tsa.key\ncerts=ca.pem\nsigner_digest=sha256\ndefault_policy=1.2.3.4\ndigests=sha256\naccuracy=secs:1\nordering=no\ntsa_name=no\ness_cert_id_chain=no\n",
    );
    writeFileSync(join(work, "serial"), "01\n");
    const at = (name: string): string => join(folder, "signatures", name);
    run("ts", "-query", "-data", at("anna.sig"), "-sha256", "-cert", "-out", "query");
    run("ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query", "-out", at("anna.tsr"));
    cpSync(at("anna.json"), at("berta.json"));
    run(
      "cms",
      "-sign",
      "-binary",
      "-in",
      at("berta.json"),
      "-signer",
      "ca.pem",
      "-inkey",
      "ca.key",
      "-outform",
      "DER",
      "-out",
      at("berta.p7s"),
    );
    expect(check(folder, join(work, "allowed"), join(work, "ca.pem"))).toMatchObject({
      status: 0,
      out: expect.stringContaining("Time stamp: "),
    });
    expect(check(folder).status).toBe(1);
    for (const name of ["anna.tsr", "berta.p7s"]) {
      const other = join(temporaryFolder(), "copy");
      cpSync(folder, other, { recursive: true });
      alter(
        other,
        `signatures/${name}`,
        (text) => text.slice(0, -5) + String.fromCharCode(text.charCodeAt(text.length - 5) ^ 1) + text.slice(-4),
      );
      expect(check(other, join(work, "allowed"), join(work, "ca.pem")).status).toBe(1);
    }
  });
});
