import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolder, openLab, runProgram, scp, ssh } from "./support.ts";
import { connect, exec } from "./shell.ts";
import type { Lab } from "../../src/lab/lab.ts";

const hosts = [
  { name: "hsm", kind: "luna" },
  { name: "linux_client", kind: "linux" },
] as const;
const vtl = "/usr/safenet/lunaclient/bin/vtl";

async function exchange(lab: Lab): Promise<void> {
  const client = lab.client("linux_client");
  const hsm = lab.luna();
  await writeFile(client.realPath("server.pem"), (await hsm.appliance.identity()).certificate);
  expect((await exec(client, `${vtl} addServer -n hsm -c server.pem`)).stdout).toBe(
    "New server hsm successfully added to server list.\n",
  );
  const created = await exec(client, `exec /bin/sh -c '${vtl} createCert -n 192.168.5.174'`);
  expect(created.stdout).toBe(
    "Private Key created and written to: /usr/safenet/lunaclient/cert/client/192.168.5.174Key.pem\n" +
      "Certificate created and written to: /usr/safenet/lunaclient/cert/client/192.168.5.174.pem\n",
  );
  hsm.appliance.putFile(
    "admin",
    "192.168.5.174.pem",
    await readFile(client.realPath("/usr/safenet/lunaclient/cert/client/192.168.5.174.pem")),
  );
  await exec(hsm, "client register -client supreme -ip 192.168.5.174");
}

test("vtl verify really connects: it finds the partition once it is assigned, and not before", async () => {
  const lab = await openLab(...hosts);
  const client = lab.client("linux_client");
  expect((await exec(client, `${vtl} verify`)).stdout).toBe("Error: There are no registered servers\n");
  await exchange(lab);
  const before = await exec(client, `${vtl} verify`);
  expect(before.stdout).toContain("Error: Unable to find any Luna SA slots/partitions among registered server");
  await exec(lab.luna(), "client assignPartition -client supreme -partition ade_partition");
  const after = await exec(client, `${vtl} verify`);
  expect(after).toEqual({
    stdout:
      "\nThe following Luna SA Slots/Partitions were found:\n\nSlot    Serial #                Label\n====    ================        =====\n   0           902514001        ade_partition\n\n",
    stderr: "",
    code: 0,
  });

  await exec(lab.luna(), "sysconf regenCert -force");
  expect((await exec(client, `${vtl} verify`)).stdout).toContain("ade_partition");
  await exec(lab.luna(), "service restart ntls");
  expect((await exec(client, `${vtl} verify`)).stdout).toContain("its certificate is not the one that was added");
  await exec(lab.luna(), "service stop ntls");
  expect((await exec(client, `${vtl} verify`)).stdout).toContain("connection refused");
});

test("a client whose certificate was made anew no longer has the link", async () => {
  const lab = await openLab(...hosts);
  const client = lab.client("linux_client");
  await exchange(lab);
  await exec(lab.luna(), "client assignPartition -client supreme -partition ade_partition");
  const key = await readFile(client.realPath("/usr/safenet/lunaclient/cert/client/192.168.5.174Key.pem"), "utf8");
  await exec(client, `${vtl} createCert -n 192.168.5.174`);
  expect(await readFile(client.realPath("/usr/safenet/lunaclient/cert/client/192.168.5.174Key.pem"), "utf8")).not.toBe(
    key,
  );
  expect((await exec(client, `${vtl} verify`)).stdout).toContain("Unable to find any Luna SA slots/partitions");
});

test("openssl s_client sees the appliance's certificate and its request for the client's", async () => {
  const lab = await openLab(...hosts);
  const { appliance } = lab.luna();
  const shown = await runProgram(["openssl", "s_client", "-connect", `127.0.0.1:${appliance.ntls.port}`], {
    input: "",
  });
  expect(shown.stdout).toContain((await appliance.identity()).certificate.trim());
  expect(shown.stdout).toContain("CN = ade_luna_sa");
});

