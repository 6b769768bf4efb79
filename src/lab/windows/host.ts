// The Windows-like client as a host on loopback: cmd.exe behind ssh, sftp onto drive C:, vtl in its usual folder.

import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { ClientHost, ClientHostOptions } from "../client/client-host.ts";
import { beginCommand } from "../client/faulty-session.ts";
import { serveSftp } from "../client/sftp-server.ts";
import { writeConfiguration } from "../client/vtl-store.ts";
import type { LabHost, Received } from "../host.ts";
import { parseScp, serveScp } from "../ssh/legacy-scp.ts";
import type { ScpFiles } from "../ssh/legacy-scp.ts";
import { resetSocket } from "../ssh/outlet.ts";
import { startSshServer } from "../ssh/server.ts";
import type { SessionRequest } from "../ssh/server.ts";
import { openOutlet } from "../ssh/session-outlet.ts";
import { Terminal } from "../ssh/terminal.ts";
import { runCmd, windowsVersion } from "./cmd.ts";
import { Printed, startPlace } from "./machine.ts";
import type { WindowsMachine } from "./machine.ts";
import { WindowsDrive } from "./paths.ts";
import { programOf, runPowershell, scriptOf } from "./powershell.ts";
import { lunaClientFolder, programPaths } from "./programs.ts";

/** A Windows-like client, and its machine for tests to look at. */
export interface WindowsHost extends ClientHost {
  readonly kind: "windows";
  readonly machine: WindowsMachine;
}

/** Whether a host is a Windows-like client. */
export function isWindowsHost(host: LabHost | undefined): host is WindowsHost {
  return host?.kind === "windows";
}

/** Starts a Windows-like client. */
export async function startWindowsHost(options: ClientHostOptions): Promise<WindowsHost> {
  const { name, user, password, faults } = options;
  const machine = await makeMachine(options);
  const { drive } = machine;
  const received: Received[] = [];
  const note = (item: Received): void => {
    received.push(item);
  };

  const exec = async (request: SessionRequest, command: string): Promise<void> => {
    const { channel, socket } = request;
    if (parseScp(command) !== undefined) return serveCopy(request, command);
    const outlets = await beginCommand(request, spokenCommand(command), { faults, received: note });
    let status = 1;
    if (outlets !== undefined) {
      const printed = new Printed();
      status = await runCmd({ machine, place: startPlace(machine), line: command, printed });
      await outlets.out.write(Buffer.concat(printed.out));
      await outlets.err.write(Buffer.concat(printed.err));
    }
    if (!socket.destroyed) channel.exit(status);
    channel.end();
    return undefined;
  };

  const serveCopy = async (request: SessionRequest, command: string): Promise<void> => {
    const { channel, socket } = request;
    const scp = parseScp(command);
    if (scp === undefined) return;
    const outlet = openOutlet(request, faults);
    const wire = {
      input: channel,
      outlet,
      resetAfterBytes: faults.find("reset-file")?.afterBytes,
      reset: () => resetSocket(socket),
    };
    channel.exit(await serveScp(scp, wire, scpFiles(drive, note)));
    channel.end();
  };

  const shell = async (request: SessionRequest): Promise<void> => {
    const outlets = await beginCommand(request, "", { faults, received: note });
    if (outlets === undefined) return;
    const terminal = new Terminal(request.channel, outlets.out, { hasPty: request.hasPty });
    const place = startPlace(machine);
    await terminal.write(
      `Microsoft Windows [Version ${windowsVersion}]\n(c) 2018 Microsoft Corporation. All rights reserved.\n`,
    );
    const motd = faults.find("motd");
    if (motd !== undefined) await terminal.write(`${motd.text}\n`);
    let status = 0;
    for (;;) {
      await terminal.write(`\n${place.folder}>`);
      const line = await terminal.readLine();
      if (line.type === "ended") break;
      if (line.type === "interrupted" || line.text.trim() === "") continue;
      note({ type: "line", text: line.text, hidden: false });
      const isExit = /^\s*exit\b/i.test(line.text);
      const printed = new Printed();
      status = await runCmd({ machine, place, line: line.text, printed });
      await outlets.out.write(Buffer.concat([...printed.out, ...printed.err]));
      if (isExit) break;
    }
    request.channel.exit(status);
    request.channel.end();
  };

  const server = await startSshServer({
    address: options.address,
    port: options.port,
    hostKey: options.hostKey,
    accounts: { passwords: new Map([[user, password]]), publicKeys: options.publicKeys, methods: options.methods },
    faults,
    received: note,
    handlers: {
      exec,
      shell,
      sftp: (sftp, socket) => {
        const paths = {
          toReal: (path: string) => drive.real(path),
          // OpenSSH on Windows answers /C:/Users/…
          toShown: (path: string) => `/${(drive.absolute(path) ?? path).replaceAll("\\", "/")}`,
        };
        serveSftp(sftp, { paths, socket, faults, received: note });
      },
    },
  }).catch(async (error: unknown) => {
    await rm(options.folder, { recursive: true, force: true });
    throw error;
  });
  return {
    name,
    kind: "windows",
    address: options.address,
    port: server.port,
    user,
    password,
    hostKey: options.hostKey.fingerprint,
    publicHostKey: options.hostKey.public,
    received,
    faults,
    machine,
    realPath: (path) => {
      const real = drive.real(path);
      if (real === undefined) throw new Error(`${name} has no drive for ${path}`);
      return real;
    },
    resetConnections: () => server.resetConnections(),
    close: async () => {
      await server.close();
      await rm(options.folder, { recursive: true, force: true });
    },
  };
}

