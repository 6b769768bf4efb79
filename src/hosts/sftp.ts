// Files by sftp: several requests are always on their way, memory stays the same however large the file is, and what is
// written appears under its name only when it is whole.
import { Readable } from "node:stream";
import type { SFTPWrapper } from "ssh2";
import { HostFailure } from "./connection.ts";
import type { Connection, FileFacts } from "./connection.ts";
import { discard, hashing, pour, readLocally, requireSame, writeLocally } from "./local-files.ts";
import { namedIn, remotePath } from "./remote-path.ts";
import { temporaryBeside } from "./temporary-name.ts";

/** What OpenSSH takes at most in one request, and how many are on their way at once. */
const requestBytes = 261_120;
const requestsAtOnce = 8;

/** The file half of a connection whose host offers sftp. Both ends are hashed: the host's by reading it back. */
export function sftpFiles(session: SftpSession, host: string): Pick<Connection, "fetch" | "send" | "stat"> {
  const stat = async (path: string): Promise<FileFacts | undefined> => {
    const there = remotePath(path, host);
    try {
      const hash = hashing();
      await pour(reading(session, there), hash.through, discard);
      return hash.facts();
    } catch (error) {
      if (statusOf(error) === noSuchFile) return undefined;
      throw fileFailure(error, path, host);
    }
  };
  return {
    stat,
    async fetch(path, localPath) {
      const there = remotePath(path, host);
      const arrived = await writeLocally(
        reading(session, there, (error) => fileFailure(error, path, host)),
        localPath,
      );
      requireSame(arrived, await stat(path), path);
      return arrived;
    },
    async send(localPath, path) {
      const there = remotePath(namedIn(path, localPath), host);
      const sent = await putInPlace(session, readLocally(localPath), there).catch((error: unknown) => {
        throw fileFailure(error, path, host);
      });
      const arrived = await stat(there);
      requireSame(sent, arrived, path);
      return sent;
    },
  };
}

/** Reads a file of the host as a stream. */
function reading(session: SftpSession, path: string, words: (error: unknown) => unknown = (error) => error): Readable {
  const pieces = async function* (): AsyncGenerator<Buffer> {
    try {
      const handle = await session.ask<Buffer>((done) => session.sftp.open(path, "r", done));
      try {
        yield* readPieces(session, handle);
      } finally {
        await session.ask<void>((done) => session.sftp.close(handle, done)).catch(() => undefined);
      }
    } catch (error) {
      throw words(error);
    }
  };
  return Readable.from(pieces(), { objectMode: false, highWaterMark: requestBytes });
}

/** The first piece alone, most files are small; then several at once, given in order. */
async function* readPieces(session: SftpSession, handle: Buffer): AsyncGenerator<Buffer> {
  const coming: Promise<Buffer>[] = [];
  let position = 0;
  let atOnce = 1;
  for (;;) {
    while (coming.length < atOnce) {
      const piece = readPiece(session, handle, position);
      piece.catch(() => undefined); // awaited in its turn
      coming.push(piece);
      position += requestBytes;
    }
    const piece = (await coming.shift()) ?? Buffer.alloc(0);
    if (piece.length > 0) yield piece;
    if (piece.length < requestBytes) {
      await Promise.allSettled(coming);
      return;
    }
    atOnce = requestsAtOnce;
  }
}

/** A whole piece, or less only at the file's end: a server may give less than it was asked for. */
async function readPiece(session: SftpSession, handle: Buffer, position: number): Promise<Buffer> {
  const piece = Buffer.allocUnsafe(requestBytes);
  let have = 0;
  while (have < piece.length) {
    const from = have;
    const got = await session.ask<number>((done) =>
      session.sftp.read(handle, piece, from, piece.length - from, position + from, (error, bytes) => {
        if (statusOf(error) === endOfFile) done(undefined, 0);
        else done(error, bytes);
      }),
    );
    if (got === 0) break;
    have += got;
  }
  return piece.subarray(0, have);
}

