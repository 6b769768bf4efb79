// The sftp subsystem of the lab's clients, over a folder of this machine.

import { constants } from "node:fs";
import {
  link,
  lstat,
  mkdir,
  open,
  readdir,
  rename,
  rm,
  rmdir,
  stat,
  truncate,
  unlink,
  utimes,
  chmod,
} from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import type { Stats } from "node:fs";
import type { Socket } from "node:net";
import type { Attributes, FileEntry, SFTPWrapper } from "ssh2";
import type { Faults, Received } from "../host.ts";
import { resetSocket } from "../ssh/outlet.ts";

/** How a client's paths lead to real ones. */
export interface PathMap {
  /** The real path, or undefined where the client has no such place. */
  toReal(path: string): string | undefined;
  /** The absolute path as the client's REALPATH answers it. */
  toShown(path: string): string;
}

/** Serves files until the channel closes. */
export function serveSftp(
  sftp: SFTPWrapper,
  options: {
    readonly paths: PathMap;
    readonly socket: Socket;
    readonly faults: Faults;
    readonly received: (item: Received) => void;
  },
): void {
  const { paths, socket, faults, received } = options;
  const handles = new Map<number, Handle>();
  let lastHandle = 0;
  let copiedBytes = 0;

  const keep = (handle: Handle): Buffer => {
    handles.set(++lastHandle, handle);
    const name = Buffer.alloc(4);
    name.writeUInt32BE(lastHandle);
    return name;
  };
  const find = (name: Buffer): Handle | undefined => (name.length === 4 ? handles.get(name.readUInt32BE()) : undefined);
  // Every request ends with its answer: a status, or what `work` sent. What the system refused becomes its status.
  const answer = (request: number, work: () => Promise<number | undefined>): void => {
    work()
      .catch((error: unknown) => statusOf(error))
      .then((status) => {
        if (status !== undefined) sftp.status(request, status);
      })
      .catch(() => undefined);
  };
  const real = (path: string): string => {
    const found = paths.toReal(path);
    if (found === undefined) throw new NoSuchPlace();
    return found;
  };
  const isCut = (bytes: number): boolean => {
    copiedBytes += bytes;
    const fault = faults.find("reset-file");
    if (fault === undefined || copiedBytes < fault.afterBytes) return false;
    resetSocket(socket);
    return true;
  };

  sftp.on("OPEN", (request, path, flags, attributes) => {
    answer(request, async () => {
      const file = await open(real(path), openFlags(flags), attributes.mode ?? 0o644);
      sftp.handle(request, keep({ type: "file", file, path, isWritten: (flags & 2) !== 0 }));
      return undefined;
    });
  });
  sftp.on("READ", (request, name, offset, length) => {
    answer(request, async () => {
      const handle = find(name);
      if (handle?.type !== "file") return failure;
      const { bytesRead, buffer } = await handle.file.read(
        Buffer.alloc(Math.min(length, 262_144)),
        0,
        Math.min(length, 262_144),
        offset,
      );
      if (bytesRead === 0) return endOfFile;
      if (!isCut(bytesRead)) sftp.data(request, buffer.subarray(0, bytesRead));
      return undefined;
    });
  });
  sftp.on("WRITE", (request, name, offset, data) => {
    const bytes = Buffer.from(data);
    answer(request, async () => {
      const handle = find(name);
      if (handle?.type !== "file") return failure;
      await handle.file.write(bytes, 0, bytes.length, offset);
      return isCut(bytes.length) ? undefined : ok;
    });
  });
  sftp.on("CLOSE", (request, name) => {
    answer(request, async () => {
      const handle = find(name);
      if (handle === undefined) return failure;
      handles.delete(name.readUInt32BE());
      if (handle.type === "file") {
        if (handle.isWritten) received({ type: "file", path: handle.path, sizeBytes: (await handle.file.stat()).size });
        await handle.file.close();
      }
      return ok;
    });
  });
  sftp.on("FSTAT", (request, name) => {
    answer(request, async () => {
      const handle = find(name);
      if (handle?.type !== "file") return failure;
      sftp.attrs(request, attributesOf(await handle.file.stat()));
      return undefined;
    });
  });
  sftp.on("STAT", (request, path) => {
    answer(request, async () => {
      sftp.attrs(request, attributesOf(await stat(real(path))));
      return undefined;
    });
  });
  sftp.on("LSTAT", (request, path) => {
    answer(request, async () => {
      sftp.attrs(request, attributesOf(await lstat(real(path))));
      return undefined;
    });
  });
  sftp.on("SETSTAT", (request, path, attributes) => {
    answer(request, () => change(real(path), attributes));
  });
  sftp.on("FSETSTAT", (request, name, attributes) => {
    answer(request, async () => {
      const handle = find(name);
      return handle?.type === "file" ? change(real(handle.path), attributes) : failure;
    });
  });
  sftp.on("REALPATH", (request, path) => {
    const shown = paths.toShown(path);
    sftp.name(request, [{ filename: shown, longname: shown, attrs: noAttributes }]);
  });
  sftp.on("OPENDIR", (request, path) => {
    answer(request, async () => {
      const names = await readdir(real(path));
      sftp.handle(request, keep({ type: "folder", path, names, isRead: false }));
      return undefined;
    });
  });
  sftp.on("READDIR", (request, name) => {
    answer(request, async () => {
      const handle = find(name);
      if (handle?.type !== "folder") return failure;
      if (handle.isRead) return endOfFile;
      handles.set(name.readUInt32BE(), { ...handle, isRead: true });
      sftp.name(request, await Promise.all(handle.names.map((file) => entry(file, `${real(handle.path)}/${file}`))));
      return undefined;
    });
  });
  sftp.on("REMOVE", (request, path) => {
    answer(request, async () => {
      await unlink(real(path));
      return ok;
    });
  });
  sftp.on("RMDIR", (request, path) => {
    answer(request, async () => {
      await rmdir(real(path));
      return ok;
    });
  });
  sftp.on("MKDIR", (request, path) => {
    answer(request, async () => {
      await mkdir(real(path));
      return ok;
    });
  });
  sftp.on("RENAME", (request, from, to) => {
    answer(request, async () => {
      // Like OpenSSH: the plain rename does not replace a file. link fails where the name is taken.
      if ((await lstat(real(from))).isDirectory()) await rename(real(from), real(to));
      else {
        await link(real(from), real(to));
        await rm(real(from));
      }
      return ok;
    });
  });
  sftp.on("EXTENDED", (request, name, data) => {
    answer(request, async () => {
      const [from, to] = name === "posix-rename@openssh.com" ? readStrings(data) : [];
      if (from === undefined || to === undefined) return unsupported;
      await rename(real(from), real(to));
      return ok;
    });
  });
  // The client has no more requests: OpenSSH's waits for the exit status and the channel's end.
  sftp.on("end", () => {
    sendExitStatus(sftp);
    sftp.end();
  });
  sftp.on("close", () => {
    for (const handle of handles.values()) {
      if (handle.type === "file") handle.file.close().catch(() => undefined);
    }
    handles.clear();
  });
}

