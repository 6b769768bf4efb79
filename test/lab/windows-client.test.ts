import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolder, openLab, runProgram, scp, ssh } from "./support.ts";
import { exec } from "./shell.ts";
import type { Ran } from "./support.ts";
import type { LabHost } from "../../src/lab/host.ts";

const hosts = [
  { name: "hsm", kind: "luna" },
  { name: "client", kind: "windows" },
] as const;
const vtl = String.raw`C:\Program Files\SafeNet\LunaClient\vtl.exe`;

function powershell(host: LabHost, script: string): Promise<Ran> {
  const line = `powershell.exe -NoLogo -NoProfile -NonInteractive -ExecutionPolicy Bypass -InputFormat None -EncodedCommand ${Buffer.from(script, "utf16le").toString("base64")}`;
  return exec(host, line);
}

/** As the runner wraps an operator's line. */
function wrapped(text: string): string {
  return [
    "$ErrorActionPreference='Stop';$ProgressPreference='SilentlyContinue'",
    "try{[Console]::OutputEncoding=$OutputEncoding=New-Object Text.UTF8Encoding $false}catch{}",
    "$global:LASTEXITCODE=0;try{",
    text,
    "}catch{[Console]::Error.WriteLine([string]$_);exit 1}",
    "exit $LASTEXITCODE",
  ].join("\n");
}

function startProgram(
  host: LabHost,
  spec: { file: string; line: string; cwd?: string; env?: Record<string, string> },
): Promise<Ran> {
  return powershell(
    host,
    [
      "$ErrorActionPreference='Stop';$ProgressPreference='SilentlyContinue';try{",
      `$s=ConvertFrom-Json ([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('${Buffer.from(JSON.stringify(spec)).toString("base64")}')))`,
      "$p=[Diagnostics.Process]::Start($i);$p.WaitForExit();exit $p.ExitCode",
      "}catch{[Console]::Error.WriteLine('ordo: the program was not started: '+$_.Exception.Message);exit 9009}",
    ].join("\n"),
  );
}

test("the shell probe is answered as cmd.exe answers it", async () => {
  const lab = await openLab(hosts[1]);
  expect(await ssh(lab.windows(), "echo %OS% $env:OS")).toEqual({
    stdout: "Windows_NT $env:OS\r\n",
    stderr: "",
    code: 0,
  });
});

test("cmd runs programs by a quoted path and in their folder, and its own commands", async () => {
  const lab = await openLab(hosts[1]);
  const host = lab.windows();
  expect((await exec(host, `"${vtl}" listServers`)).stdout).toBe("There are no servers registered.\r\n");
  expect((await exec(host, String.raw`cd "C:\program files\safenet\LUNACLIENT" && vtl listservers && cd`)).stdout).toBe(
    "There are no servers registered.\r\nC:\\Program Files\\SafeNet\\LunaClient\r\n",
  );
  expect((await exec(host, "vtl listservers")).code).toBe(1);
  expect((await exec(host, "echo a > x.txt & type X.TXT & exit 4242")).stdout).toBe("a \r\n");
  expect((await exec(host, "hostname & whoami")).stdout).toBe("WINCLIENT\r\nwinclient\\administrator\r\n");
});

test("carets, quotes and doubled percents reach a program as cmd would hand them on", async () => {
  const lab = await openLab(hosts[1]);
  const host = lab.windows();
  await writeFile(host.realPath("a&b %OS%.pem"), "no certificate");
  // What the runner's cmdArg makes of: a&b %OS%.pem
  const ran = await exec(host, String.raw`"${vtl}" addServer -n hsm -c ^"a^&b^ %%cd:~,%OS%%cd:~,%.pem^"`);
  expect(ran.stdout).toBe("Error: a&b %OS%.pem is not a certificate. [sim]\r\n");
});

