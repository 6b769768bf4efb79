import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect as connectSocket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { connect } from "../../src/hosts/connect.ts";
import { HostFailure } from "../../src/hosts/connection.ts";
import type { Target } from "../../src/hosts/connection.ts";
import { Secret } from "../../src/secrets/secret.ts";
import { startRawServer } from "../support/raw-server.ts";
import { newKey, startScriptedSsh } from "../support/scripted-ssh.ts";
import type { Script } from "../support/scripted-ssh.ts";
import { freePort, sshdMissing, startSshd } from "../support/sshd.ts";
import type { SshdOptions } from "../support/sshd.ts";
import { noSignal, runToEnd, targetWith } from "./target.ts";

const password = new Secret("web1 password", "hunter2-hunter2");
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});
let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "ordo-connect-"))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sshd = async (options: SshdOptions = {}) => {
  const server = await startSshd(options);
  stops.push(() => server.stop());
  return server;
};
const scripted = async (script: Script) => {
  const server = await startScriptedSsh(script);
  stops.push(() => server.stop());
  return server;
};
const raw = async (...each: Parameters<typeof startRawServer>) => {
  const server = await startRawServer(...each);
  stops.push(() => server.stop());
  return server;
};
const open = async (parts: Partial<Target>) => {
  const connection = await connect(targetWith(parts), noSignal);
  stops.unshift(() => connection.close());
  return connection;
};
const failure = async (parts: Partial<Target>): Promise<HostFailure> => {
  const error: unknown = await open(parts).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof HostFailure)) throw new Error(`no HostFailure but ${String(error)}`);
  expect(`${error.message}${error.wayOn}`).not.toContain("hunter2");
  return error;
};
const words = ({ reason, message, wayOn }: HostFailure): string[] => [reason, message, wayOn];

