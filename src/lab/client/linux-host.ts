// The Linux-like client: a real /bin/sh of this machine, in a private folder, with the LunaClient's paths led into it.
//
// Nothing is confined: a command can do what this account can do. Only these paths are the client's own, in the text of a
// command as in sftp: /usr/safenet/lunaclient, /etc/Chrystoki.conf and /home/USER. That is all the simulation there is.

import { spawn } from "node:child_process";
import { mkdir, rm } from "node:fs/promises";
import { join, posix, resolve } from "node:path";
import type { Received } from "../host.ts";
import { startSshServer } from "../ssh/server.ts";
import type { SessionRequest } from "../ssh/server.ts";
import type { ClientHost, ClientHostOptions } from "./client-host.ts";
import { beginCommand } from "./faulty-session.ts";
import { serveSftp } from "./sftp-server.ts";
import type { PathMap } from "./sftp-server.ts";
import { writeConfiguration } from "./vtl-store.ts";
import { startVtlBridge } from "./vtl-bridge.ts";
import type { VtlClient } from "./vtl.ts";

/** Starts a Linux-like client. Throws where the folder's path could not stand bare in a command. */
export async function startLinuxHost(options: ClientHostOptions): Promise<ClientHost> {
  const { name, user, password, faults, network } = options;
  const root = resolve(options.folder);
  if (!/^[\w./@+-]+$/.test(root)) {
    throw new Error(`the lab's folder ${root} holds a character that a shell would not leave alone; choose another`);
  }
  const paths = makePaths(root, user);
  const client: VtlClient = {
    folder: paths.real("/usr/safenet/lunaclient"),
    shownFolder: "/usr/safenet/lunaclient",
    separator: "/",
    configuration: paths.real("/etc/Chrystoki.conf"),
    style: "conf",
    network,
    version: options.clientVersion,
  };
  const binFolder = join(client.folder, "bin");
  const folders = ["cert/client", "cert/server", "lib"].map((folder) => join(client.folder, folder));
  await Promise.all([...folders, paths.home, join(root, "tmp")].map((folder) => mkdir(folder, { recursive: true })));
  await writeConfiguration(client, { servers: [], clientName: undefined });
  const bridge = await startVtlBridge(client, { binFolder, findFile: (cwd, path) => paths.from(cwd, path) });

  const received: Received[] = [];
  const note = (item: Received): void => {
    received.push(item);
  };
  const children = new Set<number>();
  const run = async (request: SessionRequest, command: string | undefined): Promise<void> => {
    const outlets = await beginCommand(request, command ?? "", { faults, received: note });
    const { channel } = request;
    if (outlets === undefined) {
      channel.exit(1);
      channel.end();
      return;
    }
    const shell = command === undefined ? ["/bin/sh"] : ["/bin/sh", "-c", paths.rewrite(command)];
    const [program = "", ...args] = request.hasPty ? inTerminal(shell) : shell;
    const child = spawn(program, args, {
      cwd: paths.home,
      // A group of its own: when the client goes, everything that it started goes.
      detached: true,
      env: {
        HOME: paths.home,
        USER: user,
        LOGNAME: user,
        SHELL: "/bin/sh",
        TMPDIR: join(root, "tmp"),
        PATH: `${binFolder}:${process.env["PATH"] ?? "/usr/bin:/bin"}`,
        ...request.environment,
        ...(request.hasPty ? { TERM: "xterm" } : {}),
      },
      stdio: ["pipe", "pipe", "pipe"],
    });
    const { pid } = child;
    if (pid !== undefined) children.add(pid);
    const stop = (): void => {
      if (pid !== undefined && children.has(pid)) killGroup(pid);
    };
    channel.on("close", stop);
    child.stdin.on("error", () => undefined);
    channel.pipe(child.stdin);
    const written = Promise.all([
      copy(child.stdout, (bytes) => outlets.out.write(bytes)),
      copy(child.stderr, (bytes) => outlets.err.write(bytes)),
    ]);
    const ended = await new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((done, reject) => {
      child.once("error", reject);
      child.once("exit", (code, signal) => done({ code, signal }));
    });
    // What the shell left in the background keeps its output open, and the session, as sshd does.
    await written;
    if (pid !== undefined) children.delete(pid);
    if (ended.signal === null) channel.exit(ended.code ?? 255);
    else channel.exit(ended.signal.replace(/^SIG/, ""), false, "");
    channel.end();
  };

  const server = await startSshServer({
    address: options.address,
    port: options.port,
    hostKey: options.hostKey,
    accounts: { passwords: new Map([[user, password]]), publicKeys: options.publicKeys, methods: options.methods },
    faults,
    received: note,
    handlers: {
      exec: run,
      shell: (request) => run(request, undefined),
      sftp: (sftp, socket) => serveSftp(sftp, { paths: paths.map, socket, faults, received: note }),
    },
  }).catch(async (error: unknown) => {
    await bridge.close();
    await rm(root, { recursive: true, force: true });
    throw error;
  });
  return {
    name,
    kind: "linux",
    address: options.address,
    port: server.port,
    user,
    password,
    hostKey: options.hostKey.fingerprint,
    publicHostKey: options.hostKey.public,
    received,
    faults,
    realPath: (path) => paths.from(paths.home, path),
    resetConnections: () => server.resetConnections(),
    close: async () => {
      for (const pid of children) killGroup(pid);
      await Promise.all([server.close(), bridge.close()]);
      await rm(root, { recursive: true, force: true });
    },
  };
}

interface LinuxPaths {
  readonly home: string;
  readonly map: PathMap;
  /** The real path of an absolute one. */
  real(path: string): string;
  /** The real path of one that may be relative to a real folder. */
  from(folder: string, path: string): string;
  /** A command with the client's own paths led into its folder: THE one place where a command is changed. */
  rewrite(command: string): string;
}

function makePaths(root: string, user: string): LinuxPaths {
  const own = ["/usr/safenet/lunaclient", "/etc/Chrystoki.conf", `/home/${user}`];
  const names = own.map((path) => path.replaceAll(".", String.raw`\.`)).join("|");
  // A whole path or its beginning, never the middle or the beginning of another name.
  const inCommand = new RegExp(`(?<![\\w./-])(?:${names})(?=$|[^\\w.-]|\\.(?=$|\\s))`, "g");
  const real = (path: string): string => {
    const normal = posix.normalize(path);
    return own.some((start) => normal === start || normal.startsWith(`${start}/`)) ? join(root, normal) : normal;
  };
  const home = join(root, "home", user);
  const from = (folder: string, path: string): string => (path.startsWith("/") ? real(path) : join(folder, path));
  return {
    home,
    real,
    from,
    rewrite: (command) => command.replaceAll(inCommand, (path) => join(root, path)),
    map: { toReal: (path) => from(home, path), toShown: (path) => from(home, path).replace(/(?<=.)\/$/, "") },
  };
}

// util-linux's script gives the child a terminal; what it would log goes nowhere.
function inTerminal(command: readonly string[]): readonly string[] {
  const line = command.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(" ");
  return ["script", "-qefc", `stty cols 200 rows 50; exec ${line}`, "-E", "always", "/dev/null"];
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended meanwhile.
  }
}

async function copy(from: NodeJS.ReadableStream, write: (bytes: Buffer) => Promise<void>): Promise<void> {
  for await (const bytes of from) await write(Buffer.from(bytes));
}