test("commands run in a real sh, with exit status, both streams and standard input", async () => {
  const lab = await openLab(hosts[1]);
  const client = lab.client("linux_client");
  const ran = await ssh(
    client,
    `exec /bin/sh -c 'cat; echo to-err >&2; exec env "A=it'\\''s" sh -c "echo \\"\\$A\\"; exit 7"'`,
    { input: "in\n" },
  );
  expect(ran).toEqual({ stdout: "in\nit's\n", stderr: "to-err\n", code: 7 });
  expect((await exec(client, "kill -TERM $$")).code).not.toBe(0);
});

test("a terminal is a real one: what is typed is echoed and read with CRLF", async () => {
  const lab = await openLab(hosts[1]);
  const ran = await ssh(lab.client("linux_client"), "tty; printf 'Name? '; read name; echo hello $name; exit 3", {
    input: "web1\r",
    flags: ["-tt"],
  });
  expect(ran.stdout).toMatch(/\/dev\/pts\/\d+\r\n/);
  expect(ran.stdout).toContain("hello web1\r\n");
  expect(ran.code).toBe(3);
});

test("scp by sftp and by the old protocol copies both ways, and the client's own paths are led into its folder", async () => {
  const lab = await openLab(hosts[1]);
  const client = lab.client("linux_client");
  const folder = await makeFolder();
  await writeFile(join(folder, "a.txt"), Buffer.from([0, 1, 2, 255]));
  for (const [index, flags] of [["-O"], ["-s"]].entries()) {
    const far = `operator@127.0.0.1:/usr/safenet/lunaclient/cert/a${index}.txt`;
    expect((await scp(client, folder, ["a.txt", far], flags)).stderr).toBe("");
    expect(await readFile(client.realPath(`/usr/safenet/lunaclient/cert/a${index}.txt`))).toEqual(
      Buffer.from([0, 1, 2, 255]),
    );
    expect((await scp(client, folder, [far, `back${index}.txt`], flags)).code).toBe(0);
    expect(await readFile(join(folder, `back${index}.txt`))).toEqual(Buffer.from([0, 1, 2, 255]));
  }
});

test("closing the lab ends its children and removes what it made", async () => {
  const lab = await openLab(hosts[1]);
  const client = lab.client("linux_client");
  const running = ssh(client, "echo $$ > pid; echo begun; sleep 600");
  await expect.poll(() => existsSync(client.realPath("pid"))).toBe(true);
  await expect.poll(() => readFile(client.realPath("pid"), "utf8")).toMatch(/\d+\n/);
  const pid = Number(await readFile(client.realPath("pid"), "utf8"));
  const home = client.realPath(".");
  await lab.close();
  await running;
  expect(existsSync(home)).toBe(false);
  await expect.poll(() => existsSync(`/proc/${pid}`)).toBe(false);
});

test("a client has links to two appliances at once, by their addresses", async () => {
  const second = {
    name: "hsm2",
    kind: "luna",
    address: "127.0.0.2",
    partitions: [{ serial: "154438865304", name: "p2" }],
  } as const;
  const lab = await openLab(...hosts, second);
  const client = lab.client("linux_client");
  await exec(client, `${vtl} createCert -n web1`);
  const certificate = await readFile(client.realPath("/usr/safenet/lunaclient/cert/client/web1.pem"));
  for (const name of ["hsm", "hsm2"]) {
    const hsm = lab.luna(name);
    hsm.appliance.putFile("admin", "web1.pem", certificate);
    await writeFile(client.realPath("server.pem"), (await hsm.appliance.identity()).certificate);
    await exec(client, `${vtl} addServer -n ${hsm.address} -c server.pem`);
    const session = await connect(hsm);
    for (const command of [
      "client register -client web1 -hostname web1",
      `client assign -c web1 -p ${hsm.appliance.partitions[0]?.name}`,
    ]) {
      await new Promise<void>((resolve, reject) => {
        session.exec(command, (error, channel) => {
          if (error !== undefined) reject(error);
          else channel.on("close", resolve).resume();
        });
      });
    }
  }
  expect((await exec(client, `${vtl} listServers`)).stdout).toBe(
    "Server: 127.0.0.1  HTL required: no\nServer: 127.0.0.2  HTL required: no\n",
  );
  const rows = (await exec(client, `${vtl} verify`)).stdout.split("\n").filter((line) => /^ +\d/.test(line));
  expect(rows).toEqual(["   0           902514001        ade_partition", "   1        154438865304        p2"]);
});