describe("a host that can't be connected to has its own words", () => {
  it("when its name does not resolve", async () => {
    expect(words(await failure({ address: "no-such-host.invalid", password }))).toEqual([
      "name-not-found",
      'The name "no-such-host.invalid" of host web1 does not resolve.',
      "Look at the spelling after `at` in the inventory, or give an IP address.",
    ]);
  });

  it("when nothing listens", async () => {
    const port = await freePort();
    expect(words(await failure({ port, password }))).toEqual([
      "refused",
      `web1 (127.0.0.1 port ${port}) refused the connection: nothing listens on that port.`,
      "Look whether its ssh server runs, and on which port.",
    ]);
  });

  it("when there is no way to its address", async () => {
    // A broadcast address: the system itself refuses it, without a packet.
    const found = await failure({ address: "255.255.255.255", password });
    expect(found.reason).toBe("unreachable");
    expect(found.message).toMatch(
      /^web1 \(255\.255\.255\.255 port 22\) can't be reached from this machine: there is no way to that address \(E[A-Z]+\)\.$/,
    );
  });

  it("when it takes the connection and says nothing", async () => {
    const { port } = await raw(() => undefined);
    expect(words(await failure({ port, password, connectTimeoutMs: 100 }))).toEqual([
      "no-answer",
      `web1 (127.0.0.1 port ${port}) took the connection but said nothing within 0.1 s: no ssh server greeted.`,
      "Look whether the host is up, and whether a firewall stands between it and this machine.",
    ]);
  });

  it("when it greets and then says nothing", async () => {
    const { port } = await raw((socket) => socket.write("SSH-2.0-Silent\r\n"));
    expect((await failure({ port, password, connectTimeoutMs: 100 })).message).toBe(
      `web1 (127.0.0.1 port ${port}) greeted but did not finish the key exchange within 0.1 s.`,
    );
  });

  it("when it never answers the login", async () => {
    const { port, hostKey } = await scripted({ login: () => undefined });
    expect((await failure({ port, hostKey, password, user: "ada", connectTimeoutMs: 700 })).message).toBe(
      `web1 (127.0.0.1 port ${port}) did not answer the login within 0.7 s.`,
    );
  });

  it.each([
    ["before it greeted", (): void => undefined],
    ["during the key exchange", (socket: { write(text: string): void }): void => socket.write("SSH-2.0-Falling\r\n")],
  ])("when it closes the connection %s", async (when, greet) => {
    const { port } = await raw((socket) => {
      greet(socket);
      socket.once("data", () => socket.destroy());
      if (when.startsWith("before")) socket.destroy();
    });
    expect(words(await failure({ port, password }))).toEqual([
      "reset",
      `web1 (127.0.0.1 port ${port}) closed the connection ${when}.`,
      "Look at the server's log: too many connections, a banned address, or no ssh server on that port.",
    ]);
  });

  it("when it resets the connection in the key exchange", async () => {
    const { port } = await raw((socket) => {
      socket.write("SSH-2.0-Resetting\r\n");
      socket.once("data", () => socket.resetAndDestroy());
    });
    expect((await failure({ port, password })).message).toBe(
      `web1 (127.0.0.1 port ${port}) closed the connection during the key exchange.`,
    );
  });

  it.each([
    ["closes", true],
    ["waits", false],
  ])("when something else than ssh answers and %s", async (_title, closes) => {
    const { port } = await raw((socket) => {
      socket.write("HTTP/1.1 400 Bad Request\r\n\r\n");
      if (closes) socket.end();
    });
    expect(words(await failure({ port, password, connectTimeoutMs: closes ? 15_000 : 300 }))).toEqual([
      "reset",
      `web1 (127.0.0.1 port ${port}) answers, but not as an ssh server.`,
      "Look at the port: something else listens there.",
    ]);
  });

  it("when the operator interrupts", async () => {
    const { port } = await raw(() => control.abort(new Error("interrupted by the operator")));
    const control = new AbortController();
    await expect(connect(targetWith({ port, password }), control.signal)).rejects.toThrow(
      "interrupted by the operator",
    );
  });

  it("when it has only weak algorithms; and is let in when the inventory names one", async () => {
    const algorithms = { kex: ["diffie-hellman-group14-sha1" as const] };
    const { port, hostKey } = await scripted({ algorithms });
    const found = await failure({ port, hostKey, password, user: "ada" });
    expect(found.reason).toBe("no-common-algorithm");
    expect(found.message).toBe(`web1 (127.0.0.1 port ${port}) and ordo have no key exchange algorithm in common.`);
    const connection = await open({
      port,
      hostKey,
      password,
      user: "ada",
      allowWeakAlgorithms: ["diffie-hellman-group14-sha1"],
    });
    expect(connection.facts.algorithms?.["kex"]).toBe("diffie-hellman-group14-sha1");
  });

  it("when the inventory allows an algorithm that does not exist", async () => {
    expect((await failure({ password, allowWeakAlgorithms: ["rot13"] })).message).toBe(
      '"rot13", which the inventory allows for web1, is no algorithm that ordo has.',
    );
  });
});

describe("the key of a login", () => {
  it.each<[string, () => string, RegExp]>([
    ["that isn't there", () => join(folder, "absent"), /there is no such file/],
    ["that is a folder", () => folder, /it is a folder/],
    ["that is no key", () => write("not-a-key", "hello\n"), /it holds no private key that ordo can read/],
    [
      "that is a public key",
      () => write("public", readFileSync(`${keyFile("plain", "")}.pub`, "utf8")),
      /it is a public key/,
    ],
    [
      "that has a passphrase",
      () => keyFile("encrypted", "correct horse"),
      /it is encrypted with a passphrase, and no agent here holds it/,
    ],
  ])("%s is said before anything is sent", async (_title, path, why) => {
    const server = await raw(() => undefined);
    const found = await failure({ port: server.port, key: path() });
    expect(found.reason).toBe("key-unreadable");
    expect(found.message).toMatch(why);
    expect(server.received()).toEqual([]);
  });

  it.skipIf(sshdMissing() !== undefined)("that the host does not know is refused, once", async () => {
    const server = await sshd();
    const found = await failure({
      port: server.port,
      hostKey: server.hostKey,
      user: server.user,
      key: keyFile("stranger", ""),
    });
    expect(words(found)).toEqual([
      "login-refused",
      `web1 (127.0.0.1 port ${server.port}) did not let "${server.user}" in: it refused the key.`,
      "It was tried once and is not tried again. Look at user, key and password of host web1 in the inventory.",
    ]);
    await server.logged("Connection closed by authenticating");
    expect(server.log().match(/Failed (?!none)\w+ for/g)).toHaveLength(1);
  });

  it.skipIf(sshdMissing() !== undefined)("may be RSA", async () => {
    const server = await sshd();
    const key = keyFile("rsa", "", "rsa");
    writeFileSync(join(server.folder, "authorized_keys"), readFileSync(`${key}.pub`));
    const connection = await open({ port: server.port, hostKey: server.hostKey, user: server.user, key });
    expect(connection.facts.authenticated).toBe("key");
  });
});

