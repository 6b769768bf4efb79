// Files of this machine: copying one to another place on it, and what lies at a path.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, rename, rm, stat } from "node:fs/promises";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { HostFailure } from "./connection.ts";
import type { Connection, FileFacts } from "./connection.ts";
import { temporaryBeside } from "./temporary-name.ts";

/** The file half of a connection to this machine. */
export function localFiles(): Pick<Connection, "fetch" | "send" | "stat"> {
  const copy = async (from: string, to: string): Promise<FileFacts> => {
    const before = await writeLocally(readLocally(from), to);
    const after = await localFacts(to);
    requireSame(before, after, to);
    return before;
  };
  return { fetch: copy, send: copy, stat: localFacts };
}

/** Opens a local file for reading; what goes wrong comes as `HostFailure` while it is read. */
export function readLocally(path: string): Readable {
  const pieces = async function* (): AsyncGenerator<Buffer> {
    try {
      yield* createReadStream(path, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>; // without an encoding it gives buffers
    } catch (error) {
      throw localFailure(error, path);
    }
  };
  return Readable.from(pieces(), { objectMode: false, highWaterMark: 256 * 1024 });
}

/**
 * Writes a stream under a temporary name, syncs it, and puts it in place; a file that was there before keeps its mode.
 * Nothing is left of it on failure.
 */
export async function writeLocally(source: Readable, path: string): Promise<FileFacts> {
  const temporary = temporaryBeside(path, process.platform === "win32" ? /[\\/:]/ : /\//);
  const hash = hashing();
  try {
    const before = await stat(path).catch(() => undefined);
    if (before?.isDirectory() === true) throw Object.assign(new Error("it is a folder"), { code: "EISDIR" });
    const mode = before === undefined ? undefined : before.mode & 0o777;
    const file = await open(temporary, "wx", mode).catch((error: unknown) => {
      throw localFailure(error, path);
    });
    try {
      await pour(source, hash.through, async (pieces) => {
        for await (const piece of pieces) await file.writeFile(piece); // goes on until all of it is written
      });
      if (mode !== undefined) await file.chmod(mode); // that of `open` is cut by the umask
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    source.destroy();
    await rm(temporary, { force: true });
    throw error instanceof HostFailure ? error : localFailure(error, path);
  }
  return hash.facts();
}

/** Size and SHA-256 of a local file; undefined when there is none. */
export async function localFacts(path: string): Promise<FileFacts | undefined> {
  try {
    if (await isFolder(path)) throw Object.assign(new Error("it is a folder"), { code: "EISDIR" });
    const hash = hashing();
    await pour(createReadStream(path, { highWaterMark: 256 * 1024 }), hash.through, discard);
    return hash.facts();
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return undefined;
    throw localFailure(error, path);
  }
}

/** Counts and hashes what passes through. */
export function hashing(): { readonly through: Transform; readonly facts: () => FileFacts } {
  const hash = createHash("sha256");
  let sizeBytes = 0;
  const through = new Transform({
    highWaterMark: 256 * 1024,
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      sizeBytes += chunk.length;
      done(null, chunk);
    },
  });
  let facts: FileFacts | undefined;
  return { through, facts: () => (facts ??= { sizeBytes, sha256: hash.digest("hex") }) };
}

/**
 * Pipes a stream through another to a function. What goes wrong in that function is what is thrown: `pipeline` itself would
 * say that the stream in the middle was aborted.
 */
export async function pour(
  source: Readable,
  through: Transform,
  consume: (pieces: AsyncIterable<Buffer>) => Promise<void>,
): Promise<void> {
  let cause: { readonly error: unknown } | undefined;
  try {
    await pipeline(source, through, async (pieces: AsyncIterable<Buffer>) => {
      try {
        await consume(pieces);
      } catch (error) {
        cause = { error };
        throw error;
      }
    });
  } catch (error) {
    // When the source fails, the function sees only that its pieces end early; then the source's word counts.
    throw cause === undefined || isAbort(cause.error) ? error : cause.error;
  }
}

/** For `pour`: nothing but the hash is wanted. */
export async function discard(pieces: AsyncIterable<Buffer>): Promise<void> {
  for await (const piece of pieces) void piece;
}

function isAbort(error: unknown): boolean {
  const code = codeOf(error);
  return code === "ABORT_ERR" || code === "ERR_STREAM_PREMATURE_CLOSE";
}

/** Throws unless both ends have the same bytes. */
export function requireSame(sent: FileFacts, there: FileFacts | undefined, path: string): void {
  if (there !== undefined && there.sha256 === sent.sha256 && there.sizeBytes === sent.sizeBytes) return;
  const found =
    there === undefined
      ? "nothing lies there"
      : `what lies there has ${there.sizeBytes} bytes, SHA-256 ${there.sha256}`;
  const message = `"${path}" did not arrive whole: ${sent.sizeBytes} bytes with SHA-256 ${sent.sha256} were copied, and ${found}.`;
  throw new HostFailure(
    "file-refused",
    message,
    "Look whether something else writes that file, and whether the disk is full, then copy it again.",
  );
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

function localFailure(error: unknown, path: string): HostFailure {
  if (error instanceof HostFailure) return error;
  const code = codeOf(error);
  if (code === "ENOENT" || code === "ENOTDIR") {
    return new HostFailure(
      "file-missing",
      `"${path}" is not on this machine, or its folder isn't.`,
      "Look at the path: a relative one starts where ordo was started.",
    );
  }
  const why =
    code === "EACCES" || code === "EPERM"
      ? "this account may not"
      : code === "EISDIR"
        ? "it is a folder"
        : code === "ENOSPC"
          ? "the disk is full"
          : error instanceof Error
            ? error.message
            : "it failed";
  return new HostFailure(
    "file-refused",
    `"${path}" on this machine can't be used: ${why}.`,
    "Name a file that this account may read or write.",
  );
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