test("a certificate whose name is not the registered one, or that lies in the appliance's future, gets no link", async () => {
  const lab = await openLab(...hosts);
  const client = lab.client("linux_client");
  const { appliance } = lab.luna();
  await exchange(lab);
  await exec(lab.luna(), "client assignPartition -client supreme -partition ade_partition");
  expect((await exec(client, `${vtl} verify`)).stdout).toContain("ade_partition");

  appliance.clockOffsetSeconds = -86_400;
  expect((await exec(client, `${vtl} verify`)).stdout).toContain("errno=104");
  appliance.clockOffsetSeconds = 0;

  appliance.clients = appliance.clients.map((known) => ({ ...known, ip: "192.168.5.17" }));
  expect((await exec(client, `${vtl} verify`)).stdout).toContain("Unable to find any Luna SA slots/partitions");
});

test("deleting the client on the appliance takes its link, and a new registration begins without partitions", async () => {
  const lab = await openLab(...hosts);
  const client = lab.client("linux_client");
  await exchange(lab);
  const { appliance } = lab.luna();
  await exec(lab.luna(), "client assignPartition -client supreme -partition ade_partition");
  await exec(lab.luna(), "client delete -client supreme -force");
  expect((await exec(client, `${vtl} verify`)).stdout).toContain("Unable to find any Luna SA slots/partitions");
  await exec(lab.luna(), "client register -client supreme -ip 192.168.5.174");
  expect(appliance.clients.map(({ name, partitions }) => ({ name, partitions }))).toEqual([
    { name: "supreme", partitions: [] },
  ]);
});

test("the fingerprint of a client is the MD5 that openssl gives", async () => {
  const lab = await openLab(...hosts);
  await exchange(lab);
  const file = lab.client("linux_client").realPath("/usr/safenet/lunaclient/cert/client/192.168.5.174.pem");
  const { stdout } = await runProgram(["openssl", "x509", "-noout", "-fingerprint", "-md5", "-in", file]);
  const shown = await exec(lab.luna(), "client fingerprint -c supreme");
  expect(shown.stdout).toContain(`Certificate fingerprint: ${stdout.trim().replace(/^.*=/, "")}\n`);
});

test("vtl keeps its servers in Chrystoki.conf and CAFile.pem, refuses one twice, and forgets it", async () => {
  const lab = await openLab(...hosts);
  const client = lab.client("linux_client");
  await exchange(lab);
  expect((await exec(client, `${vtl} addServer -n hsm -c server.pem`)).stdout).toContain(
    "This server is already registered",
  );
  expect(await readFile(client.realPath("/etc/Chrystoki.conf"), "utf8")).toContain(
    "   ServerName00 = hsm;\n   ServerPort00 = 1792;\n   ServerHtl00 = 0;\n",
  );
  const added = client.realPath("/usr/safenet/lunaclient/cert/server/CAFile.pem");
  expect(await readFile(added, "utf8")).toBe((await lab.luna().appliance.identity()).certificate);
  expect((await exec(client, `${vtl} LISTSERVERS`)).stdout).toBe("Server: hsm  HTL required: no\n");
  expect((await exec(client, `${vtl} deleteServer -n hsm`)).code).toBe(0);
  expect((await exec(client, `${vtl} listServers`)).stdout).toBe("There are no servers registered.\n");
  expect(await readFile(added, "utf8")).toBe("");
});
