// The system's ssh-keygen: signs and verifies SSHSIG signatures. It knows agents and security keys, which no library here does.
import { spawn } from "node:child_process";

import { codeOf } from "./folder.ts";

/** The namespace of our signatures: none made for another purpose is taken for one. */
export const namespace = "ordo-transcript";

export type Ran =
  | { readonly type: "ended"; readonly status: number; readonly out: string; readonly error: string }
  /** There is no ssh-keygen on the PATH. */
  | { readonly type: "not-there" };

const mostOutputBytes = 256 * 1024;

/**
 * Runs ssh-keygen with bytes on its standard input. No argument is ever a secret.
 * @param mayAsk whether it may ask at the terminal for a passphrase; without, it fails at once instead of waiting
 */
export function runSshKeygen(options: {
  readonly args: readonly string[];
  readonly input: Uint8Array | string;
  readonly mayAsk: boolean;
}): Promise<Ran> {
  // A helper that fails is asked in the terminal's place, as ssh-keygen opens /dev/tty whatever its standard input is.
  const silent = options.mayAsk ? {} : { SSH_ASKPASS: "/bin/false", SSH_ASKPASS_REQUIRE: "force" };
  return new Promise((resolve, reject) => {
    const child = spawn("ssh-keygen", options.args, {
      env: { ...process.env, ...silent, LC_ALL: "C" },
      stdio: ["pipe", "pipe", "pipe"],
    });
    const out: Buffer[] = [];
    const error: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => {
      keep(out, chunk);
    });
    child.stderr.on("data", (chunk: Buffer) => {
      keep(error, chunk);
    });
    // It may end without reading its input; that is its status's matter.
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.input);
    child.on("error", (failure) => {
      if (codeOf(failure) === "ENOENT") resolve({ type: "not-there" });
      else reject(failure);
    });
    child.on("close", (status) => {
      resolve({
        type: "ended",
        status: status ?? 255,
        out: Buffer.concat(out).toString(),
        error: Buffer.concat(error).toString(),
      });
    });
  });
}

function keep(chunks: Buffer[], chunk: Buffer): void {
  if (chunks.reduce((sum, { length }) => sum + length, 0) < mostOutputBytes) chunks.push(chunk);
}
