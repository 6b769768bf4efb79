import { spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { connect as connectSocket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect } from "../../src/hosts/connect.ts";
import { HostFailure } from "../../src/hosts/connection.ts";
import type { Connection } from "../../src/hosts/connection.ts";
import { discard, hashing, pour } from "../../src/hosts/local-files.ts";
import { namedIn, remotePath } from "../../src/hosts/remote-path.ts";
import { scpWord } from "../../src/hosts/scp.ts";
import { startRawServer } from "../support/raw-server.ts";
import { sshdMissing, startSshd } from "../support/sshd.ts";
import type { Sshd } from "../support/sshd.ts";
import { noSignal, targetWith } from "./target.ts";

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "ordo files "))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const failureOf = async (work: Promise<unknown>): Promise<HostFailure> => {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof HostFailure) return error;
  throw new Error(`no HostFailure but ${String(error)}`);
};
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const leftOver = (path: string): string[] => readdirSync(path).filter((name) => name.endsWith(".tmp"));

type Way = "sftp" | "scp" | "here";
describe.each<Way>(["here", "sftp", "scp"])("files by %s", (way) => {
  let sshd: Sshd | undefined;
  let connection: Connection;
  let there: string;
  beforeAll(async () => {
    there = join(folder, `${way} host`);
    mkdirSync(there);
    if (way === "here") connection = await connect(targetWith({ here: true }), noSignal);
    else if (sshdMissing() === undefined) {
      // With scp the server has no sftp at all, like an appliance.
      sshd = await startSshd({ sftp: way === "sftp" });
      connection = await connect(
        targetWith({ port: sshd.port, user: sshd.user, key: sshd.keyPath, hostKey: sshd.hostKey, files: way }),
        noSignal,
      );
    }
  });
  afterAll(async () => {
    await connection?.close();
    await sshd?.stop();
  });
  const works = it.skipIf(way !== "here" && sshdMissing() !== undefined);

  works.each([
    ["an empty file", 0],
    ["one byte", 1],
    ["a small file", 4096],
    ["exactly one request", 261_120],
    ["several requests and a bit", 261_120 * 9 + 17],
  ])("copies %s both ways, byte for byte, and says its hash", async (_title, size) => {
    const bytes = randomBytes(size);
    const local = join(folder, `${way}-up`);
    const remote = join(there, `a file '$HOME' "${size}".bin`);
    writeFileSync(local, bytes);
    expect(await connection.send(local, remote)).toEqual({ sizeBytes: size, sha256: sha256(bytes) });
    expect(readFileSync(remote).equals(bytes)).toBe(true);
    expect(await connection.stat(remote)).toEqual({ sizeBytes: size, sha256: sha256(bytes) });
    const back = join(folder, `${way}-down`);
    expect(await connection.fetch(remote, back)).toEqual({ sizeBytes: size, sha256: sha256(bytes) });
    expect(readFileSync(back).equals(bytes)).toBe(true);
    expect([...leftOver(there), ...leftOver(folder)]).toEqual([]);
  });

  works("copies several files at once", async () => {
    const names = Array.from({ length: 20 }, (_, n) => `many-${n}`);
    await Promise.all(
      names.map(async (name) => {
        writeFileSync(join(folder, `${way}-${name}`), name);
        await connection.send(join(folder, `${way}-${name}`), join(there, name));
      }),
    );
    expect(names.map((name) => readFileSync(join(there, name), "utf8"))).toEqual(names);
  });

  works("replaces a file that is there", async () => {
    const remote = join(there, "replaced");
    writeFileSync(remote, "old and longer than the new one");
    writeFileSync(join(folder, `${way}-new`), "new");
    await connection.send(join(folder, `${way}-new`), remote);
    expect(readFileSync(remote, "utf8")).toBe("new");
  });

  works("says of a file that isn't there that it isn't", async () => {
    const remote = join(there, "absent");
    expect(await connection.stat(remote)).toBeUndefined();
    const failure = await failureOf(connection.fetch(remote, join(folder, `${way}-absent`)));
    expect(failure.reason).toBe("file-missing");
    expect(failure.message).toContain(remote);
    expect(existsSync(join(folder, `${way}-absent`))).toBe(false);
    expect(leftOver(folder)).toEqual([]);
  });

  works("refuses to write where there is no folder, and leaves nothing", async () => {
    writeFileSync(join(folder, `${way}-x`), "x");
    const failure = await failureOf(connection.send(join(folder, `${way}-x`), join(there, "no", "folder", "x")));
    expect(failure.reason).toBe("file-missing");
  });

  works("refuses a local file that isn't there, and leaves nothing on the host", async () => {
    const failure = await failureOf(connection.send(join(folder, "nowhere"), join(there, "made-of-nothing")));
    expect(failure.reason).toBe("file-missing");
    expect(failure.message).toContain("nowhere");
    expect(existsSync(join(there, "made-of-nothing"))).toBe(false);
    expect(leftOver(there)).toEqual([]);
  });

  works("refuses a folder in the place of a file", async () => {
    expect((await failureOf(connection.fetch(there, join(folder, `${way}-folder`)))).reason).toBe("file-refused");
  });

  it.skipIf(way !== "sftp" || sshdMissing() !== undefined)("keeps the mode of a file that it replaces", async () => {
    const remote = join(there, "secretive");
    writeFileSync(remote, "old", { mode: 0o600 });
    writeFileSync(join(folder, "mode-new"), "new");
    await connection.send(join(folder, "mode-new"), remote);
    expect((statSync(remote).mode & 0o777).toString(8)).toBe("600");
  });
});

