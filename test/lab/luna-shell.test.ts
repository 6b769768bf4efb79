import { expect, test } from "vitest";
import { makeIdentity } from "../../src/lab/certificate.ts";
import type { LunaProfile } from "../../src/lab/luna/profile.ts";
import type { LunaHost } from "../../src/lab/luna/host.ts";
import { openLab } from "./support.ts";
import { exec, openShell } from "./shell.ts";

const prompt = "[ade_luna_sa] lunash:>";

async function openAppliance(profile: LunaProfile): Promise<LunaHost> {
  const lab = await openLab({ name: "hsm", kind: "luna", profile });
  return lab.luna();
}

async function register(hsm: LunaHost, name: string): Promise<void> {
  const { certificate } = await makeIdentity({ commonName: name, validDays: 30, now: new Date() });
  hsm.appliance.putFile("admin", `${name}.pem`, Buffer.from(certificate));
  const ran = await exec(hsm, `client register -client ${name} -hostname ${name}`);
  expect(ran.stdout).toContain("'client register' successful.");
}

test("a session shows the banner, the prompt, its echo with CRLF and the trailer", async () => {
  const shell = await openShell(await openAppliance("5.3"));
  expect(await shell.until(prompt)).toMatch(
    /^Last login: \w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4} from 127\.0\.0\.1\r\n\r\nLuna SA 5\.4\.7-1 Command Line Shell - Copyright \(c\) 2001-2014 SafeNet, Inc\. All rights reserved\.\r\n\r\n\[ade_luna_sa\] lunash:>$/,
  );
  shell.type("client list");
  expect(await shell.until(prompt)).toBe(
    `client list\r\nNo clients are registered.\r\n\r\n\r\nCommand Result : 0 (Success)\r\n${prompt}`,
  );
});

test("an empty line and quit give the prompt again, exit leaves", async () => {
  const shell = await openShell(await openAppliance("5.3"));
  await shell.until(prompt);
  shell.type("");
  expect(await shell.until(prompt)).toBe(`\r\n${prompt}`);
  shell.type("quit");
  expect(await shell.until(prompt)).toBe(`quit\r\n${prompt}`);
  shell.type("exit");
  expect(await shell.ended()).toBe("exit\r\n");
  expect(shell.exit).toBe(0);
});

test("a session without a terminal has no echo and no CR", async () => {
  const shell = await openShell(await openAppliance("5.3"), { pty: false });
  await shell.until(prompt);
  shell.type("client list");
  expect(await shell.until(prompt)).toBe(`No clients are registered.\n\n\nCommand Result : 0 (Success)\n${prompt}`);
});

test("deleting a client asks by its name: quit keeps it, proceed deletes it and its assignments", async () => {
  const hsm = await openAppliance("5.3");
  await register(hsm, "web1");
  const shell = await openShell(hsm);
  await shell.until(prompt);
  shell.type("client delete -client web1");
  expect(await shell.until("> ")).toContain(
    "CAUTION:  Are you sure you wish to delete client named:\r\n          web1\r\n        Type 'proceed' to delete the client, or 'quit'\r\n        to quit now.",
  );
  shell.type("quit");
  expect(await shell.until(prompt)).toContain("Command Result : 65535 (Luna Shell execution)");
  expect(hsm.appliance.clients).toHaveLength(1);
  shell.type("client delete -c web1");
  await shell.until("> ");
  shell.type("proceed");
  expect(await shell.until(prompt)).toContain("Command Result : 0 (Success)");
  expect(hsm.appliance.clients).toEqual([]);
});

test("a question over exec reads its answer from standard input, and takes its end for a no", async () => {
  const hsm = await openAppliance("5.3");
  await register(hsm, "web1");
  expect((await exec(hsm, "client delete -client web1", { input: "" })).code).toBe(255);
  expect(hsm.appliance.clients).toHaveLength(1);
  expect((await exec(hsm, "client delete -client web1", { input: "proceed\n" })).code).toBe(0);
  expect(hsm.appliance.clients).toEqual([]);
});

