import { existsSync } from "node:fs";
import { connect as connectTcp } from "node:net";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeIdentity } from "../../src/lab/certificate.ts";
import { startLab } from "../../src/lab/lab.ts";
import { makeFolder, openLab, runProgram, scp, ssh, sshOptions } from "./support.ts";
import { connect, openShell } from "./shell.ts";

const prompt = "[ade_luna_sa] lunash:>";
const hsmOnly = { name: "hsm", kind: "luna" } as const;

test("a surprise question stops before the work, and nothing changes until it is answered", async () => {
  const lab = await openLab({
    ...hsmOnly,
    faults: [
      { type: "surprise", command: "client register", text: "Licence is about to expire. Type 'proceed' or 'quit': " },
    ],
  });
  const hsm = lab.luna();
  const { certificate } = await makeIdentity({ commonName: "web1", validDays: 30, now: new Date() });
  hsm.appliance.putFile("admin", "web1.pem", Buffer.from(certificate));
  const shell = await openShell(hsm);
  await shell.until(prompt);
  shell.type("client list");
  expect(await shell.until(prompt)).not.toContain("Licence");
  shell.type("client register -client web1 -hostname web1");
  await shell.until("Type 'proceed' or 'quit': ");
  shell.type("quit");
  await shell.until(prompt);
  expect(hsm.appliance.clients).toEqual([]);
  shell.type("client register -client web1 -hostname web1");
  await shell.until("'quit': ");
  shell.type("proceed");
  expect(await shell.until(prompt)).toContain("'client register' successful.");
});

test("a reset in mid-output sends the first bytes and then nothing, after the work was done", async () => {
  const lab = await openLab(hsmOnly);
  const hsm = lab.luna();
  hsm.faults.add({ type: "reset-output", command: "network hostname", afterBytes: 9 });
  const shell = await openShell(hsm);
  await shell.until(prompt);
  shell.type("network hostname other");
  await shell.until("other\r\n");
  expect(await shell.ended()).toBe("Success: ");
  expect(hsm.appliance.hostname).toBe("other");
});

test("a frozen command is read and never answered", async () => {
  const lab = await openLab({ ...hsmOnly, faults: [{ type: "freeze", command: "hsm show" }] });
  const hsm = lab.luna();
  const shell = await openShell(hsm);
  await shell.until(prompt);
  shell.type("hsm show");
  await shell.until("hsm show\r\n");
  const other = await openShell(hsm);
  await other.until(prompt);
  other.type("client list");
  await other.until(prompt);
  expect(hsm.received).toContainEqual({ type: "line", text: "hsm show", hidden: false });
  hsm.resetConnections();
  expect(await shell.ended()).toBe("");
});

test("slow bytes come one a packet, prompts too", async () => {
  const lab = await openLab({ ...hsmOnly, faults: [{ type: "slow" }] });
  const shell = await openShell(lab.luna());
  await shell.until(prompt);
  expect(Math.max(...shell.pieces.map((piece) => piece.length))).toBeLessThan(prompt.length);
});

test("a changed host key is refused by the real ssh before any password", async () => {
  const lab = await openLab(hsmOnly);
  const hsm = lab.luna();
  hsm.faults.add({ type: "other-host-key" });
  const ran = await ssh(hsm, "client list");
  expect(ran.code).not.toBe(0);
  expect(ran.stderr).toContain("Host key verification failed");
  expect(hsm.received).toEqual([]);
  hsm.faults.clear();
  expect((await ssh(hsm, "client list")).code).toBe(0);
});

test("a refused login refuses the right password", async () => {
  const lab = await openLab({ ...hsmOnly, faults: [{ type: "refuse-login" }] });
  const hsm = lab.luna();
  expect((await ssh(hsm, "client list")).stderr).toContain("Permission denied");
  expect(hsm.received).toEqual([
    { type: "login", user: "admin", method: "password", password: hsm.password, accepted: false },
  ]);
});

test("a connection can be dropped before the first byte", async () => {
  const lab = await openLab({ ...hsmOnly, faults: [{ type: "drop-connection" }] });
  const { port } = lab.luna();
  const text = await new Promise<string>((resolve) => {
    let seen = "";
    connectTcp(port, "127.0.0.1")
      .on("data", (bytes) => {
        seen += bytes.toString();
      })
      .on("error", () => undefined)
      .on("close", () => resolve(seen));
  });
  expect(text).toBe("");
});

test("a file is cut in the middle, in both directions, and nothing half is kept", async () => {
  const lab = await openLab({ ...hsmOnly, faults: [{ type: "reset-file", afterBytes: 100 }] });
  const hsm = lab.luna();
  const folder = await makeFolder();
  await writeFile(join(folder, "web1.pem"), "x".repeat(5000));
  expect((await scp(hsm, folder, ["web1.pem", "admin@127.0.0.1:"])).code).not.toBe(0);
  expect(hsm.appliance.filesOf("admin").size).toBe(0);
  expect((await scp(hsm, folder, ["admin@127.0.0.1:server.pem", "."])).code).not.toBe(0);
});