test("the program transport starts vtl with the line split by Windows' rules, in its folder", async () => {
  const lab = await openLab(...hosts);
  const host = lab.windows();
  await writeFile(host.realPath("server.pem"), (await lab.luna().appliance.identity()).certificate);
  const added = await startProgram(host, {
    file: vtl,
    line: String.raw`addServer -n hsm -c "C:\Users\Administrator\server.pem"`,
  });
  expect(added).toEqual({ stdout: "New server hsm successfully added to server list.\r\n", stderr: "", code: 0 });
  expect(await readFile(host.realPath(String.raw`C:\Program Files\SafeNet\LunaClient\crystoki.ini`), "utf8")).toContain(
    "ServerName00=hsm\r\nServerPort00=1792\r\nServerHtl00=0\r\n",
  );
  const missing = await startProgram(host, { file: "nope.exe", line: "" });
  expect(missing.code).toBe(9009);
  expect(missing.stderr).toContain("ordo: the program was not started: The system cannot find the file specified");
});

test("the whole exchange works from Windows, with pscp over sftp and vtl verify over NTLS", async () => {
  const lab = await openLab(...hosts);
  const host = lab.windows();
  const hsm = lab.luna();
  const folder = await makeFolder();
  await scp(hsm, folder, ["admin@127.0.0.1:server.pem", "."]);
  const sent = await runProgram(
    [
      "pscp",
      "-batch",
      "-hostkey",
      host.hostKey,
      "-pw",
      host.password,
      "-P",
      String(host.port),
      "server.pem",
      "administrator@127.0.0.1:C:\\Users\\Administrator\\server.pem",
    ],
    { cwd: folder, environment: { HOME: folder } },
  );
  expect(sent.code, sent.stderr).toBe(0);
  await exec(host, `"${vtl}" addServer -n hsm -c server.pem`);
  const created = await exec(host, `"${vtl}" createCert -n 192.168.5.174`);
  expect(created.stdout).toBe(
    "Private Key created and written to: C:\\Program Files\\SafeNet\\LunaClient\\cert\\client\\192.168.5.174Key.pem\r\n" +
      "Certificate created and written to: C:\\Program Files\\SafeNet\\LunaClient\\cert\\client\\192.168.5.174.pem\r\n",
  );
  const far = "administrator@127.0.0.1:/C:/Program Files/SafeNet/LunaClient/cert/client/192.168.5.174.pem";
  for (const flag of ["-s", "-O"]) {
    const got = await scp(host, folder, [far, "."], [flag]);
    expect(got.code, got.stderr).toBe(0);
  }
  await scp(hsm, folder, ["192.168.5.174.pem", "admin@127.0.0.1:"]);
  await exec(hsm, "client register -client supreme -ip 192.168.5.174");
  await exec(hsm, "client assignPartition -client supreme -partition ade_partition");
  expect((await exec(host, `"${vtl}" verify`)).stdout).toContain(
    "\r\n   0           902514001        ade_partition\r\n",
  );
});

test("sftp finds files by any case, by /C:/… and relative to the profile", async () => {
  const lab = await openLab(hosts[1]);
  const host = lab.windows();
  const folder = await makeFolder();
  await writeFile(join(folder, "a.bin"), Buffer.from([0, 13, 10, 255]));
  expect((await scp(host, folder, ["a.bin", "administrator@127.0.0.1:Mixed.bin"], ["-s"])).stderr).toBe("");
  expect(
    (await scp(host, folder, ["administrator@127.0.0.1:/c:/users/ADMINISTRATOR/mixed.BIN", "b.bin"], ["-s"])).stderr,
  ).toBe("");
  expect(await readFile(join(folder, "b.bin"))).toEqual(Buffer.from([0, 13, 10, 255]));
});