describe.skipIf(sshdMissing() !== undefined)("a host without sftp", () => {
  it("says that it has none, and what to write", async () => {
    const sshd = await startSshd({ sftp: false });
    const connection = await connect(
      targetWith({ port: sshd.port, user: sshd.user, key: sshd.keyPath, hostKey: sshd.hostKey }),
      noSignal,
    );
    const failure = await failureOf(connection.stat("/x"));
    expect([failure.reason, failure.message, failure.wayOn]).toEqual([
      "unsupported",
      "web1 offers no sftp.",
      "Say `files by scp` in its kind, or turn on sftp in the server's configuration.",
    ]);
    await connection.close();
    await sshd.stop();
  });
});

describe("pouring a stream into a function", () => {
  const bytes = (): Readable => Readable.from([Buffer.alloc(100_000), Buffer.alloc(100_000), Buffer.alloc(100_000)]);

  it("throws what went wrong in the function", async () => {
    const work = pour(bytes(), hashing().through, async (pieces) => {
      for await (const piece of pieces) throw new Error(`the disk is full after ${piece.length}`);
    });
    await expect(work).rejects.toThrow("the disk is full");
  });

  it("throws what went wrong at the source", async () => {
    const source = Readable.from(
      (async function* () {
        yield Buffer.alloc(10);
        throw new Error("the source broke");
      })(),
    );
    await expect(pour(source, hashing().through, discard)).rejects.toThrow("the source broke");
  });
});

describe.skipIf(process.platform === "win32")("a path as a word of scp's command", () => {
  it("reaches the program as it is, whatever it holds, and never as an option", () => {
    const path = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({ unit: fc.constantFrom("'", '"', "$", "`", "\\", " ", "-", "*", "\n", "!", "a") }),
    );
    const usable = path.map((text) => text.replaceAll("\0", "")).filter((text) => text !== "");
    fc.assert(
      fc.property(fc.array(usable, { minLength: 1, maxLength: 50 }), (paths) => {
        const shown = spawnSync("/bin/sh", ["-c", `printf '%s\\0' ${paths.map(scpWord).join(" ")}`], {
          encoding: "utf8",
        }).stdout;
        expect(shown.split("\0").slice(0, -1)).toEqual(paths.map((one) => (one.startsWith("-") ? `./${one}` : one)));
      }),
      { numRuns: 20 },
    );
  });

  it("stays bare where an appliance's own shell knows no quotes", () => {
    expect(["server.pem", "/usr/a_b/c-1.pem", "192.168.5.174.pem"].map(scpWord)).toEqual([
      "server.pem",
      "/usr/a_b/c-1.pem",
      "192.168.5.174.pem",
    ]);
  });
});

describe("the name of a file on a host", () => {
  it.each([
    ["C:\\Program Files\\x.pem", "/C:/Program Files/x.pem"],
    ["c:/x/y", "/c:/x/y"],
    ["/srv/a b", "/srv/a b"],
    ["server.pem", "server.pem"],
    ["a\\b", "a\\b"],
  ])("%s is %s to sftp", (path, there) => expect(remotePath(path, "win1")).toBe(there));

  it.each(["C:\\con", "C:\\a\\NUL.txt", "C:\\a.", "C:\\a \\b", "C:\\a:b", 'C:\\a"b', "C:\\a?", "/a\0b"])(
    "%j is refused",
    (path) => {
      expect(() => remotePath(path, "win1")).toThrow(HostFailure);
    },
  );

  it.each([
    ["", "x.pem"],
    [".", "x.pem"],
    ["certs/", "certs/x.pem"],
    ["certs/.", "certs/x.pem"],
    ["certs/y.pem", "certs/y.pem"],
    ["C:\\certs\\", "C:\\certs\\x.pem"],
  ])("a file sent to %j becomes %j", (path, there) => expect(namedIn(path, "/tmp/x.pem")).toBe(there));
});

describe.skipIf(sshdMissing() !== undefined)("a connection that is lost while a file is copied", () => {
  it.each(["sftp", "scp"] as const)("by %s leaves what was there, and says that it was lost", async (files) => {
    const sshd = await startSshd();
    const big = join(folder, `big-${files}`);
    writeFileSync(big, randomBytes(12_000_000));
    let passed = 0;
    const relay = await startRawServer((socket) => {
      const onward = connectSocket(sshd.port, "127.0.0.1");
      const count = (bytes: Buffer): void => {
        passed += bytes.length;
        if (passed > 2_000_000) socket.resetAndDestroy();
      };
      socket.on("data", count).pipe(onward).on("data", count).pipe(socket);
      onward.on("error", () => undefined).on("close", () => socket.destroy());
      socket.on("close", () => onward.destroy());
    });
    const target = targetWith({ port: relay.port, user: sshd.user, key: sshd.keyPath, hostKey: sshd.hostKey, files });
    for (const way of ["fetch", "send"] as const) {
      passed = 0;
      const connection = await connect(target, noSignal);
      const local = join(folder, `kept-${files}`);
      writeFileSync(local, "kept");
      const failure = await failureOf(
        way === "fetch" ? connection.fetch(big, local) : connection.send(big, join(sshd.folder, "new")),
      );
      expect(failure.reason).toBe("lost");
      expect(readFileSync(local, "utf8")).toBe("kept");
      expect(connection.alive).toBe(false);
      if (way === "fetch") expect(leftOver(folder)).toEqual([]);
    }
    await relay.stop();
    await sshd.stop();
  });
});
