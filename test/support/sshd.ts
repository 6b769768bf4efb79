// A real OpenSSH server on loopback, as the account that runs the tests, with host keys and a login of its own.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

export interface SshdOptions {
  /** Whether the server offers sftp; scp is there either way. */
  readonly sftp?: boolean;
  /** Further lines of sshd_config, such as `MaxAuthTries 2`. */
  readonly config?: readonly string[];
  /** Kinds of host keys, in place of ed25519 and rsa. */
  readonly hostKeys?: readonly ("ed25519" | "rsa" | "ecdsa")[];
}

export interface Sshd {
  readonly port: number;
  /** The ed25519 host key's fingerprint, `SHA256:…` (or the first kind's). */
  readonly hostKey: string;
  /** All fingerprints by kind. */
  readonly hostKeys: Readonly<Record<string, string>>;
  /** The account to log in with, and the private key that opens it. */
  readonly user: string;
  readonly keyPath: string;
  /** A folder of this server's own, removed by `stop`. */
  readonly folder: string;
  /** Lines for a known_hosts file: `[127.0.0.1]:PORT TYPE KEY`. */
  readonly knownHosts: string;
  /** What the server has logged so far. */
  log(): string;
  /** Resolves when the log holds the text. */
  logged(text: string): Promise<void>;
  stop(): Promise<void>;
}

/** Why no real server can be started here; undefined: it can. For `it.skipIf`. */
export function sshdMissing(): string | undefined {
  if (process.platform === "win32") return "no sshd on Windows";
  return existsSync(program) ? undefined : `${program} is not installed`;
}

const program = "/usr/sbin/sshd";

export async function startSshd(options: SshdOptions = {}): Promise<Sshd> {
  const folder = mkdtempSync(join(tmpdir(), "ordo-sshd-"));
  const kinds = options.hostKeys ?? ["ed25519", "rsa"];
  const prints: Record<string, string> = {};
  const publicKeys: string[] = [];
  for (const kind of kinds) {
    const path = join(folder, `host_${kind}`);
    keygen(["-q", "-t", kind, ...(kind === "rsa" ? ["-b", "2048"] : []), "-N", "", "-C", "", "-f", path]);
    prints[kind] = keygen(["-l", "-E", "sha256", "-f", `${path}.pub`]).split(" ")[1] ?? "";
    publicKeys.push(readFileSync(`${path}.pub`, "utf8").trim());
  }
  const keyPath = join(folder, "login_key");
  keygen(["-q", "-t", "ed25519", "-N", "", "-C", "ordo-test", "-f", keyPath]);
  writeFileSync(join(folder, "authorized_keys"), readFileSync(`${keyPath}.pub`), { mode: 0o600 });
  if (process.getuid?.() === 0) mkdirSync("/run/sshd", { recursive: true, mode: 0o755 });
  const user = userInfo().username;

  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const config = join(folder, "sshd_config");
    writeFileSync(
      config,
      [
        `Port ${port}`,
        "ListenAddress 127.0.0.1",
        ...kinds.map((kind) => `HostKey ${join(folder, `host_${kind}`)}`),
        `AuthorizedKeysFile ${join(folder, "authorized_keys")}`,
        "PidFile none",
        "StrictModes no",
        "PermitRootLogin yes",
        "UseDNS no",
        "PrintMotd no",
        "PrintLastLog no",
        "MaxStartups 100:30:200",
        "LogLevel VERBOSE",
        ...(options.sftp === false ? [] : ["Subsystem sftp internal-sftp"]),
        // The first mention of a setting holds in sshd_config, so these come before the defaults below.
        ...(options.config ?? []),
        // Start-up files of the account that runs the tests are none of their business.
        `SetEnv HOME=${folder}`,
        "UsePAM no",
        "PasswordAuthentication no",
        "KbdInteractiveAuthentication no",
        "",
      ].join("\n"),
    );
    const child = spawn(program, ["-D", "-e", "-f", config], { stdio: ["ignore", "ignore", "pipe"] });
    let log = "";
    let wake = (): void => undefined;
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      log += text;
      wake();
    });
    const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
    const logged = async (text: string): Promise<void> => {
      while (!log.includes(text)) {
        const more = new Promise<"more">((resolve) => (wake = () => resolve("more")));
        if ((await Promise.race([more, closed])) !== "more" && !log.includes(text))
          throw new Error(`sshd ended without "${text}":\n${log}`);
      }
    };
    try {
      await logged("Server listening on");
    } catch (error) {
      // Somebody else took the port in between.
      if (attempt < 5 && log.includes("Address already in use")) continue;
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
    return {
      port,
      hostKey: prints[kinds[0] ?? "ed25519"] ?? "",
      hostKeys: prints,
      user,
      keyPath,
      folder,
      knownHosts: publicKeys.map((key) => `[127.0.0.1]:${port} ${key}\n`).join(""),
      log: () => log,
      logged,
      async stop() {
        child.kill("SIGTERM");
        await closed;
        rmSync(folder, { recursive: true, force: true });
      },
    };
  }
}

function keygen(words: readonly string[]): string {
  const made = spawnSync("ssh-keygen", words, { encoding: "utf8" });
  if (made.status !== 0) throw new Error(`ssh-keygen ${words.join(" ")}: ${made.stderr}`);
  return made.stdout;
}

/** A port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