test("the runner's PowerShell lines work: hashes, files, services, variables, programs", async () => {
  const lab = await openLab(hosts[1]);
  const host = lab.windows();
  await writeFile(host.realPath("a.txt"), "one\r\ntwo\r\n");
  const hash = createHash("sha256").update("one\r\ntwo\r\n").digest("hex").toUpperCase();
  const cases: readonly (readonly [string, string])[] = [
    ["(Get-FileHash -Algorithm SHA256 -LiteralPath 'a.txt').Hash", `${hash}\r\n`],
    ["(Get-FileHash -LiteralPath 'a.txt' -Algorithm SHA256).Hash.ToLower()", `${hash.toLowerCase()}\r\n`],
    ["Test-Path C:\\nope; Test-Path a.txt", "False\r\nTrue\r\n"],
    ["Get-Content a.txt", "one\r\ntwo\r\n"],
    ["Set-Content -LiteralPath 'b c.txt' -Value 'it''s é'; Get-Content -Raw 'b c.txt'", "it's é\r\n\r\n"],
    ["Copy-Item a.txt d.txt; Remove-Item a.txt; Get-ChildItem -Name", "b c.txt\r\nd.txt\r\n"],
    [
      "New-Item -ItemType Directory -Force -Path C:\\Data\\x | Out-Null; Test-Path -PathType Container c:\\data\\X",
      "True\r\n",
    ],
    ["Stop-Service W3SVC; (Get-Service -Name w3svc).Status", "Stopped\r\n"],
    ["Restart-Service -Name W3SVC; Get-Service W3SVC | Select-Object -ExpandProperty Status", "Running\r\n"],
    [
      "if ((Get-Service W3SVC).Status -ne 'Running') { exit 3 } else { Write-Output \"on $env:COMPUTERNAME\" }",
      "on WINCLIENT\r\n",
    ],
    ["hostname", "WINCLIENT\r\n"],
    ["[System.Net.Dns]::GetHostName()", "WINCLIENT\r\n"],
    ["(Get-Service -Name 'W3SVC' ).Status.ToString()", "Running\r\n"],
    [
      "Get-Service -Name 'W3SVC' | Format-List -Property Name, Status, StartType",
      "\r\n\r\nName      : W3SVC\r\nStatus    : Running\r\nStartType : Automatic\r\n\r\n\r\n",
    ],
    [
      "if ((Get-Service -Name 'Spooler' ).StartType -eq 'Disabled') { 'so' } else { Set-Service -Name 'Spooler' -StartupType Disabled }",
      "",
    ],
    ["if ((Get-Service -Name 'spooler' ).StartType -eq 'Disabled') { 'so' } else { exit 9 }", "so\r\n"],
    [
      "Install-WindowsFeature -Name 'Telnet-Client' | Out-Null; (Get-WindowsFeature -Name 'Telnet-Client' ).InstallState.ToString()",
      "Installed\r\n",
    ],
    [
      "Test-NetConnection -InformationLevel Quiet -WarningAction SilentlyContinue -ComputerName '127.0.0.1' -Port 1",
      "False\r\n",
    ],
    ["if (Test-Path -LiteralPath 'nope' ) { 'there' } else { 'not there' }", "not there\r\n"],
    [
      "Get-Service | Where-Object -Property Status -EQ Running | Select-Object -ExpandProperty Name -First 1",
      "W3SVC\r\n",
    ],
    [`& '${vtl}' listServers`, "There are no servers registered.\r\n"],
    [`$x = & '${vtl}' listServers; "got: $x"`, "got: There are no servers registered.\r\n"],
  ];
  for (const [script, stdout] of cases) {
    expect(await powershell(host, wrapped(script)), script).toEqual({ stdout, stderr: "", code: 0 });
  }
  expect((await powershell(host, wrapped("exit 7"))).code).toBe(7);
  expect((await powershell(host, wrapped(`& '${vtl}' verify`))).code).toBe(1);
});

test("a PowerShell error is plain text in the runner's wrapping, and CLIXML without it", async () => {
  const lab = await openLab(hosts[1]);
  const host = lab.windows();
  const plain = await powershell(host, wrapped("Get-Nothing -All"));
  expect(plain.stderr).toMatch(/^The term 'Get-Nothing' is not recognized as the name of a cmdlet.* \[sim\]\r\n$/);
  expect(plain.code).toBe(1);
  const raw = await powershell(host, "Get-Content C:\\nope.txt");
  expect(raw.stderr).toMatch(
    /^#< CLIXML\r\n<Objs .*Cannot find path 'C:\\nope.txt' because it does not exist\. \[sim\]_x000D__x000A_<\/S><\/Objs>$/,
  );
  expect(raw.code).toBe(1);
});

test("cmd prints code page 850, PowerShell UTF-8 once it was told so", async () => {
  const lab = await openLab(hosts[1]);
  const host = lab.windows();
  await exec(host, "echo é ü € ß> x.txt");
  expect(await readFile(host.realPath("x.txt"))).toEqual(
    Buffer.from([0x82, 0x20, 0x81, 0x20, 0x3f, 0x20, 0xe1, 0x0d, 0x0a]),
  );
  expect((await powershell(host, wrapped("Write-Output 'é'"))).stdout).toBe("é\r\n");
});
