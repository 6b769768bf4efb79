import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SFTPWrapper } from "ssh2";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sftpFiles, SftpSession } from "../../src/hosts/sftp.ts";

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "ordo-sftp-"))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Done = (error?: Error | null, result?: unknown) => void;
const failure = (code: number): Error => Object.assign(new Error("Failure"), { code });

/** A server of the plainest protocol: it can't replace a file in one step, and may refuse a rename. */
function plainServer(files: Map<string, Buffer>, refuses: (from: string, to: string) => boolean): SFTPWrapper {
  const open = new Map<string, string>();
  const server = {
    once: () => server,
    stat: (path: string, done: Done) => {
      const bytes = files.get(path);
      if (bytes === undefined) done(failure(2));
      else done(null, { mode: 0o644, isDirectory: () => false });
    },
    open: (path: string, flags: string, ...rest: unknown[]) => {
      const done = rest.at(-1) as Done; // the mode may be left out
      if (flags === "r" && !files.has(path)) return done(failure(2));
      if (flags !== "r") files.set(path, Buffer.alloc(0));
      const handle = Buffer.from(`${open.size}`);
      open.set(String(handle), path);
      done(null, handle);
    },
    write: (handle: Buffer, piece: Buffer, _offset: number, _length: number, _at: number, done: Done) => {
      const path = open.get(String(handle)) ?? "";
      files.set(path, Buffer.concat([files.get(path) ?? Buffer.alloc(0), piece]));
      done(null);
    },
    read: (handle: Buffer, into: Buffer, offset: number, length: number, at: number, done: Done) => {
      const piece = (files.get(open.get(String(handle)) ?? "") ?? Buffer.alloc(0)).subarray(at, at + length);
      if (piece.length === 0) return done(failure(1));
      piece.copy(into, offset);
      done(null, piece.length);
    },
    fchmod: (_handle: Buffer, _mode: number, done: Done) => done(null),
    close: (_handle: Buffer, done: Done) => done(null),
    unlink: (path: string, done: Done) => done(files.delete(path) ? null : failure(2)),
    rename: (from: string, to: string, done: Done) => {
      const bytes = files.get(from);
      if (bytes === undefined || files.has(to) || refuses(from, to)) return done(failure(4));
      files.delete(from);
      files.set(to, bytes);
      done(null);
    },
    ext_openssh_rename: () => {
      throw new Error("Server does not support this extended request");
    },
  };
  return server as unknown as SFTPWrapper; // only what copying a file asks of it
}

const sendTo = (files: Map<string, Buffer>, refuses: (from: string, to: string) => boolean = () => false) => {
  const local = join(folder, "new.pem");
  writeFileSync(local, "new");
  const session = new SftpSession(plainServer(files, refuses), new Promise<void>(() => undefined));
  return sftpFiles(session, "web1").send(local, "dir/a.pem");
};
const shown = (files: ReadonlyMap<string, Buffer>): object =>
  Object.fromEntries([...files].map(([path, bytes]) => [path, String(bytes)]));

describe("a file on a server that can't replace one in one step", () => {
  it("is replaced, and nothing is left beside it", async () => {
    const files = new Map([["dir/a.pem", Buffer.from("old")]]);
    await sendTo(files);
    expect(shown(files)).toEqual({ "dir/a.pem": "new" });
  });

  it("is still there when the new one can't be put in its place", async () => {
    const files = new Map([["dir/a.pem", Buffer.from("old")]]);
    const refusal = await sendTo(files, (from, to) => to === "dir/a.pem" && String(files.get(from)) === "new").catch(
      (problem: unknown) => problem,
    );
    expect(refusal).toMatchObject({ reason: "file-refused" });
    expect(shown(files)).toEqual({ "dir/a.pem": "old" });
  });
});
