import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { X509Certificate } from "node:crypto";
import { expect, test } from "vitest";
import { makeIdentity } from "../../src/lab/certificate.ts";
import { makeFolder, openLab, runProgram, scp, ssh } from "./support.ts";

const success = "\nCommand Result : 0 (Success)\n";
const failure = "\nCommand Result : 65535 (Luna Shell execution)\n";

async function makeClientFile(folder: string, name: string): Promise<string> {
  const { certificate } = await makeIdentity({ commonName: name, validDays: 30, now: new Date() });
  await writeFile(join(folder, `${name}.pem`), certificate);
  return `${name}.pem`;
}

test("a command over the real ssh prints its trailer and exits with 0", async () => {
  const lab = await openLab();
  const ran = await ssh(lab.luna(), "client list");
  expect(ran).toEqual({ stdout: `No clients are registered.\n\n${success.slice(0)}`, stderr: "", code: 0 });
});

test("a refused command ends with trailer 65535 and exit status 255", async () => {
  const lab = await openLab();
  const ran = await ssh(lab.luna(), "client show -c web1");
  expect(ran.stdout).toBe(
    `Error:  'client show' failed. (C000040A : RC_OBJECT_NOT_IN_LIST)\n\nError:  Specified client does not exist.\n\n${failure}`,
  );
  expect(ran.code).toBe(255);
});

test("the certificate exchange works with the real scp and ssh", async () => {
  const lab = await openLab();
  const hsm = lab.luna();
  const folder = await makeFolder();
  expect((await scp(hsm, folder, ["admin@127.0.0.1:server.pem", "."])).code).toBe(0);
  const server = new X509Certificate(await readFile(join(folder, "server.pem")));
  expect(server.subject).toContain("CN=ade_luna_sa");

  const before = await ssh(hsm, "client register -client supreme -ip 192.168.5.174");
  expect(before.stdout).toContain("'192.168.5.174.pem' was not found");
  expect(before.code).toBe(255);

  const file = await makeClientFile(folder, "192.168.5.174");
  expect((await scp(hsm, folder, [file, "admin@127.0.0.1:"])).code).toBe(0);
  const registered = await ssh(hsm, "client register -client supreme -ip 192.168.5.174");
  expect(registered.stdout).toBe(`\n'client register' successful.\n\n${success}`);
  expect((await ssh(hsm, "client assignPartition -client supreme -partition ade_partition")).stdout).toContain(
    "'client assignPartition' successful.",
  );
  expect((await ssh(hsm, "client show -c supreme")).stdout).toBe(
    `ClientID:     supreme\nIPAddress:    192.168.5.174\nHTL Required: no\nOTT Expiry:   n/a\nPartitions:   "ade_partition"\n\n${success}`,
  );
  expect((await ssh(hsm, "client list")).stdout).toBe(`registered client 1: supreme\n\n${success}`);

  const again = await ssh(hsm, "client register -client supreme -ip 192.168.5.174");
  expect(again.stdout).toContain("client with the same IP address has already been registered");
  const twice = await ssh(hsm, "client assignPartition -client supreme -partition ade_partition");
  expect(twice.stdout).toContain("client already has access");
  expect(hsm.appliance.clients).toHaveLength(1);
});

test("pscp without an option falls back to the old protocol, and sftp is refused", async () => {
  const lab = await openLab();
  const hsm = lab.luna();
  const folder = await makeFolder();
  const got = await runProgram(
    [
      "pscp",
      "-batch",
      "-hostkey",
      hsm.hostKey,
      "-pw",
      hsm.password,
      "-P",
      String(hsm.port),
      "admin@127.0.0.1:server.pem",
      ".",
    ],
    { cwd: folder, environment: { HOME: folder } },
  );
  expect(got.code, got.stderr).toBe(0);
  expect(await readFile(join(folder, "server.pem"), "utf8")).toBe((await hsm.appliance.identity()).certificate);

  const modern = await scp(hsm, folder, ["admin@127.0.0.1:server.pem", "again.pem"], []);
  expect(modern.code).toBe(255);
  expect(modern.stderr).toContain("subsystem request failed on channel 0");
  expect(hsm.received).toContainEqual({ type: "subsystem", name: "sftp", accepted: false });
});

test("a missing file is answered as scp does", async () => {
  const lab = await openLab();
  const folder = await makeFolder();
  const got = await scp(lab.luna(), folder, ["admin@127.0.0.1:nope.pem", "."]);
  expect(got.code).toBe(1);
  expect(got.stderr).toContain("scp: nope.pem: No such file or directory");
});

test("names are compared whole: web1 is not web10", async () => {
  const lab = await openLab();
  const hsm = lab.luna();
  const folder = await makeFolder();
  const file = await makeClientFile(folder, "web10");
  await scp(hsm, folder, [file, "admin@127.0.0.1:"]);
  await ssh(hsm, "client register -client web10 -hostname web10");
  expect((await ssh(hsm, "client show -client web1")).code).toBe(255);
  expect((await ssh(hsm, "client register -client web1 -hostname web1")).stdout).toContain("'web1.pem' was not found");
  expect((await ssh(hsm, "client delete -client web1 -force")).code).toBe(255);
  expect(hsm.appliance.clients.map((client) => client.name)).toEqual(["web10"]);
});

test("a wrong password is one attempt in the log and no login", async () => {
  const lab = await openLab();
  const hsm = lab.luna();
  const ran = await ssh(
    { ...hsm, name: "hsm", port: hsm.port, user: "admin", password: "wrong", publicHostKey: hsm.publicHostKey },
    "client list",
  );
  expect(ran.code).not.toBe(0);
  expect(hsm.received.filter((item) => item.type === "login")).toEqual([
    { type: "login", user: "admin", method: "password", password: "wrong", accepted: false },
  ]);
});