test("a message of the day can look like a prompt", async () => {
  const lab = await openLab({ ...hsmOnly, faults: [{ type: "motd", text: "[other] lunash:>" }] });
  const shell = await openShell(lab.luna());
  expect(await shell.until(prompt)).toContain(`[other] lunash:>\r\n${prompt}`);
});

test("NTLS can notice a new client late", async () => {
  const lab = await openLab(
    { ...hsmOnly, faults: [{ type: "ntls-notices-late", connections: 2 }] },
    { name: "linux_client", kind: "linux" },
  );
  const hsm = lab.luna();
  const client = lab.client("linux_client");
  await writeFile(client.realPath("server.pem"), (await hsm.appliance.identity()).certificate);
  await ssh(client, "vtl addServer -n hsm -c server.pem && vtl createCert -n web1");
  await scp(client, client.realPath("."), [
    "operator@127.0.0.1:/usr/safenet/lunaclient/cert/client/web1.pem",
    "web1.pem",
  ]);
  await scp(hsm, client.realPath("."), ["web1.pem", "admin@127.0.0.1:"]);
  await ssh(hsm, "client register -client web1 -hostname web1");
  await ssh(hsm, "client assignPartition -client web1 -partition ade_partition");
  const seen = [];
  for (let time = 1; time <= 3; time++) seen.push((await ssh(client, "vtl verify")).stdout.includes("ade_partition"));
  expect(seen).toEqual([false, false, true]);
});

test("faults of a client are found in what the command means, even in an encoded one", async () => {
  const lab = await openLab({
    name: "client",
    kind: "windows",
    faults: [{ type: "surprise", command: "vtl.exe verify", text: "Sure? " }],
  });
  const host = lab.windows();
  const script = "# vtl.exe verify\nWrite-Output done";
  const line = `powershell.exe -EncodedCommand ${Buffer.from(script, "utf16le").toString("base64")}`;
  expect((await ssh(host, line, { input: "no\n" })).stdout).toBe("Sure? ");
  expect((await ssh(host, line, { input: "yes\n" })).stdout).toBe("Sure? done\r\n");
});

test("a public key that the lab was given logs in, another does not", async () => {
  const folder = await makeFolder();
  const file = join(folder, "key");
  await runProgram(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file]);
  const { stdout: publicKey } = await runProgram(["cat", `${file}.pub`]);
  const lab = await openLab({ ...hsmOnly, publicKeys: [publicKey] });
  const hsm = lab.luna();
  // The first value of an option wins with OpenSSH.
  const byKey = ["PubkeyAuthentication=yes", "IdentitiesOnly=yes", "BatchMode=yes"].flatMap((option) => ["-o", option]);
  const options = [...byKey, ...(await sshOptions(hsm))];
  const login = ["-p", String(hsm.port), "admin@127.0.0.1", "client list"];
  expect((await runProgram(["ssh", "-i", file, ...options, ...login])).code).toBe(0);
  await runProgram(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", `${file}2`]);
  expect((await runProgram(["ssh", "-i", `${file}2`, ...options, ...login])).code).toBe(255);
});

test("old algorithms are refused by today's ssh and accepted when it is told so", async () => {
  const lab = await openLab({ ...hsmOnly, algorithms: "old" });
  const hsm = lab.luna();
  expect(await ssh(hsm, "client list", { flags: ["-o", "LogLevel=INFO"] })).toMatchObject({
    stderr: expect.stringContaining("no matching key exchange method found"),
  });
  const flags = ["-o", "KexAlgorithms=+diffie-hellman-group14-sha1", "-c", "aes256-cbc", "-m", "hmac-sha1"];
  expect((await ssh(hsm, "client list", { flags })).code).toBe(0);
});

test("the eleventh session of a connection is refused, as sshd does", async () => {
  const lab = await openLab(hsmOnly);
  const client = await connect(lab.luna());
  const open = (): Promise<boolean> =>
    new Promise((resolve) => {
      client.shell(false, (error) => resolve(error === undefined));
    });
  const opened: boolean[] = [];
  for (let count = 1; count <= 11; count++) opened.push(await open());
  expect(opened).toEqual([...Array<boolean>(10).fill(true), false]);
});

