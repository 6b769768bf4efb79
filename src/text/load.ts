// From a path to a source, or one plain sentence that says why there is none and what to do about it.
import { isUtf8 } from "node:buffer";
import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { makeSource, type Source } from "./source.ts";
import { messageOf } from "./message-of.ts";

/** Why a file gave no source. */
export interface LoadFailure {
  /** A whole sentence that names the file, the reason and the way on. */
  readonly problem: string;
  /** Nothing is there under this path: other places may still be looked at. */
  readonly missing: boolean;
}

/** The largest file that is read: a runbook of a million lines is smaller. */
export const largestFileBytes = 64 * 1024 * 1024;

/** Whether loading failed. */
export function isLoadFailure(loaded: Source | LoadFailure): loaded is LoadFailure {
  return "problem" in loaded;
}

/** Reads a file of UTF-8 text. Never throws: what the machine answers becomes a sentence. */
export function loadFile(path: string): Source | LoadFailure {
  try {
    const stat = statSync(path);
    // What never ends, or never begins, would be waited for; and a file is read more than once.
    if (!stat.isFile() && !stat.isDirectory() && !isEmptyDevice(path))
      return failure(
        `${path} is ${stat.isFIFO() ? "a pipe" : stat.isSocket() ? "a socket" : "a device"}, and a file is needed. Save what comes out of it into a file, and name that.`,
      );
    if (stat.size > largestFileBytes) return tooLarge(path, stat.size);
    return decodeSource(path, readFileSync(path));
  } catch (thrown) {
    return unreadable(path, thrown);
  }
}

/** Decodes the bytes of a file, which must be UTF-8 without NUL; a byte-order mark is dropped. */
export function decodeSource(path: string, bytes: Uint8Array): Source | LoadFailure {
  if (bytes.length > largestFileBytes) return tooLarge(path, bytes.length);
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
    return failure(
      `${path} is written in UTF-16, and a runbook is UTF-8. Save it as UTF-8, or convert it: iconv -f UTF-16 -t UTF-8 ${basename(path)}`,
    );
  const nul = bytes.indexOf(0);
  if (nul !== -1)
    return failure(
      `${path} is no text: its byte ${nul + 1} is NUL, as in programs, pictures and archives. Name the runbook itself.`,
    );
  // Asked before decoding: a decoder that refuses wrong bytes does not say which they are.
  if (isUtf8(bytes))
    return makeSource(path, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8"), bytes);
  const at = firstWrongByte(bytes);
  const shown = `0x${(bytes[at] ?? 0).toString(16).padStart(2, "0").toUpperCase()}`;
  return failure(
    `${path} is not UTF-8: byte ${at + 1} (${shown}, on line ${lineOfByte(bytes, at)}) belongs to no character. Save the file as UTF-8.`,
  );
}

/** The customary name for a file without anything in it. */
function isEmptyDevice(path: string): boolean {
  return path === "/dev/null";
}

function failure(problem: string): LoadFailure {
  return { problem, missing: false };
}

function tooLarge(path: string, bytes: number): LoadFailure {
  const mega = (bytes / 1024 / 1024).toFixed(bytes < 1024 * 1024 * 100 ? 1 : 0);
  return failure(
    `${path} has ${bytes} bytes (${mega} MB), and at most ${largestFileBytes / 1024 / 1024} MB are read: this is hardly a runbook. Check the name, or split the file and join its parts by use "./part.runbook".`,
  );
}

function unreadable(path: string, thrown: unknown): LoadFailure {
  const code = typeof thrown === "object" && thrown !== null && "code" in thrown ? String(thrown.code) : "";
  switch (code) {
    case "ENOENT":
      return { problem: `There is no file ${path}. Check its name and the folder that you are in.`, missing: true };
    case "ENOTDIR":
      return {
        problem: `There is no file ${path}: a part of its path is a file, not a folder. Check the path.`,
        missing: true,
      };
    case "EISDIR":
      return failure(`${path} is a folder, and a file is needed. Name the runbook in it.`);
    case "EACCES":
    case "EPERM":
      return failure(
        `${path} may not be read by this account (${code}). Give it the right to read, or use another account.`,
      );
    case "ENAMETOOLONG":
      return failure(`The path ${path.slice(0, 60)}… is longer than this machine allows. Check the name.`);
    default:
      return failure(`${path} can't be read: ${messageOf(thrown)}. Check the path and the disk.`);
  }
}

/**
 * The offset of the first byte that no UTF-8 character explains. Decoding in halves finds it: a decoder that may be
 * continued accepts every prefix that is right so far, and fails on the first that is not.
 */
function firstWrongByte(bytes: Uint8Array): number {
  let right = 0;
  let wrong = bytes.length;
  while (wrong - right > 1) {
    const middle = (right + wrong) >> 1;
    if (isRightSoFar(bytes.subarray(0, middle))) right = middle;
    else wrong = middle;
  }
  if (isRightSoFar(bytes)) right = bytes.length;
  // A character that was begun and not finished is what is wrong, not what follows it.
  if (isUtf8(bytes.subarray(0, right))) return right;
  let at = right - 1;
  while (at > 0 && ((bytes[at] ?? 0) & 0xc0) === 0x80) at--;
  return at;
}

function isRightSoFar(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function lineOfByte(bytes: Uint8Array, at: number): number {
  let line = 1;
  for (let i = 0; i < at; i++) if (bytes[i] === 0x0a) line++;
  return line;
}
