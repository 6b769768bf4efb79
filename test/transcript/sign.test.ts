import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { signTranscript } from "../../src/transcript/sign.ts";
import { verifyTranscript } from "../../src/transcript/verify.ts";
import type { Verification, VerifyOptions } from "../../src/transcript/verification.ts";
import { now, openSample, sealedSample, temporaryFolder, removeTemporaryFolders } from "./made.ts";

const keys = temporaryFolder();
const anna = { name: "Anna B.", role: "operator", meaning: "I ran it", now, mayAsk: false };
let signed: string;

function key(name: string, ...more: string[]): string {
  execFileSync("ssh-keygen", ["-q", "-N", "", "-C", name, "-f", join(keys, name), ...more]);
  return join(keys, name);
}

function copied(): string {
  const folder = join(temporaryFolder(), "copy");
  cpSync(signed, folder, { recursive: true });
  return folder;
}

async function verified(folder: string, options?: VerifyOptions): Promise<Verification> {
  const verification = await verifyTranscript(folder, options);
  if (verification.exit === 2) throw new Error(verification.sentence);
  return verification;
}

function sentences(verification: Verification, name: string): string {
  return verification.checks.find((check) => check.name === name)?.sentences.join(" ") ?? "";
}

beforeAll(async () => {
  key("anna", "-t", "ed25519");
  key("berta", "-t", "ecdsa");
  signed = await sealedSample();
  const made = await signTranscript(signed, { ...anna, key: join(keys, "anna") });
  expect(made).toEqual({
    path: join(signed, "signatures/Anna_B..json"),
    fingerprint: expect.stringMatching(/^SHA256:/),
  });
});

function allowedSigners(...names: string[]): string {
  const path = join(temporaryFolder(), "allowed");
  writeFileSync(
    path,
    names
      .map(
        (name) => `${name}@example.org namespaces="ordo-transcript" ${readFileSync(join(keys, `${name}.pub`), "utf8")}`,
      )
      .join(""),
  );
  return path;
}

function armoured(bytes: Buffer): string {
  return `-----BEGIN SSH SIGNATURE-----\n${bytes.toString("base64").replaceAll(/.{70}/g, "$&\n").trimEnd()}\n-----END SSH SIGNATURE-----\n`;
}

afterAll(removeTemporaryFolders);