test("a new server certificate is another one, and says that NTLS must be restarted", async () => {
  const hsm = await openAppliance("5.3");
  const before = (await hsm.appliance.identity()).certificate;
  const shell = await openShell(hsm);
  await shell.until(prompt);
  shell.type("sysconf regenCert");
  expect(await shell.until("> ")).toContain(
    "If you are sure that you wish to proceed, then type 'proceed', otherwise type 'quit'",
  );
  shell.type("proceed");
  expect(await shell.until(prompt)).toContain(
    "Proceeding...\r\n\r\n'sysconf regenCert' successful. NTLS must be (re)started before clients can connect.",
  );
  expect((await hsm.appliance.identity()).certificate).not.toBe(before);
  expect(hsm.appliance.ntls.needsRestart).toBe(true);
});

test("three wrong passwords zeroize the HSM, and hsm show counts down", async () => {
  const hsm = await openAppliance("5.3");
  const shell = await openShell(hsm);
  await shell.until(prompt);
  for (const left of [2, 1]) {
    shell.type("hsm login");
    await shell.until("Please enter the HSM Administrators' password:\r\n  > ");
    shell.type("wrong");
    const seen = await shell.until(prompt);
    expect(seen).toContain("*****\r\n");
    expect(seen).not.toContain("wrong");
    expect(seen).toContain("A00000 : LUNA_RET_UM_PIN_INCORRECT");
    shell.type("hsm show");
    expect(await shell.until(prompt)).toContain(
      `HSM Admin login attempts left:      ${left} before HSM zeroization!\r\n`,
    );
  }
  shell.type("hsm login");
  await shell.until("Caution:  This is your LAST available HSM Admin login attempt");
  await shell.until("> ");
  shell.type("proceed");
  await shell.until("password:\r\n  > ");
  shell.type("wrong");
  expect(await shell.until(prompt)).toContain("30000F : LUNA_RET_SO_LOGIN_FAILURE_THRESHOLD");
  shell.type("hsm show");
  expect(await shell.until(prompt)).toContain("HSM IS ZEROIZED !!!!");
  expect(hsm.appliance.partitions).toEqual([]);
});

const dialogues: readonly (readonly [LunaProfile, readonly (readonly [string, string])[]])[] = [
  [
    "5.3",
    [
      ["If you are sure to continue then type proceed, otherwise type quit.", "proceed"],
      ["password for the partition:", "pw-1"],
      ["re-enter password", "pw-1"],
      ["default domain):", ""],
    ],
  ],
  [
    "6.2",
    [
      ["password for the partition:", "pw-1"],
      ["re-enter password", "pw-1"],
      ["enter a cloning domain", "dom"],
      ["re-enter cloning domain", "dom"],
      ["Type 'proceed' to create the initialized partition, or 'quit' to quit now.", "proceed"],
    ],
  ],
  ["7", [["Type 'proceed' to create the partition, or\r\n          'quit' to quit now.", "proceed"]]],
];

test.each(dialogues)("a partition is created in the dialogue of %s", async (profile, dialogue) => {
  const hsm = await openAppliance(profile);
  const shell = await openShell(hsm);
  await shell.until(prompt);
  shell.type("partition create -partition second");
  expect(await shell.until(prompt)).toContain("not logged in");
  shell.type("hsm login");
  await shell.until("password:\r\n  > ");
  shell.type(hsm.appliance.hsm.password);
  await shell.until(prompt);
  shell.type("partition create -partition second");
  for (const [question, answer] of dialogue) {
    await shell.until(question);
    await shell.until("> ");
    shell.type(answer);
  }
  expect(await shell.until(prompt)).toContain("'partition create' successful.");
  expect(hsm.appliance.partitions.map(({ name }) => name)).toEqual(["ade_partition", "second"]);
});