/** Writes beside the file's name, then renames; a file that was there before keeps its mode. */
async function putInPlace(session: SftpSession, source: Readable, path: string): Promise<FileFacts> {
  const before = await session.ask<{ readonly mode: number; isDirectory(): boolean } | undefined>((done) =>
    session.sftp.stat(path, (error, stats) => done(undefined, error ? undefined : stats)),
  );
  if (before?.isDirectory() === true) {
    source.destroy();
    throw Object.assign(new Error("it is a folder"), { code: 4 });
  }
  const temporary = temporaryBeside(path, /\//);
  const hash = hashing();
  try {
    const mode = before === undefined ? {} : { mode: before.mode & 0o777 };
    const handle = await session.ask<Buffer>((done) => session.sftp.open(temporary, "wx", mode, done));
    try {
      await pour(source, hash.through, (pieces) => writePieces(session, handle, pieces));
      // The mode of `open` is cut by the host's umask.
      if (mode.mode !== undefined)
        await session.ask<void>((done) => session.sftp.fchmod(handle, before?.mode ?? 0, done)).catch(() => undefined);
    } finally {
      await session.ask<void>((done) => session.sftp.close(handle, done)).catch(() => undefined);
    }
    await replace(session, temporary, path);
  } catch (error) {
    source.destroy();
    await session.ask<void>((done) => session.sftp.unlink(temporary, done)).catch(() => undefined);
    throw error;
  }
  return hash.facts();
}

async function writePieces(session: SftpSession, handle: Buffer, pieces: AsyncIterable<Buffer>): Promise<void> {
  const onTheirWay = new Set<Promise<void>>();
  let position = 0;
  for await (const piece of pieces) {
    const at = position;
    const written: Promise<void> = session
      .ask<void>((done) => session.sftp.write(handle, piece, 0, piece.length, at, done))
      .finally(() => onTheirWay.delete(written));
    written.catch(() => undefined); // awaited below
    onTheirWay.add(written);
    position += piece.length;
    if (onTheirWay.size >= requestsAtOnce) await Promise.race(onTheirWay);
  }
  await Promise.all(onTheirWay);
}

/** OpenSSH's extension replaces in one step; elsewhere rename refuses where a file is: that one steps aside, and comes back if the new one can't take its place. */
async function replace(session: SftpSession, temporary: string, path: string): Promise<void> {
  try {
    return await session.ask<void>((done) => session.sftp.ext_openssh_rename(temporary, path, done));
  } catch {
    // The server has no such extension, or can't: the plain way says what is wrong.
  }
  try {
    return await session.ask<void>((done) => session.sftp.rename(temporary, path, done));
  } catch {
    // A file is there, or the name can't be taken at all: the next step says which.
  }
  const aside = temporaryBeside(path, /\//);
  await session.ask<void>((done) => session.sftp.rename(path, aside, done));
  try {
    await session.ask<void>((done) => session.sftp.rename(temporary, path, done));
  } catch (error) {
    await session.ask<void>((done) => session.sftp.rename(aside, path, done));
    throw error;
  }
  await session.ask<void>((done) => session.sftp.unlink(aside, done)).catch(() => undefined); // the new one is in place
}

const endOfFile = 1;
const noSuchFile = 2;
const denied = 3;

function statusOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

function fileFailure(error: unknown, path: string, host: string): HostFailure {
  if (error instanceof HostFailure) return error;
  const status = statusOf(error);
  if (status === noSuchFile) {
    return new HostFailure(
      "file-missing",
      `"${path}" is not on ${host}, or its folder isn't.`,
      "Look at the path: a relative one starts in the account's home folder.",
    );
  }
  if (typeof status !== "number") {
    return new HostFailure(
      "lost",
      `The connection to ${host} was lost while "${path}" was copied.`,
      "Copy it again: what was there before is untouched.",
    );
  }
  const why = status === denied ? "the account may not" : error instanceof Error ? error.message : "it failed";
  return new HostFailure(
    "file-refused",
    `"${path}" on ${host} can't be used: ${why}.`,
    "Name a file that the account may read or write, in a folder where it may write too: a file is written under another name first.",
  );
}

/** A session, and how it is asked: ssh2 forgets the callbacks of requests that its channel's end overtakes. */
export class SftpSession {
  readonly sftp: SFTPWrapper;
  readonly #gone: Promise<never>;

  constructor(sftp: SFTPWrapper, gone: Promise<void>) {
    this.sftp = sftp;
    const closed = new Promise<void>((resolve) => sftp.once("close", resolve));
    this.#gone = Promise.race([closed, gone]).then(() => {
      throw new Error("the connection is lost");
    });
    this.#gone.catch(() => undefined); // each request hears of it
  }

  /** Makes a request; its callback's result as a promise. */
  ask<Result>(request: (done: (error?: Error | null, result?: Result) => void) => void): Promise<Result> {
    const answered = new Promise<Result>((resolve, reject) => {
      // Where a request has a result it is there when no error is.
      request((error, result) => (error ? reject(error) : resolve(result as Result)));
    });
    return Promise.race([answered, this.#gone]);
  }
}
