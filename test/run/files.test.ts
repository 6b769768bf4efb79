import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runOf } from "../support/run-of.ts";
import { ScriptedHost } from "../support/scripted-host.ts";

const two = "host hsm: linux at 192.0.2.1\nhost client: linux at 192.0.2.2\n\n";
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

describe("fetch and send", () => {
  it("carry a file between two hosts, keep it as evidence, and say the SHA-256 of either side", async () => {
    const hsm = new ScriptedHost({ files: { "server.pem": "certificate" } });
    const client = new ScriptedHost({});
    const { of, summary, kept } = await runOf({
      text: `${two}on client\n  fetch server.pem from hsm\n`,
      hosts: { hsm, client },
    });
    expect(summary.outcome).toBe("done");
    expect(client.files.get("server.pem")?.toString()).toBe("certificate");
    expect(of("command")).toMatchObject([
      { text: "fetch server.pem from hsm", shell: "sftp", changes: true, host: "client" },
    ]);
    expect(of("check")).toMatchObject([{ expected: sha256("certificate"), seen: sha256("certificate"), held: true }]);
    expect(of("evidence")).toMatchObject([{ from: "server.pem", host: "hsm", sha256: sha256("certificate") }]);
    expect(await readFile(kept[0] ?? "", "utf8")).toBe("certificate");
  });

  it("leave what is there already, and record what they replace", async () => {
    const client = new ScriptedHost({ files: { "cert.pem": "new" } });
    const same = new ScriptedHost({ files: { "cert.pem": "new" } });
    const text = `${two}on client\n  send cert.pem to hsm\n`;
    const again = await runOf({ text, hosts: { hsm: same, client } });
    expect(again.summary.counts).toEqual({ "already so": 1 });
    const other = new ScriptedHost({ files: { "cert.pem": "old" } });
    const replaced = await runOf({ text, hosts: { hsm: other, client } });
    expect(replaced.of("note")[0]?.words).toContain(sha256("old"));
    expect(other.files.get("cert.pem")?.toString()).toBe("new");
  });

  it("begin on this machine where ordo was started, and go by other names", async () => {
    const startFolder = await mkdtemp(join(tmpdir(), "ordo-start-"));
    await writeFile(join(startFolder, "a.txt"), "words");
    const hsm = new ScriptedHost({});
    const { summary } = await runOf({
      text: `${two}on here\n  send a.txt to hsm as /tmp/b.txt\n  fetch /tmp/b.txt from hsm as c.txt\n`,
      hosts: { hsm },
      startFolder,
    });
    expect(summary.outcome).toBe("done");
    expect(hsm.files.get("/tmp/b.txt")?.toString()).toBe("words");
    expect(await readFile(join(startFolder, "c.txt"), "utf8")).toBe("words");
  });

  it("fail with the file's name where it is missing, and name the fact that nothing established", async () => {
    const { summary, of } = await runOf({
      text: `${two}on client\n  fetch server.pem from hsm\n`,
      hosts: { hsm: new ScriptedHost({}), client: new ScriptedHost({}) },
    });
    expect(summary.failures[0]?.reason).toBe("There is no server.pem.");
    expect(of("result")).toMatchObject([{ outcome: "failed", wayOn: "Make it." }]);
  });

  it("say it when evidence was refused, and go on", async () => {
    const hsm = new ScriptedHost({ files: { "server.pem": "certificate" } });
    const { of, summary } = await runOf({
      text: `${two}on client\n  fetch server.pem from hsm\n`,
      hosts: { hsm, client: new ScriptedHost({}) },
      keep: () => Promise.reject(new Error("it holds the secret pin.")),
    });
    expect(summary.outcome).toBe("done");
    expect(of("note")[0]?.words).toContain("was not kept as evidence: it holds the secret pin.");
  });
});

describe("readings", () => {
  it("say what stands in a certificate, as openssl does", async () => {
    const startFolder = await mkdtemp(join(tmpdir(), "ordo-cert-"));
    execFileSync(
      "openssl",
      [
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-keyout",
        "key.pem",
        "-out",
        "c.pem",
        "-days",
        "40",
        "-subj",
        "/CN=192.168.5.174/O=Test",
      ],
      { cwd: startFolder, stdio: "ignore" },
    );
    const openssl = (...args: string[]) =>
      execFileSync("openssl", ["x509", "-in", "c.pem", "-noout", ...args], {
        cwd: startFolder,
        encoding: "utf8",
      }).trim();
    const { of, summary } = await runOf({
      text: `on here\n  let c = certificate of c.pem\n  let h = sha256 of c.pem\n  expect {c.subject} contains "CN=192.168.5.174"\n  expect {c.remaining} > 1h\n  note "{c.sha256} {c.md5} {c.serial} {h}"\n`,
      startFolder,
    });
    expect(summary.outcome).toBe("done");
    const [sha, md5, serial, file] = (of("note")[0]?.words ?? "").split(" ");
    expect(openssl("-fingerprint", "-sha256")).toContain(sha);
    expect(openssl("-fingerprint", "-md5")).toContain(md5);
    expect(openssl("-serial")).toContain(serial);
    expect(execFileSync("sha256sum", ["c.pem"], { cwd: startFolder, encoding: "utf8" })).toContain(file);
  });

  it("of a file that is no certificate fail in words", async () => {
    const hsm = new ScriptedHost({ files: { "x.pem": "words" } });
    const { summary } = await runOf({
      text: `${two}on hsm\n  let c = certificate of x.pem\n  note "{c.subject}"\n`,
      hosts: { hsm },
    });
    expect(summary.failures[0]).toMatchObject({
      host: "hsm",
      reason: expect.stringContaining("no certificate") as string,
    });
  });

  it("attach keeps a file as evidence", async () => {
    const hsm = new ScriptedHost({ files: { "/var/log/x": "log" } });
    const { of } = await runOf({ text: `${two}on hsm\n  attach /var/log/x\n`, hosts: { hsm } });
    expect(of("evidence")).toMatchObject([{ from: "/var/log/x", host: "hsm", bytes: 3 }]);
  });
});