describe("a password", () => {
  it("is sent once to a host that takes it", async () => {
    const server = await scripted({ exec: (_line, channel) => channel.end("hello\n") });
    const connection = await open({ port: server.port, hostKey: server.hostKey, user: "ada", password });
    expect(connection.facts.authenticated).toBe("password");
    expect(server.attempts).toEqual(["none", "password hunter2-hunter2"]);
  });

  it("that is wrong is tried once", async () => {
    const server = await scripted({
      login: (context) => context.reject(["password", "keyboard-interactive", "publickey"]),
    });
    expect(words(await failure({ port: server.port, hostKey: server.hostKey, user: "ada", password }))).toEqual([
      "login-refused",
      `web1 (127.0.0.1 port ${server.port}) did not let "ada" in: it refused the password.`,
      "It was tried once and is not tried again. Look at user, key and password of host web1 in the inventory.",
    ]);
    expect(server.attempts).toEqual(["none", "password hunter2-hunter2"]);
    expect(server.connections()).toBe(1);
  });

  it("answers the one hidden question where the host takes no other password", async () => {
    let answers: readonly string[] = [];
    const server = await scripted({
      login: (context) => {
        if (context.method !== "keyboard-interactive") return context.reject(["keyboard-interactive"]);
        context.prompt([{ prompt: "Password: ", echo: false }], (given) => {
          answers = given;
          context.accept();
        });
      },
    });
    await open({ port: server.port, hostKey: server.hostKey, user: "ada", password });
    expect(answers).toEqual(["hunter2-hunter2"]);
    expect(server.attempts).toEqual(["none", "keyboard-interactive"]);
  });

  it.each([
    ["a shown question", [{ prompt: "Your name: ", echo: true }], "Your name:"],
    [
      "two questions",
      [
        { prompt: "Password: ", echo: false },
        { prompt: "Token: ", echo: false },
      ],
      "Password: Token:",
    ],
  ])("does not answer %s", async (_title, prompts, said) => {
    let answered = false;
    const server = await scripted({
      login: (context) => {
        if (context.method !== "keyboard-interactive") return context.reject(["keyboard-interactive"]);
        context.prompt(prompts, () => (answered = true));
      },
    });
    const found = await failure({ port: server.port, hostKey: server.hostKey, user: "ada", password });
    expect(found.message).toContain(`did not let "ada" in: it asks more than a password: "${said}"`);
    expect(answered).toBe(false);
  });

  it("is not given twice when the host asks again", async () => {
    let answers = 0;
    const server = await scripted({
      login: (context) => {
        if (context.method !== "keyboard-interactive") return context.reject(["keyboard-interactive"]);
        const ask = (): void => {
          context.prompt([{ prompt: "Password: ", echo: false }], () => {
            answers++;
            ask();
          });
        };
        ask();
      },
    });
    const found = await failure({ port: server.port, hostKey: server.hostKey, user: "ada", password });
    expect(found.reason).toBe("login-refused");
    expect(answers).toBe(1);
  });

  it("is not sent to a host that takes none", async () => {
    const server = await scripted({ login: (context) => context.reject(["publickey"]) });
    const found = await failure({ port: server.port, hostKey: server.hostKey, user: "ada", password });
    expect(found.message).toContain("it takes no password, only publickey");
    expect(server.attempts).toEqual(["none"]);
  });

  const cannot = sshdMissing() ?? (process.getuid?.() === 0 ? undefined : "accounts can only be made by root");
  describe.skipIf(cannot !== undefined)("on a real sshd", () => {
    const user = `ordo${process.pid}`;
    beforeAll(() => {
      expect(spawnSync("useradd", ["-M", "-d", "/", "-s", "/bin/sh", user]).status).toBe(0);
      expect(spawnSync("chpasswd", { input: `${user}:hunter2-hunter2\n` }).status).toBe(0);
    });
    afterAll(() => void spawnSync("userdel", [user]));

    it.each([
      ["password", ["PasswordAuthentication yes", "UsePAM no"]],
      ["keyboard-interactive", ["KbdInteractiveAuthentication yes", "PasswordAuthentication no", "UsePAM yes"]],
    ])("by %s lets in, and a wrong one leaves one failure in its log", async (method, config) => {
      const server = await sshd({ config });
      const target = { port: server.port, hostKey: server.hostKey, user };
      const connection = await open({ ...target, password });
      expect(connection.facts).toMatchObject({ account: user, authenticated: "password" });
      expect((await runToEnd(connection, "id -un")).text).toBe(`${user}\n`);
      const found = await failure({ ...target, password: new Secret("wrong", "hunter2-wrong") });
      expect(found.reason).toBe("login-refused");
      await server.logged(`Connection closed by authenticating user ${user}`);
      expect(server.log().match(/Failed (?!none)\S+ for/g)).toHaveLength(1);
      expect(server.log()).toContain(
        `Failed ${method === "password" ? "password" : "keyboard-interactive/pam"} for ${user}`,
      );
    });
  });
});

