import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runLine } from "./phrase-runner.ts";

const folder = mkdtempSync(join(tmpdir(), "ordo-openssl-"));
const run = (line: string, values: Readonly<Record<string, string>> = {}): string =>
  runLine(line, "openssl", folder, values);

beforeAll(() => {
  mkdirSync(join(folder, "issued"));
  writeFileSync(join(folder, "index.txt"), "");
  writeFileSync(join(folder, "serial"), "01\n");
  writeFileSync(
    join(folder, "ca.conf"),
    `[ca]\ndefault_ca = here\n[here]\ndir = ${folder}\ndatabase = $dir/index.txt\nnew_certs_dir = $dir/issued\nserial = $dir/serial\ncertificate = $dir/ca.pem\nprivate_key = $dir/ca.key\ndefault_md = sha256\ndefault_days = 30\ndefault_crl_days = 7\npolicy = any\n[any]\ncommonName = supplied\n`,
  );
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the phrases for OpenSSL, with the real program", () => {
  it("make an authority, and a certificate by it", () => {
    expect(run("create key ca.key")).toBe("done");
    expect(statSync(join(folder, "ca.key")).mode & 0o077).toBe(0);
    expect(run("create key ca.key")).toBe("already so");
    expect(run('create request ca.csr for "/CN=Test authority" by key ca.key')).toBe("done");
    expect(run("sign request ca.csr by its own key ca.key for 365 days into ca.pem")).toBe("done");
    expect(run("sign request ca.csr by its own key ca.key for 365 days into ca.pem")).toBe("already so");
    expect(run('create rsa key "my key" of 2048 bits')).toBe("done");
    expect(run('create request web1.csr for "/CN=web1/O=It\'s ours" by key "my key"')).toBe("done");
    expect(run("show request web1.csr")).toBe("done");
    expect(run("sign request web1.csr by authority ca.conf into web1.pem")).toBe("done");
    expect(run("sign request web1.csr by authority ca.conf into again.pem")).toMatch(
      /^failed: The authority has signed this subject before/,
    );
  });
  it("show and check it", () => {
    for (const line of ["show certificate web1.pem", "show fingerprint of web1.pem", "show openssl version"])
      expect(run(line), line).toBe("done");
    expect(run("verify certificate web1.pem against ca.pem")).toBe("done");
    expect(run("verify certificate web1.pem against ca.pem through ca.pem")).toBe("done");
    expect(run("verify certificate ca.csr against ca.pem")).toMatch(/^failed/);
    expect(run('check key "my key" belongs to certificate web1.pem')).toBe("done");
    expect(run("check key ca.key belongs to certificate web1.pem")).toMatch(
      /^failed: not as expected: they do not belong together/,
    );
    expect(run("check certificate web1.pem lasts 86400 seconds")).toBe("done");
    expect(run("check certificate web1.pem lasts 8640000 seconds")).toBe(
      "failed: The certificate expires before that.",
    );
  });
  it("put it into other forms", () => {
    expect(
      run('create pkcs12 web1.p12 from web1.pem and "my key" with password {secret}', { secret: "s3 cret'" }),
    ).toBe("done");
    expect(run("show pkcs12 web1.p12 with password {secret}", { secret: "s3 cret'" })).toBe("done");
    expect(run("show pkcs12 web1.p12 with password {secret}", { secret: "other" })).toBe(
      "failed: The password of the PKCS#12 file is another one.",
    );
    expect(run("convert certificate web1.pem to der web1.der")).toBe("done");
    expect(run("convert certificate web1.der to pem back.pem")).toBe("done");
    expect(readFileSync(join(folder, "web1.pem"), "utf8")).toContain(readFileSync(join(folder, "back.pem"), "utf8"));
  });
  it("sign files", () => {
    writeFileSync(join(folder, "a.txt"), "words");
    expect(run('sign file a.txt by key "my key" into a.sig')).toBe("done");
    expect(run("verify signature a.sig of a.txt with certificate web1.pem")).toBe("done");
    writeFileSync(join(folder, "a.txt"), "other words");
    expect(run("verify signature a.sig of a.txt with certificate web1.pem")).toMatch(/^failed/);
  });
  it("revoke it", () => {
    expect(run("revoke certificate web1.pem by authority ca.conf")).toBe("done");
    expect(run("revoke certificate web1.pem by authority ca.conf")).toBe("already so");
    expect(run("create revocation list ca.crl by authority ca.conf")).toBe("done");
    expect(run("show revocation list ca.crl")).toBe("done");
  });
});

describe("the phrase for a TLS server's certificate", () => {
  it("shows what the server sends", async () => {
    const args = ["s_server", "-accept", "127.0.0.1:0", "-cert", "ca.pem", "-key", "ca.key"];
    const server = spawn("openssl", args, { cwd: folder, stdio: ["pipe", "pipe", "ignore"] });
    try {
      let said = "";
      for await (const chunk of server.stdout) {
        said += String(chunk);
        if (/^ACCEPT .*:\d+\n/m.test(said)) break;
      }
      const port = /^ACCEPT .*:(\d+)\n/m.exec(said)?.[1] ?? "";
      expect(run(`show server certificate of 127.0.0.1 port ${port}`)).toBe("done");
      expect(run("show server certificate of 127.0.0.1 port 1")).toMatch(/^failed/);
      expect(runLine(`check port ${port} of 127.0.0.1`, "linux", folder)).toBe("done");
    } finally {
      server.kill();
    }
  });
});
