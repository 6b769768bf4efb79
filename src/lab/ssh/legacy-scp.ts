// The old scp protocol, as `scp -t` and `scp -f` speak it on an exec channel. One file a transfer, no folders.

import type { Readable } from "node:stream";
import type { Outlet } from "./outlet.ts";

/** What `scp` was asked for on the far side. */
export interface ScpRequest {
  readonly direction: "to" | "from";
  readonly path: string;
}

/** Where the files are. A text that comes back is why it can't be done. */
export interface ScpFiles {
  read(path: string): Promise<Buffer | { readonly problem: string }>;
  write(path: string, name: string, content: Buffer): Promise<{ readonly problem: string } | undefined>;
}

/** Reads `scp -v -t -- PATH`; undefined where the command is something else. */
export function parseScp(command: string): ScpRequest | undefined {
  const match = /^scp((?: +-[a-zA-Z]+| +--)*) +(\S.*)$/.exec(command.trim());
  if (match === null) return undefined;
  const flags = match[1] ?? "";
  const path = unquote(match[2] ?? "");
  if (/ -[a-zA-Z]*t/.test(flags)) return { direction: "to", path };
  if (/ -[a-zA-Z]*f/.test(flags)) return { direction: "from", path };
  return undefined;
}

/**
 * Serves one transfer.
 * @param resetAfterBytes bytes of the file after which `reset` is called, for the fault of that name
 * @returns scp's exit status: 0, or 1 with the reason sent to the client in the protocol
 */
export async function serveScp(
  request: ScpRequest,
  wire: {
    readonly input: Readable;
    readonly outlet: Outlet;
    readonly resetAfterBytes?: number | undefined;
    readonly reset: () => void;
  },
  files: ScpFiles,
): Promise<number> {
  const input = new ByteReader(wire.input);
  return request.direction === "from" ? sendFile() : receiveFiles();

  async function sendFile(): Promise<number> {
    if ((await input.byte()) === undefined) return 1;
    const content = await files.read(request.path);
    if (!Buffer.isBuffer(content)) {
      await wire.outlet.write(`\u0001scp: ${request.path}: ${content.problem}\n`);
      return 1;
    }
    const name = request.path.split("/").at(-1) ?? request.path;
    await wire.outlet.write(`C0644 ${content.length} ${name}\n`);
    if ((await input.byte()) !== 0) return 1;
    if (wire.resetAfterBytes !== undefined) wire.outlet.cutAfter({ bytes: wire.resetAfterBytes, by: "reset" });
    await wire.outlet.write(content);
    await wire.outlet.write(Buffer.of(0));
    return (await input.byte()) === 0 ? 0 : 1;
  }

  async function receiveFiles(): Promise<number> {
    let status = 0;
    await wire.outlet.write(Buffer.of(0));
    for (let line = await input.line(); line !== undefined; line = await input.line()) {
      const header = /^C[0-7]{4} (\d+) ([^/]+)$/.exec(line);
      if (line.startsWith("T")) {
        await wire.outlet.write(Buffer.of(0));
      } else if (header === null) {
        await wire.outlet.write(`\u0001scp: only files can be copied here [sim]\n`);
        return 1;
      } else {
        const size = Number(header[1]);
        await wire.outlet.write(Buffer.of(0));
        const limit = wire.resetAfterBytes;
        if (limit !== undefined && size >= limit) {
          await input.bytes(limit);
          wire.reset();
          return 1;
        }
        const content = await input.bytes(size);
        if (content === undefined || (await input.byte()) !== 0) return 1;
        const refused = await files.write(request.path, header[2] ?? "", content);
        if (refused !== undefined) status = 1;
        await wire.outlet.write(
          refused === undefined ? Buffer.of(0) : `\u0001scp: ${request.path}: ${refused.problem}\n`,
        );
      }
    }
    return status;
  }
}

// OpenSSH sends the path as it was typed; clients that quote it for the remote shell put it into '…'.
function unquote(path: string): string {
  const match = /^'(.*)'$|^"(.*)"$/.exec(path);
  return match?.[1] ?? match?.[2] ?? path;
}

/** Takes bytes from a stream as they are asked for. */
class ByteReader {
  #held = Buffer.alloc(0);
  #isEnded = false;
  #wake: () => void = () => undefined;

  constructor(input: Readable) {
    input.on("data", (bytes: Buffer) => {
      this.#held = Buffer.concat([this.#held, bytes]);
      this.#wake();
    });
    for (const event of ["end", "close"]) {
      input.on(event, () => {
        this.#isEnded = true;
        this.#wake();
      });
    }
  }

  async bytes(count: number): Promise<Buffer | undefined> {
    while (this.#held.length < count) {
      if (this.#isEnded) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const taken = this.#held.subarray(0, count);
    this.#held = this.#held.subarray(count);
    return taken;
  }

  async byte(): Promise<number | undefined> {
    return (await this.bytes(1))?.[0];
  }

  /** A line without its LF; undefined at the end. */
  async line(): Promise<string | undefined> {
    const taken: number[] = [];
    for (let next = await this.byte(); next !== undefined; next = await this.byte()) {
      if (next === 0x0a) return Buffer.from(taken).toString("utf8");
      taken.push(next);
    }
    return undefined;
  }
}