describe.skipIf(sshdMissing() !== undefined)("an agent", () => {
  afterEach(() => void vi.unstubAllEnvs());

  it("is asked where the inventory gives neither key nor password", async () => {
    const server = await sshd();
    const socket = join(folder, "agent");
    const agent = spawn("ssh-agent", ["-D", "-a", socket], { stdio: ["ignore", "pipe", "ignore"] });
    await new Promise((resolve) => agent.stdout.once("data", resolve));
    stops.push(async () => {
      agent.kill();
      await new Promise((resolve) => agent.once("close", resolve));
    });
    vi.stubEnv("SSH_AUTH_SOCK", socket);
    expect(spawnSync("ssh-add", ["-q", keyFile("other", ""), server.keyPath]).status).toBe(0);
    const connection = await open({ port: server.port, hostKey: server.hostKey, user: server.user });
    expect(connection.facts.authenticated).toBe("agent");
    // An encrypted key that the agent holds is the only one that is shown.
    const encrypted = join(folder, "agent-encrypted");
    writeFileSync(encrypted, readFileSync(server.keyPath), { mode: 0o600 });
    writeFileSync(`${encrypted}.pub`, readFileSync(`${server.keyPath}.pub`));
    expect(spawnSync("ssh-keygen", ["-q", "-p", "-N", "correct horse", "-f", encrypted]).status).toBe(0);
    const byName = await open({ port: server.port, hostKey: server.hostKey, user: server.user, key: encrypted });
    expect(byName.facts.authenticated).toBe("agent");
    const stranger = await failure({
      port: server.port,
      hostKey: server.hostKey,
      user: server.user,
      key: keyFile("held-by-none", "correct horse"),
    });
    expect(stranger.reason).toBe("key-unreadable");
    writeFileSync(join(server.folder, "authorized_keys"), "");
    const found = await failure({ port: server.port, hostKey: server.hostKey, user: server.user });
    expect(found.message).toContain(`did not let "${server.user}" in: it refused every key of the agent`);
  });

  it("that does not answer, or isn't there, is said", async () => {
    const server = await sshd();
    const target = { port: server.port, hostKey: server.hostKey, user: server.user };
    vi.stubEnv("SSH_AUTH_SOCK", join(folder, "no-agent"));
    expect((await failure(target)).message).toContain("the agent (SSH_AUTH_SOCK) does not answer");
    vi.stubEnv("SSH_AUTH_SOCK", "");
    const found = await failure(target);
    expect(found.reason).toBe("login-refused");
    expect(found.message).toContain(
      "it wants publickey, the inventory gives neither a key nor a password, and no agent runs here",
    );
  });
});

describe("many hosts", () => {
  it("are connected to with one signal without a warning of Node's", async () => {
    const server = await scripted({});
    const warnings: Error[] = [];
    const note = (warning: Error): void => void warnings.push(warning);
    process.on("warning", note);
    await Promise.all(
      Array.from({ length: 20 }, () => open({ port: server.port, hostKey: server.hostKey, user: "ada", password })),
    );
    await new Promise((resolve) => setImmediate(resolve));
    process.off("warning", note);
    expect(warnings).toEqual([]);
  });
});

