// Writing a transcript: events in, lines out, each chained to the one before it.
import { createHash, randomFillSync } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { constants, copyFile, link, mkdir, open, rename, rm, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";

import type { NumberedEvent } from "../run/record-table.ts";
import { Redactor } from "../secrets/redactor.ts";
import { AppendFile } from "./append.ts";
import { beforeFirst, linkOf, sha256, type Withheld } from "./chain.ts";
import {
  codeOf,
  makeFolder,
  safeName,
  storeSources,
  syncFolder,
  writeSynced,
  type Place,
  type SourceFile,
  type StoredSource,
} from "./folder.ts";
import { readRecords, type TranscriptRecord } from "./reader.ts";
import { recordLine } from "./record-line.ts";
import { SealBuilder } from "./seal.ts";
import { findSecrets, writeWithheld, type WithheldSecret } from "./withhold.ts";
import { messageOf } from "../text/message-of.ts";

/** What a transcript is opened with. */
export interface TranscriptOptions {
  readonly place: Place;
  /** The files that the run was asked for with, as they were read. */
  readonly sources: readonly SourceFile[];
  /** Milliseconds since 1970: names the folder. */
  readonly now: number;
  /** Makes `transcript.txt` of the records: `transcriptText` of the reports, which stand after this folder. */
  readonly readable: (records: AsyncIterable<TranscriptRecord | Withheld>) => AsyncIterable<string>;
  /** Knows the run's secrets: a file that holds one is not kept as evidence. */
  readonly redactor?: Redactor;
}

/** A file kept as evidence, as its record names it. */
export interface KeptFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Makes the folder, stores the sources, and has both on the disk before it returns.
 * @throws an error with a plain sentence when the folder can't be made or written
 */
export async function openTranscript(options: TranscriptOptions): Promise<TranscriptWriter> {
  const folder = await makeFolder(options.place, options.now);
  try {
    const sources = await storeSources(folder, options.sources);
    const file = await AppendFile.create(join(folder, "transcript.jsonl"), (reason, lastSafe) => {
      const safe =
        lastSafe === 0
          ? "No record is safe on the disk"
          : `Record ${lastSafe} is the last one that is safe on the disk`;
      return `The transcript in ${folder} can't be written: ${reason}. ${safe}; nothing more may be sent to any host.`;
    });
    await syncFolder(folder);
    await syncFolder(dirname(folder));
    return new TranscriptWriter({
      folder,
      sources,
      file,
      readable: options.readable,
      redactor: options.redactor ?? new Redactor(),
    });
  } catch (error) {
    if (codeOf(error) === "EEXIST")
      throw new Error(`The transcript can't go to ${folder}: another run has just begun there.`, { cause: error });
    throw new Error(`The transcript in ${folder} can't be begun: ${messageOf(error)}.`, { cause: error });
  }
}

interface WriterParts {
  readonly folder: string;
  readonly sources: readonly StoredSource[];
  readonly file: AppendFile;
  readonly readable: TranscriptOptions["readable"];
  readonly redactor: Redactor;
}

/** One run's transcript while it is written. */
export class TranscriptWriter {
  readonly folder: string;
  /** For the record `run-started`. */
  readonly sources: readonly StoredSource[];
  readonly #file: AppendFile;
  readonly #readable: TranscriptOptions["readable"];
  readonly #redactor: Redactor;
  readonly #seal = new SealBuilder();
  #kept = 0;
  #n = 0;
  #link = beforeFirst;

  constructor(parts: WriterParts) {
    this.folder = parts.folder;
    this.sources = parts.sources;
    this.#file = parts.file;
    this.#readable = parts.readable;
    this.#redactor = parts.redactor;
  }

  /** Why the transcript can't be written any more: names the folder, the system's reason, the last safe record. */
  get failure(): Error | undefined {
    return this.#file.failure;
  }

  /** The chain's head after the last record handed over; each step's end shows its first 16 digits. */
  get head(): string {
    return this.#link;
  }

  /** About how many bytes wait to be written: a host is not read while 4 MiB of it wait. */
  get waitingBytes(): number {
    return this.#file.waiting;
  }

  /**
   * Chains the event and writes it at once, many of one tick together. After a failure it does nothing: `failure`
   * and every `durable` say so. Throws when the event does not fit the table, which is a bug of who made it.
   */
  write(event: NumberedEvent): void {
    if (event.n !== this.#n + 1)
      throw new Error(`Record ${event.n} was handed to the transcript after record ${this.#n}.`);
    const line = recordLine(event, newSalt(), this.#link);
    this.#n = event.n;
    this.#link = linkOf(event.n, sha256(line), this.#link);
    this.#seal.add(event);
    this.#file.append(event.n, line);
    if (event.type === "step-ended") this.#file.syncSoon(event.n);
  }

  /** Everything up to record `n` is written and synced; one sync serves all that wait. Rejects when it can't be. */
  durable(n: number): Promise<void> {
    return this.#file.durable(n);
  }

  /** Everything up to record `n` has been given to the system, though perhaps not to the disk. */
  written(n: number): Promise<void> {
    return this.#file.written(n);
  }

  /**
   * Keeps a copy of a file as evidence; on the disk before this resolves, so that its record may be written then.
   * @param file path of the file to copy
   * @returns the fields of its record; rejects when it can't be read or stored, and when a secret stands in it: evidence is never altered
   */
  async keep(host: string, name: string, file: string): Promise<KeptFile> {
    const path = `evidence/${safeName(host)}/${++this.#kept}-${safeName(name)}`;
    const target = join(this.folder, path);
    const folders = [this.folder, join(this.folder, "evidence"), dirname(target)];
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    const hash = createHash("sha256");
    const finder = this.#redactor.finder();
    let bytes = 0;
    try {
      await pipeline(
        createReadStream(file),
        async function* (chunks: AsyncIterable<Buffer>) {
          for await (const chunk of chunks) {
            hash.update(chunk);
            bytes += chunk.length;
            if (finder.push(chunk) !== undefined) break;
            yield chunk;
          }
          const found = finder.end();
          if (found !== undefined) {
            throw new Error(
              `${name} from ${host} was not kept as evidence: the secret ${found.secret} stands in it (${found.form}, at byte ${found.offset}).`,
            );
          }
        },
        createWriteStream(target, { flags: "wx", mode: 0o600 }),
      );
    } catch (error) {
      // Half a file would be one that nothing accounts for.
      await rm(target, { force: true });
      throw error;
    }
    await syncFile(target);
    for (const folder of folders) await syncFolder(folder);
    return { path, bytes, sha256: hash.digest("hex") };
  }

  /**
   * The last search, before `run-ended` is written: records in which a secret stands become their withheld forms.
   * Nothing may be written while it runs.
   * @returns what was found, for a `note` each; rejects when the transcript can't be written
   */
  async withholdSecrets(): Promise<readonly WithheldSecret[]> {
    await this.#file.durable(this.#n);
    const path = join(this.folder, "transcript.jsonl");
    const found = await findSecrets(path, this.#redactor);
    const records = new Set(found.filter(({ withheld }) => withheld).map(({ record }) => record));
    if (records.size === 0) return found;
    const copy = await writeWithheld(this.folder, records);
    await this.#file.goOnIn(copy, async () => {
      await rename(copy, path);
      await syncFolder(this.folder);
    });
    return found;
  }

  /**
   * Writes what is left, `transcript.txt` and `seal.json`. The last record must be `run-ended`.
   * @returns the head; rejects when the transcript could not be written, which leaves it unsealed
   */
  async end(): Promise<{ readonly head: string }> {
    try {
      await this.#finish();
      return { head: this.#link };
    } catch (error) {
      await this.#file.close().catch(() => undefined);
      if (this.failure !== undefined) throw this.failure;
      const reason = messageOf(error);
      throw new Error(`The transcript in ${this.folder} is written, and can't be sealed: ${reason}`, { cause: error });
    }
  }

  async #finish(): Promise<void> {
    await this.#file.written(this.#n);
    const hash = createHash("sha256");
    const readable = this.#readable(readRecords(this.folder));
    const text = join(this.folder, "transcript.txt");
    await pipeline(
      async function* () {
        for await (const piece of gathered(readable)) {
          hash.update(piece);
          yield piece;
        }
      },
      createWriteStream(text, { flags: "wx", mode: 0o600 }),
    );
    const unfinished = join(this.folder, "seal.json.unfinished");
    const seal = this.#seal.text(this.#link, [{ path: "transcript.txt", sha256: hash.digest("hex") }]);
    // All at once, so that the file system makes them durable in one go; the seal appears only when they are.
    await Promise.all([this.#file.close(), syncFile(text), writeSynced(unfinished, seal)]);
    await placeSeal(this.folder, unfinished);
  }
}

/** Puts `seal.json` in place once: whole or not at all, and never over another. */
async function placeSeal(folder: string, unfinished: string): Promise<void> {
  try {
    // A hard link never replaces what is there, and it appears with all its bytes.
    await link(unfinished, join(folder, "seal.json")).catch((error: unknown) => {
      // A USB stick or a share may know no hard links; a copy never replaces anything either.
      if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"].includes(codeOf(error) ?? "")) throw error;
      return copyFile(unfinished, join(folder, "seal.json"), constants.COPYFILE_EXCL).then(() =>
        syncFile(join(folder, "seal.json")),
      );
    });
  } finally {
    await unlink(unfinished);
  }
  await syncFolder(folder);
}

/** Short pieces as longer ones: a write for each line would take as long as the run. */
async function* gathered(pieces: AsyncIterable<string>): AsyncGenerator<Buffer> {
  let waiting = "";
  for await (const piece of pieces) {
    waiting += piece;
    if (waiting.length < 64 * 1024) continue;
    yield Buffer.from(waiting);
    waiting = "";
  }
  if (waiting !== "") yield Buffer.from(waiting);
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, "r+");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

// Random bytes are drawn for 256 records at a time: one draw costs as much as a short line's hash.
const drawn = Buffer.alloc(16 * 256);
let used = drawn.length;

function newSalt(): string {
  if (used === drawn.length) {
    randomFillSync(drawn);
    used = 0;
  }
  used += 16;
  return drawn.toString("hex", used - 16, used);
}
