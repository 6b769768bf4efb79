// What the tests of this folder share: a target with the usual values, and reading a command to its end.
import type { Chunk, Connection, Exit, RunOptions, Target } from "../../src/hosts/connection.ts";

export function targetWith(parts: Partial<Target>): Target {
  return {
    name: "web1",
    here: false,
    address: "127.0.0.1",
    port: 22,
    knownHosts: [],
    allowWeakAlgorithms: [],
    files: "sftp",
    connectTimeoutMs: 15_000,
    ...parts,
  };
}

export interface Result {
  readonly text: string;
  readonly exit: Exit;
  readonly chunks: readonly Chunk[];
}

export async function runToEnd(
  connection: Connection,
  line: string,
  options: Partial<RunOptions> = {},
): Promise<Result> {
  const chunks: Chunk[] = [];
  const session = await connection.run({
    line,
    terminal: false,
    onChunk: (chunk) => void chunks.push(chunk),
    ...options,
  });
  const halt = await session.next({ questions: [], withinMs: Number.POSITIVE_INFINITY });
  if (halt.type !== "ended") throw new Error(`expected an end, got ${halt.type}: ${halt.text}`);
  return { text: halt.text, exit: halt.exit, chunks };
}

/** A signal that is never given. */
export const noSignal = new AbortController().signal;