describe("signing", () => {
  it("is good but not trusted without allowed signers, and trusted by the key's principal with them", async () => {
    const without = await verified(signed);
    expect(without.exit).toBe(0);
    expect(without.summary).toBe("Whole, untouched and sealed, signed by Anna B. (not trusted).");
    const allowed = await verified(signed, {
      allowedSigners: allowedSigners("berta", "anna"),
      require: ["signed", "trusted"],
    });
    expect(allowed.exit).toBe(0);
    expect(allowed.summary).toBe("Whole, untouched and sealed, signed by anna@example.org (trusted).");
    const other = await verified(signed, { allowedSigners: allowedSigners("berta") });
    expect(other).toMatchObject({ exit: 0, summary: expect.stringContaining("not trusted") });
    expect((await verified(signed, { allowedSigners: allowedSigners("berta"), require: ["trusted"] })).exit).toBe(1);
    expect(await verifyTranscript(signed, { allowedSigners: "/nonexistent" })).toMatchObject({ exit: 2 });
  });

  it("says what is required and missing", async () => {
    const unsigned = await sealedSample();
    expect((await verified(unsigned, { require: ["signed"] })).exit).toBe(1);
    expect((await verified(signed, { require: ["stamped"] })).exit).toBe(1);
    expect((await verified(signed, { require: ["signed", "complete"] })).exit).toBe(0);
  });

  it("stands by every byte of the statement and of the signature", async () => {
    for (const file of ["signatures/Anna_B..json", "signatures/Anna_B..sig"]) {
      const bytes = readFileSync(join(signed, file));
      // Every place once is minutes of ssh-keygen; a prime step meets each line and each field.
      for (let at = 0; at < bytes.length; at += 13) {
        const folder = copied();
        const altered = Buffer.from(bytes);
        altered[at] = (altered[at] ?? 0) ^ 1;
        writeFileSync(join(folder, file), altered);
        const verification = await verified(folder);
        expect(verification.exit, `${file} at ${at}`).toBe(1);
        expect(verification.checks.find(({ name }) => name === "signatures")?.places[0]?.file).toMatch(
          /^signatures\/Anna_B\.\./,
        );
        rmSync(folder, { recursive: true });
      }
      const folder = copied();
      rmSync(join(folder, file));
      expect((await verified(folder)).exit).toBe(1);
    }
  });

  it("does not take what ssh-keygen forgives: other line breaks, another version, a filled reserved field", async () => {
    const path = "signatures/Anna_B..sig";
    const text = readFileSync(join(signed, path), "utf8");
    const blob = Buffer.from(text.replaceAll(/-----.*-----|\n/g, ""), "base64");
    expect(armoured(blob)).toBe(text);
    const version = Buffer.from(blob);
    version.writeUInt32BE(0, 6);
    // Magic and version, the key, the namespace; then the length of the reserved field.
    const at = 10 + 4 + blob.readUInt32BE(10) + 4 + "ordo-transcript".length;
    const reserved = Buffer.concat([blob.subarray(0, at), Buffer.from([0, 0, 0, 1, 0x78]), blob.subarray(at + 4)]);
    for (const altered of [
      text.replace(/\n(?=[A-Za-z0-9])/, ""),
      `${text}\n`,
      text.replace("\n", "\r\n"),
      armoured(version),
      armoured(reserved),
    ]) {
      const folder = copied();
      writeFileSync(join(folder, path), altered);
      expect((await verified(folder)).exit).toBe(1);
    }
  });

  it("sees a signature that was made for another transcript or another purpose", async () => {
    const other = await sealedSample();
    cpSync(join(signed, "signatures"), join(other, "signatures"), { recursive: true });
    expect(sentences(await verified(other), "signatures")).toContain("of another seal");
    const folder = copied();
    const statement = join(folder, "signatures/Anna_B..json");
    const signature = execFileSync("ssh-keygen", ["-Y", "sign", "-n", "file", "-f", join(keys, "anna")], {
      input: readFileSync(statement),
      stdio: ["pipe", "pipe", "ignore"],
    });
    writeFileSync(join(folder, "signatures/Anna_B..sig"), signature);
    expect(sentences(await verified(folder), "signatures")).toContain('another purpose: "file"');
  });

  it("lets several sign, keeps them apart, and says when one key has two roles", async () => {
    const folder = copied();
    await signTranscript(folder, { ...anna, key: join(keys, "anna"), role: "witness", meaning: "I witnessed it" });
    await signTranscript(folder, { ...anna, key: join(keys, "berta"), name: "berta", role: "approver" });
    const verification = await verified(folder);
    expect(verification.exit).toBe(0);
    expect(verification.summary).toBe(
      "Whole, untouched and sealed, signed by Anna B. (not trusted), Anna B. (not trusted), berta (not trusted).",
    );
    expect(sentences(verification, "one person in two roles")).toMatch(
      /SHA256:\S+ is operator .* and witness|SHA256:\S+ is witness .* and operator/,
    );
  });

  it("names an expected signer who has not signed", async () => {
    const fingerprint =
      execFileSync("ssh-keygen", ["-lf", join(keys, "berta.pub")], { encoding: "utf8" }).split(" ")[1] ?? "";
    const folder = await sealedSample({
      started: { signers: [{ name: "berta", role: "operator", key: fingerprint }] },
    });
    const before = await verified(folder);
    expect(before).toMatchObject({ exit: 0, summary: expect.stringContaining("Expected and missing: berta.") });
    expect((await verified(folder, { require: ["signed"] })).exit).toBe(1);
    await signTranscript(folder, { ...anna, key: join(keys, "berta") });
    expect((await verified(folder, { require: ["signed"] })).exit).toBe(0);
  });

  it("signs with a key that only the agent holds", async () => {
    const socket = join(temporaryFolder(), "agent");
    const agent = execFileSync("ssh-agent", ["-a", socket, "-s"], { encoding: "utf8" });
    const pid = Number(/SSH_AGENT_PID=(\d+)/.exec(agent)?.[1]);
    const before = process.env["SSH_AUTH_SOCK"];
    process.env["SSH_AUTH_SOCK"] = socket;
    try {
      const path = key("held", "-t", "ed25519");
      execFileSync("ssh-add", ["-q", path], { stdio: "ignore" });
      rmSync(path);
      const folder = await sealedSample();
      expect(await signTranscript(folder, { ...anna, key: `${path}.pub` })).toHaveProperty("fingerprint");
      expect((await verified(folder, { require: ["signed"] })).exit).toBe(0);
      expect(await signTranscript(folder, { ...anna, key: `${key("gone", "-t", "ed25519")}.pub` })).toHaveProperty(
        "fingerprint",
      );
      rmSync(join(keys, "gone"));
      expect(await signTranscript(folder, { ...anna, key: join(keys, "gone.pub") })).toMatchObject({
        failure: expect.stringContaining("The agent holds no private key"),
      });
    } finally {
      if (before === undefined) delete process.env["SSH_AUTH_SOCK"];
      else process.env["SSH_AUTH_SOCK"] = before;
      process.kill(pid);
    }
  });

  it("says plainly why it can't sign, and leaves nothing behind", async () => {
    const locked = join(keys, "locked");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "hunter22", "-f", locked]);
    const folder = await sealedSample();
    const failure = async (path: string): Promise<unknown> => signTranscript(folder, { ...anna, key: path });
    expect(await failure(locked)).toEqual({
      failure: `The key ${locked} has a passphrase, and there is no terminal to ask for it. Add it to an agent (ssh-add) and name its public key file.`,
    });
    expect(await failure(join(keys, "none"))).toMatchObject({ failure: expect.stringContaining("can't be read") });
    expect(await failure(join(folder, "seal.json"))).toMatchObject({
      failure: expect.stringContaining("no key that ssh-keygen knows"),
    });
    const path = process.env["PATH"];
    process.env["PATH"] = "/nonexistent";
    try {
      expect(await failure(join(keys, "anna"))).toMatchObject({ failure: expect.stringContaining("needs ssh-keygen") });
      expect(await verified(signed)).toMatchObject({
        exit: 0,
        summary: expect.stringContaining("signatures were not checked"),
      });
      expect((await verified(signed, { require: ["signed"] })).exit).toBe(1);
    } finally {
      process.env["PATH"] = path;
    }
    expect(await verified(folder)).toMatchObject({ exit: 0, summary: expect.stringContaining("signed by nobody") });
    const open = await openSample();
    expect(await signTranscript(open.folder, { ...anna, key: join(keys, "anna") })).toMatchObject({
      failure: expect.stringContaining("not sealed"),
    });
  });
});
