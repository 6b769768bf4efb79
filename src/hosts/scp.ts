// Files by the old scp protocol, for appliances that have no sftp: `scp -f FILE` gives one, `scp -t FILE` takes one.
// (The protocol is described nowhere but in OpenSSH's scp.c: a line `C0644 SIZE NAME`, the bytes, and a zero for each step;
// 1 and 2 begin a line that says what is wrong.)
import { stat as statLocal } from "node:fs/promises";
import { basename } from "node:path";
import { Readable } from "node:stream";
import type { ClientChannel } from "ssh2";
import { HostFailure } from "./connection.ts";
import type { Connection, FileFacts } from "./connection.ts";
import { discard, hashing, pour, readLocally, requireSame, writeLocally } from "./local-files.ts";
import { namedIn } from "./remote-path.ts";

/** Starts a program; `wrap` gets its channel before a byte or a status can have come. */
export type ScpExec = <Wrapped>(line: string, wrap: (channel: ClientChannel) => Wrapped) => Promise<Wrapped>;

export interface ScpHost {
  readonly name: string;
  /** Resolves when the connection is lost. */
  readonly gone: Promise<void>;
}

/** The file half of a connection whose host has scp alone. Its side is hashed by reading the file back: nothing else is there. */
export function scpFiles(exec: ScpExec, host: ScpHost): Pick<Connection, "fetch" | "send" | "stat"> {
  const stat = async (path: string): Promise<FileFacts | undefined> => {
    const hash = hashing();
    try {
      await pour(reading(exec, path, host), hash.through, discard);
    } catch (error) {
      if (error instanceof HostFailure && error.reason === "file-missing") return undefined;
      throw error;
    }
    return hash.facts();
  };
  return {
    stat,
    async fetch(path, localPath) {
      const arrived = await writeLocally(reading(exec, path, host), localPath);
      requireSame(arrived, await stat(path), path);
      return arrived;
    },
    async send(localPath, path) {
      const there = namedIn(path, localPath);
      const sent = await writing(exec, localPath, there, host);
      requireSame(sent, await stat(there), path);
      return sent;
    },
  };
}