describe("the key of a host", () => {
  it("that is not known stops the connection, and the way on is a line for the inventory", async () => {
    const server = await scripted({});
    expect(words(await failure({ port: server.port, user: "ada", password }))).toEqual([
      "host-key-unknown",
      `The host key of web1 (127.0.0.1 port ${server.port}) is not known: it shows ${server.hostKey} (ssh-ed25519), and neither the inventory nor known_hosts names it.`,
      `Compare the fingerprint with the host's own; if they are equal, write under host web1 in the inventory: host key "${server.hostKey}"`,
    ]);
    expect(server.attempts).toEqual([]);
  });

  it("that is not the pinned one is shown beside it, and no byte of a login is sent", async () => {
    const server = await scripted({});
    // Between the two ends, everything that the client sends is kept.
    const wire = await raw((socket) => {
      const onward = connectSocket(server.port, "127.0.0.1");
      socket.pipe(onward).pipe(socket);
      onward.on("error", () => undefined);
    });
    const pin = `SHA256:${"A".repeat(43)}`;
    expect(words(await failure({ port: wire.port, hostKey: pin, user: "ada", password }))).toEqual([
      "host-key-changed",
      `web1 (127.0.0.1 port ${wire.port}) shows another host key than the expected one: ${pin} is pinned in the inventory, but the host shows ${server.hostKey}.`,
      `Nothing was sent to it. Find out why the key changed; if the new one is right, write under host web1 in the inventory: host key "${server.hostKey}"`,
    ]);
    expect(server.attempts).toEqual([]);
    // The greeting, an offer of algorithms and a public number: after these the keys would come into force (NEWKEYS), and didn't.
    // It is asked for its other keys too, and has none.
    expect(wire.received().length).toBe(2);
    for (const bytes of wire.received()) {
      const end = bytes.indexOf("\r\n");
      expect(bytes.toString("latin1", 0, end)).toMatch(/^SSH-2\.0-/);
      for (const message of messagesOf(bytes.subarray(end + 2))) expect([20, 30]).toContain(message);
    }
  });

  it.skipIf(sshdMissing() !== undefined)("may be pinned by any of the host's keys", async () => {
    const server = await sshd({ hostKeys: ["ed25519", "ecdsa", "rsa"] });
    for (const kind of ["ed25519", "ecdsa", "rsa"]) {
      const connection = await open({
        port: server.port,
        user: server.user,
        key: server.keyPath,
        hostKey: server.hostKeys[kind] ?? "",
      });
      expect(connection.facts).toMatchObject({
        hostKey: server.hostKeys[kind],
        trustedBecause: "pinned in the inventory",
      });
    }
    const pin = `SHA256:${"A".repeat(43)}`;
    const found = await failure({ port: server.port, user: server.user, key: server.keyPath, hostKey: pin });
    expect(found.reason).toBe("host-key-changed");
    expect(found.message).toContain(server.hostKey);
  });

  it.skipIf(sshdMissing() !== undefined)(
    "is taken from known_hosts, also when only its RSA key stands there",
    async () => {
      const server = await sshd();
      const rsaLine = server.knownHosts.split("\n").findIndex((line) => line.includes("ssh-rsa"));
      const known = write("known_rsa", `# known\n${server.knownHosts.split("\n")[rsaLine] ?? ""}\n`);
      const connection = await open({
        port: server.port,
        user: server.user,
        key: server.keyPath,
        knownHosts: [join(folder, "absent"), known],
      });
      expect(connection.facts).toMatchObject({
        hostKey: server.hostKeys["rsa"],
        trustedBecause: `known_hosts ${known}:2`,
      });
      expect(connection.facts.algorithms?.["hostKey"]).toMatch(/^rsa-sha2/);
    },
  );

  it("that differs from known_hosts is named with its line, and one that is revoked is refused though it is pinned", async () => {
    const server = await scripted({});
    const other = "AAAAC3NzaC1lZDI1NTE5AAAAIAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g";
    const known = write("known_other", `[127.0.0.1]:${server.port} ssh-ed25519 ${other}\n`);
    const changed = await failure({ port: server.port, user: "ada", password, knownHosts: [known] });
    expect(changed.reason).toBe("host-key-changed");
    expect(changed.message).toMatch(
      /expected one: SHA256:\S{43} stands in \S+known_other:1, but the host shows SHA256:/,
    );
    const key = newKey();
    const revoked = await scripted({ key });
    const keyPath = write("revoked-key", key);
    const line = spawnSync("ssh-keygen", ["-y", "-f", keyPath], { encoding: "utf8" }).stdout;
    const file = write("known_revoked", `@revoked * ${line}`);
    const found = await failure({
      port: revoked.port,
      user: "ada",
      password,
      hostKey: revoked.hostKey,
      knownHosts: [file],
    });
    expect(found.message).toBe(`The host key of web1, ${revoked.hostKey}, is marked @revoked in ${file}:1.`);
  });
});