type Handle =
  | { readonly type: "file"; readonly file: FileHandle; readonly path: string; readonly isWritten: boolean }
  | { readonly type: "folder"; readonly path: string; readonly names: readonly string[]; readonly isRead: boolean };

class NoSuchPlace extends Error {}

// Status codes of sftp, version 3.
const ok = 0;
const endOfFile = 1;
const noSuchFile = 2;
const permissionDenied = 3;
const failure = 4;
const unsupported = 8;

const noAttributes: Attributes = { mode: 0, uid: 0, gid: 0, size: 0, atime: 0, mtime: 0 };

// ssh2's sftp object has no public way to say how the subsystem ended, and scp exits with 1 when nobody says it.
function sendExitStatus(sftp: SFTPWrapper): void {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- there is no other way, and each step is asked for
  const inner = sftp as unknown as {
    readonly _protocol?: { exitStatus?(channel: number, status: number): void };
    readonly outgoing?: { readonly id: number; readonly state: string };
  };
  // oxlint-disable-next-line no-underscore-dangle -- its name there
  if (inner.outgoing?.state === "open") inner._protocol?.exitStatus?.(inner.outgoing.id, 0);
}

function statusOf(error: unknown): number {
  if (error instanceof NoSuchPlace) return noSuchFile;
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT" || code === "ENOTDIR") return noSuchFile;
  return code === "EACCES" || code === "EPERM" ? permissionDenied : failure;
}

function openFlags(flags: number): number {
  const [read, write, append, create, truncating, exclusive] = [1, 2, 4, 8, 16, 32].map((bit) => (flags & bit) !== 0);
  let mode = write === true ? (read === true ? constants.O_RDWR : constants.O_WRONLY) : constants.O_RDONLY;
  if (append === true) mode |= constants.O_APPEND;
  if (create === true) mode |= constants.O_CREAT;
  if (truncating === true) mode |= constants.O_TRUNC;
  if (exclusive === true) mode |= constants.O_EXCL;
  return mode;
}

function attributesOf(stats: Stats): Attributes {
  const { mode, uid, gid, size } = stats;
  return { mode, uid, gid, size, atime: Math.floor(stats.atimeMs / 1000), mtime: Math.floor(stats.mtimeMs / 1000) };
}

async function change(path: string, attributes: Partial<Attributes>): Promise<number> {
  const { mode, size, atime, mtime } = attributes;
  if (size !== undefined) await truncate(path, size);
  if (mode !== undefined) await chmod(path, mode & 0o7777);
  if (atime !== undefined && mtime !== undefined) await utimes(path, atime, mtime);
  return ok;
}

async function entry(filename: string, path: string): Promise<FileEntry> {
  const stats = await lstat(path);
  const kind = stats.isDirectory() ? "d" : "-";
  const longname = `${kind}rw-r--r--    1 user     user     ${String(stats.size).padStart(8)} ${stats.mtime.toISOString().slice(0, 10)} ${filename}`;
  return { filename, longname, attrs: attributesOf(stats) };
}

function readStrings(data: Buffer | undefined): readonly string[] {
  const strings: string[] = [];
  if (data === undefined) return strings;
  for (let at = 0; at + 4 <= data.length;) {
    const length = data.readUInt32BE(at);
    strings.push(data.toString("utf8", at + 4, at + 4 + length));
    at += 4 + length;
  }
  return strings;
}