/** A path as a word of the remote command: bare where that is safe, as appliances' own shells know no quotes. */
export function scpWord(path: string): string {
  // `--` is unknown to old ones.
  const named = path.startsWith("-") ? `./${path}` : path;
  return /^[A-Za-z0-9_./:@%+=,\\-]+$/.test(named) && !named.includes("\\")
    ? named
    : `'${named.replaceAll("'", `'\\''`)}'`;
}

function reading(exec: ScpExec, path: string, host: ScpHost): Readable {
  const pieces = async function* (): AsyncGenerator<Buffer> {
    const link = await exec(`scp -f ${scpWord(path)}`, (channel) => new ScpLink(channel, path, host));
    try {
      link.write(zero);
      const size = await link.header();
      link.write(zero);
      yield* link.bytes(size);
      await link.agreed();
      link.write(zero);
      await link.finish();
    } finally {
      link.cut();
    }
  };
  return Readable.from(pieces(), { objectMode: false });
}

async function writing(exec: ScpExec, localPath: string, path: string, host: ScpHost): Promise<FileFacts> {
  const { size } = await statLocal(localPath).catch(() => ({ size: 0 })); // what is wrong with it, reading it says
  const source = readLocally(localPath);
  const hash = hashing();
  // The first byte is awaited before the host hears of the file: one that can't be read here leaves nothing there.
  await new Promise<void>((resolve, reject) => source.once("readable", resolve).once("error", reject));
  const link = await exec(`scp -t ${scpWord(path)}`, (channel) => new ScpLink(channel, path, host));
  try {
    await link.agreed();
    link.write(
      Buffer.from(`C0644 ${size} ${basename(path.replaceAll("\\", "/")).replaceAll(/[\r\n]/g, "_")}\n`, "utf8"),
    );
    await link.agreed();
    await pour(source, hash.through, async (pieces) => {
      for await (const piece of pieces) await link.writeAll(piece);
    });
    if (hash.facts().sizeBytes !== size) {
      throw new HostFailure(
        "file-refused",
        `"${localPath}" changed while it was copied.`,
        "Copy it again when nothing writes it.",
      );
    }
    link.write(zero);
    await link.agreed();
    await link.finish();
  } finally {
    source.destroy();
    link.cut();
  }
  return hash.facts();
}

const zero = Buffer.from([0]);
const longestLine = 8192;

/** The protocol's steps over one channel. */
class ScpLink {
  readonly #channel: ClientChannel;
  readonly #path: string;
  readonly #host: string;
  readonly #pieces: AsyncIterator<Buffer>;
  readonly #closed: Promise<void>;
  #held: Buffer = Buffer.alloc(0);
  #errors = "";
  #status: number | null | undefined;

  constructor(channel: ClientChannel, path: string, about: ScpHost) {
    this.#channel = channel;
    this.#path = path;
    this.#host = about.name;
    // While nobody reads, ssh2 does not say that the channel has closed.
    const closed = new Promise<void>((resolve) => channel.once("close", () => resolve()));
    this.#closed = Promise.race([closed, about.gone]);
    channel.on("error", () => undefined); // its end says it
    channel.on("exit", (status: number | null) => (this.#status = status));
    channel.stderr.on("data", (bytes: Buffer) => (this.#errors = (this.#errors + bytes.toString("utf8")).slice(-2000)));
    this.#pieces = channel[Symbol.asyncIterator]() as AsyncIterator<Buffer>; // a channel without an encoding gives buffers
  }

  write(bytes: Uint8Array): void {
    if (this.#channel.writable) this.#channel.write(bytes);
  }

  /** Writes, and waits while the host is behind. */
  async writeAll(bytes: Uint8Array): Promise<void> {
    if (!this.#channel.writable) throw await this.#broken();
    if (this.#channel.write(bytes)) return;
    const drained = new Promise<boolean>((resolve) => this.#channel.once("drain", () => resolve(true)));
    if (!(await Promise.race([drained, this.#closed.then(() => false)]))) throw await this.#broken();
  }

  /** Waits for the zero that agrees to the step before. */
  async agreed(): Promise<void> {
    const code = await this.#byte();
    if (code === 0) return;
    throw this.#refused(
      code === 1 || code === 2
        ? await this.#line()
        : `it answered ${JSON.stringify(String.fromCharCode(code) + (await this.#line()))}`,
    );
  }

  /** Reads up to the line that names the file; gives its size. */
  async header(): Promise<number> {
    for (;;) {
      const code = await this.#byte();
      const line = await this.#line();
      if (code === 1 || code === 2) throw this.#refused(line);
      if (code === 0x54) {
        this.write(zero); // T: times, which are not kept
        continue;
      }
      const size = code === 0x43 ? /^[0-7]{4} (\d{1,15}) /.exec(line)?.[1] : undefined;
      if (size !== undefined) return Number(size);
      throw this.#refused(
        code === 0x44 ? "it is a folder" : `it answered ${JSON.stringify(String.fromCharCode(code) + line)}`,
      );
    }
  }

  async *bytes(size: number): AsyncGenerator<Buffer> {
    for (let left = size; left > 0;) {
      if (this.#held.length === 0) await this.#more();
      const piece = this.#held.subarray(0, left);
      this.#held = this.#held.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }

  /** Ends the input and reads what the program says last. */
  async finish(): Promise<void> {
    this.#channel.end();
    while ((await this.#pieces.next()).done !== true);
    await this.#closed;
    // Some appliances report no status; the zeros have agreed to all of it.
    if (typeof this.#status === "number" && this.#status !== 0)
      throw this.#refused(this.#errors.trim() || `scp ended with status ${this.#status}`);
  }

  cut(): void {
    try {
      this.#channel.close();
    } catch {
      // The connection went first.
    }
  }

  async #more(): Promise<void> {
    const next = await this.#pieces.next();
    if (next.done === true) throw await this.#broken();
    this.#held = this.#held.length === 0 ? next.value : Buffer.concat([this.#held, next.value]);
  }

  async #byte(): Promise<number> {
    if (this.#held.length === 0) await this.#more();
    const [byte] = this.#held;
    this.#held = this.#held.subarray(1);
    return byte ?? 0;
  }

  async #line(): Promise<string> {
    let end = this.#held.indexOf(10);
    while (end < 0 && this.#held.length < longestLine) {
      await this.#more();
      end = this.#held.indexOf(10);
    }
    const line = this.#held.subarray(0, end < 0 ? longestLine : end).toString("utf8");
    this.#held = this.#held.subarray(end < 0 ? longestLine : end + 1);
    return line.trim();
  }

  /** The channel ended in the middle: the program says why on its errors, or the connection went. */
  async #broken(): Promise<HostFailure> {
    await this.#closed;
    if (this.#status === undefined) {
      return new HostFailure(
        "lost",
        `The connection to ${this.#host} was lost while "${this.#path}" was copied.`,
        "Copy it again, and look at what lies there: it may be cut.",
      );
    }
    if (this.#status === 127 || /not found|syntax error|unknown command/i.test(this.#errors)) {
      return new HostFailure(
        "unsupported",
        `${this.#host} has no scp: ${this.#errors.trim() || "it ended at once"}.`,
        "Say `files by sftp` or `files by none` in its kind.",
      );
    }
    return this.#refused(this.#errors.trim() || `scp ended with status ${String(this.#status)}`);
  }

  #refused(said: string): HostFailure {
    const words = printable(said);
    if (/no such file|not found|does not exist|cannot find/i.test(words)) {
      return new HostFailure(
        "file-missing",
        `"${this.#path}" is not on ${this.#host}, or its folder isn't: ${words}.`,
        "Look at the path: a relative one starts in the account's home folder.",
      );
    }
    return new HostFailure(
      "file-refused",
      `${this.#host} refused "${this.#path}": ${words}.`,
      "Look whether the account may read or write it, and whether the disk is full.",
    );
  }
}

/** A host's words in a message: without what would move a terminal's cursor, and not endless. */
function printable(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is taken out
  const plain = text.replaceAll(/[\x00-\x1f\x7f-\x9f]+/g, " ");
  return plain.trim().replace(/\.$/, "").slice(0, 500);
}