test("4.x wants the hyphen before sub-commands of client, and prints partitions a line each", async () => {
  const hsm = await openAppliance("4");
  await exec(hsm, "client -list");
  expect((await exec(hsm, "client list")).code).toBe(255);
  expect((await exec(hsm, "client -list")).stdout).toContain("No clients are registered.");
  expect((await exec(hsm, "partition list")).stdout).toContain("Partition: 902514001, Name: ade_partition\n");
  const { certificate } = await makeIdentity({ commonName: "10.0.0.1", validDays: 30, now: new Date() });
  hsm.appliance.putFile("admin", "10.0.0.1.pem", Buffer.from(certificate));
  expect((await exec(hsm, "client -register -client supreme -ip 10.0.0.1")).code).toBe(0);
  expect((await exec(hsm, "client -show -client supreme")).stdout).toBe(
    "ClientID:     supreme\nIPAddress:    10.0.0.1\nPartitions:   <none>\n\n\nCommand Result : 0 (Success)\n",
  );
});

test("5.x has no hyphen, prints partitions as a table, and HTL only from 5.3 on", async () => {
  const hsm = await openAppliance("5.1");
  expect((await exec(hsm, "client -list")).code).toBe(255);
  expect((await exec(hsm, "partition list")).stdout).toContain(
    " Partition    Name                     Objects     Total      Used      Free\n ===========================================================================\n 902514001    ade_partition                  0    102701         0    102701\n",
  );
  await register(hsm, "web1");
  expect((await exec(hsm, "client show -c web1")).stdout).toContain("Hostname:     web1\nPartitions:   <none>\n");
});

test("words and options may be shortened while they stay unique", async () => {
  const hsm = await openAppliance("5.3");
  expect((await exec(hsm, "sysconf ntp li")).stdout).toContain("There are no NTP servers. [sim]");
  expect((await exec(hsm, "cl li")).stdout).toContain("No clients are registered.");
  expect((await exec(hsm, "client re -c x")).stdout).toContain("could be register or revokePartition");
  const unknown = await exec(hsm, "frobnicate");
  expect(unknown.stdout).toBe(
    "Error:  Unknown command 'frobnicate'. [sim]\n\nCommand Result : 65535 (Luna Shell execution)\n",
  );
});

test("a changed password of the account holds for the next login", async () => {
  const hsm = await openAppliance("5.3");
  const shell = await openShell(hsm);
  await shell.until(prompt);
  shell.type("user password admin");
  await shell.until("Enter new password: ");
  shell.type("New-Pass-1");
  await shell.until("Re-type new password: ");
  shell.type("New-Pass-1");
  expect(await shell.until(prompt)).not.toContain("New-Pass-1");
  expect((await exec(hsm, "client list")).code).toBe(0);
  expect(hsm.password).toBe("New-Pass-1");
});

test("a password that must be changed is asked for before the first prompt", async () => {
  const hsm = await openAppliance("5.1");
  hsm.appliance.mustChangePassword = true;
  const shell = await openShell(hsm);
  await shell.until(
    "You are required to change your password immediately (root enforced)\r\nChanging password for admin\r\n",
  );
  await shell.until("(current) UNIX password: ");
  shell.type(hsm.password);
  await shell.until("Enter new password: ");
  shell.type("New-Pass-1");
  await shell.until("Re-type new password: ");
  shell.type("New-Pass-1");
  await shell.until(prompt);
  expect(hsm.password).toBe("New-Pass-1");
  await (await openShell(hsm)).until(prompt);
});

test("a reboot prints its trailer and ends the connection", async () => {
  const hsm = await openAppliance("5.3");
  const shell = await openShell(hsm);
  await shell.until(prompt);
  shell.type("sysconf appliance reboot -force");
  expect(await shell.ended()).toBe(
    "sysconf appliance reboot -force\r\nThe system is going down for reboot NOW!\r\nReboot commencing\r\n\r\nCommand Result : 0 (Success)\r\n",
  );
  expect(shell.exit).toBeUndefined();
});