describe("a connection that is lost", () => {
  it("ends its command as lost, what came before is kept, and it is no longer alive", async () => {
    const server = await scripted({
      exec: (_line, channel) => {
        channel.write("half of it\n", () => undefined);
      },
    });
    const connection = await open({ port: server.port, hostKey: server.hostKey, user: "ada", password });
    const session = await connection.run({ line: "work", terminal: false, onChunk: () => server.reset() });
    expect(await session.next({ questions: [], withinMs: Number.POSITIVE_INFINITY })).toEqual({
      type: "ended",
      text: "half of it\n",
      exit: { type: "lost", reason: "the connection to web1 went before it said how the command ended" },
    });
    expect(connection.alive).toBe(false);
    await expect(session.send("more", { echo: false })).rejects.toMatchObject({ reason: "lost" });
    await expect(connection.run({ line: "again", terminal: false, onChunk: () => undefined })).rejects.toMatchObject({
      reason: "lost",
    });
  });

  it("rejects what is being sent when nobody reads it", async () => {
    const server = await scripted({ exec: (_line, channel) => channel.write("ready\n") });
    const connection = await open({ port: server.port, hostKey: server.hostKey, user: "ada", password });
    let heard = (): void => undefined;
    const ready = new Promise<void>((resolve) => (heard = resolve));
    const session = await connection.run({ line: "work", terminal: true, onChunk: () => heard() });
    await ready;
    // More than the server lets in before it reads.
    const sending = session.sendRaw("x".repeat(5_000_000));
    server.reset();
    await expect(sending).rejects.toMatchObject({ reason: "lost" });
  });

  it("never opens more than eight channels at a time", async () => {
    let running = 0;
    let most = 0;
    const server = await scripted({
      exec: (_line, channel) => {
        most = Math.max(most, ++running);
        setImmediate(() => {
          running--;
          channel.exit(0);
          channel.end();
        });
      },
    });
    const connection = await open({ port: server.port, hostKey: server.hostKey, user: "ada", password });
    await Promise.all(Array.from({ length: 40 }, () => runToEnd(connection, "work")));
    expect(most).toBe(8);
  });

  it("leaves a command lost whose status never came", async () => {
    const server = await scripted({ exec: (_line, channel) => channel.end("done?\n") });
    const connection = await open({ port: server.port, hostKey: server.hostKey, user: "ada", password });
    expect((await runToEnd(connection, "work")).exit.type).toBe("lost");
    expect(connection.alive).toBe(true);
  });

  it.each([0, 255, 256, 3_221_225_786, 4_294_967_295])("a status of %i arrives as it is", async (status) => {
    const server = await scripted({
      exec: (_line, channel) => {
        channel.exit(status);
        channel.end();
      },
    });
    const connection = await open({ port: server.port, hostKey: server.hostKey, user: "ada", password });
    expect((await runToEnd(connection, "work")).exit).toEqual({ type: "status", status });
  });
});

/** The message numbers of unencrypted ssh packets. */
function messagesOf(bytes: Buffer): number[] {
  const numbers: number[] = [];
  for (let at = 0; at + 6 <= bytes.length; at += 4 + bytes.readUInt32BE(at)) numbers.push(bytes[at + 5] ?? -1);
  return numbers;
}

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

function keyFile(name: string, passphrase: string, type = "ed25519"): string {
  const path = join(folder, `key-${name}`);
  spawnSync("ssh-keygen", ["-q", "-t", type, ...(type === "rsa" ? ["-b", "2048"] : []), "-N", passphrase, "-f", path]);
  return path;
}