async function makeMachine(options: ClientHostOptions): Promise<WindowsMachine> {
  const { user, network, clientVersion } = options;
  const profile = `C:\\Users\\${user.charAt(0).toUpperCase()}${user.slice(1)}`;
  const drive = new WindowsDrive(resolve(options.folder, "C"), profile);
  const real = (path: string): string => drive.real(path) ?? join(options.folder, "C");
  const folders = [
    profile,
    "C:\\Windows\\System32",
    "C:\\Temp",
    ...["cert\\client", "cert\\server"].map((part) => `${lunaClientFolder}\\${part}`),
  ];
  for (const folder of folders) await mkdir(real(folder), { recursive: true });
  for (const path of programPaths()) {
    // The files only mark where a program is; the lab is what runs.
    const shown = path.replace("c:\\program files\\safenet\\lunaclient", lunaClientFolder);
    await mkdir(dirname(real(shown)), { recursive: true });
    await writeFile(real(shown), "a program of the lab\n");
  }
  const vtl = {
    folder: real(lunaClientFolder),
    shownFolder: lunaClientFolder,
    separator: "\\",
    configuration: real(`${lunaClientFolder}\\crystoki.ini`),
    style: "ini",
    network,
    version: clientVersion,
  } as const;
  await writeConfiguration(vtl, { servers: [], clientName: undefined });
  const hostname = "WINCLIENT";
  return {
    drive,
    vtl,
    hostname,
    user,
    shells: { cmd: runCmd, powershell: runPowershell },
    environment: {
      OS: "Windows_NT",
      COMPUTERNAME: hostname,
      USERNAME: user,
      USERPROFILE: profile,
      SYSTEMROOT: "C:\\Windows",
      TEMP: "C:\\Temp",
      PATHEXT: ".COM;.EXE;.BAT;.CMD",
      PATH: "C:\\Windows\\System32;C:\\Windows;C:\\Windows\\System32\\WindowsPowerShell\\v1.0",
    },
    features: [
      { name: "Web-Server", title: "Web Server (IIS)", isInstalled: true },
      { name: "Telnet-Client", title: "Telnet Client", isInstalled: false },
    ],
    services: [
      { name: "W3SVC", title: "World Wide Web Publishing Service", isRunning: true, startType: "Automatic" },
      { name: "Spooler", title: "Print Spooler", isRunning: true, startType: "Automatic" },
      { name: "ac.aims", title: "ActivID CMS [sim]", isRunning: true, startType: "Automatic" },
    ],
  };
}

// What a person would say was asked for: faults are looked for in this, not in base64.
function spokenCommand(command: string): string {
  const script = /^powershell(?:\.exe)?\s/i.test(command) ? scriptOf(command.replace(/^\S+\s+/, "")) : undefined;
  if (script === undefined) return command;
  const program = programOf(script);
  return program === undefined ? script : `${program.file} ${program.line}`;
}

function scpFiles(drive: WindowsDrive, note: (item: Received) => void): ScpFiles {
  return {
    read: async (path) => {
      const real = drive.real(path);
      try {
        if (real !== undefined) return await readFile(real);
      } catch {
        // Said below.
      }
      return { problem: "No such file or directory" };
    },
    write: async (path, name, content) => {
      const whole = /(?:^|[\\/])\.?$/.test(path) ? `${path}/${name}` : path;
      const real = drive.real(whole);
      try {
        if (real === undefined) throw new Error("another drive");
        await writeFile(real, content);
      } catch {
        return { problem: "No such file or directory" };
      }
      note({ type: "file", path: whole, sizeBytes: content.length });
      return undefined;
    },
  };
}