test("the default lab has an inventory whose variables it gives, and is gone after close", async () => {
  const folder = join(await makeFolder(), "lab");
  const lab = await startLab({ folder, keys: "fixed" });
  const inventory = lab.inventory();
  expect([...lab.hosts.keys()]).toEqual(["hsm", "client", "linux_client"]);
  for (const [, variable] of inventory.matchAll(/from env (\S+)/g))
    expect(lab.environment[variable ?? ""]).toBeTruthy();
  for (const host of lab.hosts.values()) expect(inventory).toContain(`host key "${host.hostKey}"`);
  expect(lab.luna().hostKey).toBe("SHA256:i3Rv1cp580JNfabrFio3Gq4lXQHX1qeEGqydcvviQ64");
  await lab.close();
  expect(await readdir(folder)).toEqual([]);
});

test("a Linux-like client can be cut off in mid-output, freeze, and ask before it works", async () => {
  const lab = await openLab({ name: "linux_client", kind: "linux" });
  const client = lab.client("linux_client");
  client.faults.add({ type: "reset-output", command: "echo 0123456789", afterBytes: 4 });
  const cut = await ssh(client, "exec /bin/sh -c 'echo 0123456789; touch done'");
  expect(cut.stdout).toBe("0123");
  expect(cut.code).toBe(255);
  client.faults.clear();
  client.faults.add({ type: "surprise", command: "touch asked", text: "Really? " });
  expect((await ssh(client, "touch asked", { input: "no\n" })).stdout).toBe("Really? ");
  expect(existsSync(client.realPath("asked"))).toBe(false);
  expect((await ssh(client, "touch asked; cat", { input: "yes\nrest\n" })).stdout).toBe("Really? rest\n");
  expect(existsSync(client.realPath("asked"))).toBe(true);
});

test("an interactive cmd has its prompt, its folder and its exit status", async () => {
  const lab = await openLab({ name: "client", kind: "windows" });
  const shell = await openShell(lab.windows());
  expect(await shell.until("C:\\Users\\Administrator>")).toContain("Microsoft Windows [Version 10.0.17763.5936]\r\n");
  shell.type("cd \\temp");
  await shell.until("\r\nC:\\Temp>");
  shell.type("echo %CD%");
  expect(await shell.until("\r\nC:\\Temp>")).toBe("echo %CD%\r\nC:\\Temp\r\n\r\nC:\\Temp>");
  shell.type("exit 5");
  await shell.ended();
  expect(shell.exit).toBe(5);
});

test("a host can ask for its password by keyboard-interactive alone", async () => {
  const lab = await openLab({ ...hsmOnly, methods: ["keyboard-interactive"] });
  const hsm = lab.luna();
  expect((await ssh(hsm, "client list")).code).toBe(0);
  expect(hsm.received[0]).toEqual({
    type: "login",
    user: "admin",
    method: "keyboard-interactive",
    password: hsm.password,
    accepted: true,
  });
});

test("a lab that can't have its port leaves nothing running", async () => {
  const lab = await openLab(hsmOnly);
  const { port } = lab.luna();
  const folder = join(await makeFolder(), "lab");
  const hosts = [
    { name: "linux_client", kind: "linux" },
    { ...hsmOnly, port },
  ] as const;
  await expect(startLab({ folder, hosts })).rejects.toThrow("EADDRINUSE");
  for (const kind of ["linux", "windows"] as const) {
    await expect(startLab({ folder, hosts: [{ name: "client", kind, port }] })).rejects.toThrow("EADDRINUSE");
  }
  await expect(startLab({ folder, hosts: [{ ...hsmOnly, ntlsPort: port }] })).rejects.toThrow("EADDRINUSE");
  expect(await readdir(folder)).toEqual([]);
});

test("a command can freeze half-way through its output", async () => {
  const lab = await openLab({ ...hsmOnly, faults: [{ type: "freeze", command: "network hostname", afterBytes: 9 }] });
  const hsm = lab.luna();
  const shell = await openShell(hsm);
  await shell.until(prompt);
  shell.type("network hostname other");
  await shell.until("Success: ");
  expect(hsm.appliance.hostname).toBe("other");
  hsm.resetConnections();
  expect(await shell.ended()).toBe("");
});

test("a command can wait for what a person does elsewhere, and then goes on by itself", async () => {
  let insertKey = (): void => undefined;
  const done = new Promise<void>((resolve) => {
    insertKey = resolve;
  });
  const lab = await openLab({
    ...hsmOnly,
    faults: [
      {
        type: "by-hand",
        command: "network hostname",
        text: "Luna PED operation required - use blue PED Key(s).",
        done,
      },
    ],
  });
  const hsm = lab.luna();
  const shell = await openShell(hsm);
  await shell.until(prompt);
  shell.type("network hostname other");
  await shell.until("use blue PED Key(s).");
  expect(hsm.appliance.hostname).toBe("ade_luna_sa");
  insertKey();
  await shell.until("Success: Hostname other set.");
});
