// Opening files of a folder that nobody vouches for: regular files only, no link followed, nothing that could block.
import { constants, createReadStream } from "node:fs";
import { lstat, open } from "node:fs/promises";
import { createHash } from "node:crypto";

import { codeOf } from "../folder.ts";

/** What stands at a path. */
export type Standing = "file" | "folder" | "link" | "device or pipe" | "nothing";

/** Looks without following a link. Throws only when the machine can't say. */
export async function standingAt(path: string): Promise<Standing> {
  try {
    const status = await lstat(path);
    if (status.isFile()) return "file";
    if (status.isDirectory()) return "folder";
    return status.isSymbolicLink() ? "link" : "device or pipe";
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return "nothing";
    throw error;
  }
}

/** The file's bytes in chunks. Throws when it is no regular file any more or can't be read. */
export async function* chunksOf(path: string): AsyncGenerator<Buffer> {
  const handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  try {
    if (!(await handle.stat()).isFile()) throw new Error(`${path} is no regular file.`);
    // The handle is closed here, so that an error on the way does not leave it open.
    yield* createReadStream("", { fd: handle, autoClose: false, highWaterMark: 256 * 1024 });
  } finally {
    await handle.close();
  }
}

/** SHA-256 and size of a file, in the memory of one chunk. */
export async function digestOf(path: string): Promise<{ readonly sha256: string; readonly bytes: number }> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of chunksOf(path)) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { sha256: hash.digest("hex"), bytes };
}

/** The whole of a small file; undefined when it is longer than `mostBytes`. */
export async function smallFile(path: string, mostBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of chunksOf(path)) {
    bytes += chunk.length;
    if (bytes > mostBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
