import { spawnSync } from "node:child_process";
import { createHmac, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fingerprint, knownKeys, readKnownHosts } from "../../src/hosts/known-hosts.ts";

const key = (text: string): string => Buffer.from(`\0\0\0\x0bssh-ed25519${text}`, "latin1").toString("base64");
const one = key("one");
const hashed = (name: string): string => {
  const salt = randomBytes(20);
  return `|1|${salt.toString("base64")}|${createHmac("sha1", salt).update(name).digest("base64")}`;
};
const linesFor = (text: string, name: string): number[] => knownKeys(text, name, "f").trusted.map(({ line }) => line);

describe("known_hosts", () => {
  it.each([
    ["web1", "web1", true],
    ["web1,10.0.0.1", "10.0.0.1", true],
    ["web1", "web10", false],
    ["web10", "web1", false],
    ["*.example.com", "a.example.com", true],
    ["*.example.com", "example.com", false],
    ["web?", "web1", true],
    ["web?", "web10", false],
    ["*,!web1", "web1", false],
    ["!web1,*", "web1", false],
    ["*,!web1", "web2", true],
    ["!web1", "web2", false],
    ["[web1]:2222", "[web1]:2222", true],
    ["[web1]:2222", "web1", false],
    ["WEB1", "web1", true],
    [hashed("web1"), "web1", true],
    [hashed("web1"), "web2", false],
    [hashed("[web1]:2222"), "[web1]:2222", true],
    ["|2|x|y", "web1", false],
  ])("%s, asked for %s: %s", (patterns, name, found) => {
    expect(linesFor(`${patterns} ssh-ed25519 ${one}\n`, name)).toEqual(found ? [1] : []);
  });

  it("reads past comments, blank lines, CRLF, cut lines, and the authorities of certificates", () => {
    const text = `# web1 ssh-ed25519 ${one}\r\n\r\nweb1\nweb1 ssh-ed25519\n@cert-authority web1 ssh-ed25519 ${one}\n\t web1   ssh-ed25519\t${one} a comment\r\n`;
    expect(linesFor(text, "web1")).toEqual([6]);
  });

  it("keeps all keys of a host, and those that are revoked apart", () => {
    const text = `web1 ssh-ed25519 ${one}\nweb1 ssh-rsa ${key("two")}\n@revoked * ssh-ed25519 ${key("three")}\n`;
    const keys = knownKeys(text, "web1", "f");
    expect(keys.trusted.map(({ type, line }) => [type, line])).toEqual([
      ["ssh-ed25519", 1],
      ["ssh-rsa", 2],
    ]);
    expect(keys.revoked.map(({ line }) => line)).toEqual([3]);
  });

  it("looks a port up with its number first, and without it where nothing names it with one", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ordo-known-"));
    const file = join(folder, "known_hosts");
    writeFileSync(file, `web1 ssh-ed25519 ${one}\n[web2]:2222 ssh-ed25519 ${one}\nweb2 ssh-ed25519 ${key("two")}\n`);
    const lines = async (address: string, port: number): Promise<number[]> =>
      (await readKnownHosts([join(folder, "absent"), file], address, port)).trusted.map(({ line }) => line);
    expect(await lines("web1", 22)).toEqual([1]);
    expect(await lines("web1", 2222)).toEqual([1]);
    expect(await lines("web2", 2222)).toEqual([2]);
    expect(await lines("WEB2", 22)).toEqual([3]);
    rmSync(folder, { recursive: true });
  });

  it("never throws, whatever the file holds", () => {
    fc.assert(fc.property(fc.string(), fc.string(), (text, name) => void knownKeys(text, name, "f")));
  });

  it.skipIf(spawnSync("ssh-keygen", ["-?"]).error !== undefined)(
    "agrees with ssh-keygen on hashed names and fingerprints",
    () => {
      const folder = mkdtempSync(join(tmpdir(), "ordo-keygen-"));
      const path = join(folder, "key");
      spawnSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", path]);
      const file = join(folder, "known_hosts");
      const publicKey = spawnSync("cat", [`${path}.pub`], { encoding: "utf8" }).stdout;
      writeFileSync(file, `[127.0.0.1]:2222 ${publicKey}`);
      spawnSync("ssh-keygen", ["-H", "-f", file]);
      const text = spawnSync("cat", [file], { encoding: "utf8" }).stdout;
      expect(text).toMatch(/^\|1\|/);
      const [found] = knownKeys(text, "[127.0.0.1]:2222", file).trusted;
      const shown = spawnSync("ssh-keygen", ["-l", "-f", path], { encoding: "utf8" }).stdout;
      expect(shown).toContain(fingerprint(found?.key ?? Buffer.alloc(0)));
      rmSync(folder, { recursive: true });
    },
  );
});
