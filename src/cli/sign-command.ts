import { existsSync } from "node:fs";
import { join } from "node:path";
import { signTranscript } from "../transcript/sign.ts";
import { exitStatus, type ExitStatus } from "./exit-status.ts";
import type { Output } from "./output.ts";
import { operatorName } from "./person.ts";
import { shortPath } from "./shell-word.ts";

export interface SignCommandOptions {
  readonly key: string;
  readonly as?: string;
  readonly role: string;
  readonly meaning: string;
}

/** `ordo sign TRANSCRIPT --key KEY`: adds one person's signature to a sealed transcript; those that are there stay. */
export async function signCommand(folder: string, options: SignCommandOptions, output: Output): Promise<ExitStatus> {
  for (const path of [folder, options.key]) {
    if (existsSync(path)) continue;
    output.err(`There is no ${path}.`);
    return exitStatus.usage;
  }
  const name = options.as ?? operatorName(undefined).name;
  const signed = await signTranscript(folder, {
    key: options.key,
    name,
    role: options.role,
    meaning: options.meaning,
    now: Date.now(),
    mayAsk: process.stdin.isTTY === true,
  });
  if ("failure" in signed) {
    output.err(signed.failure);
    return exitStatus.notSo;
  }
  output.out(`${shortPath(join(folder, signed.path))}: signed by ${name} (${options.role}) with ${signed.fingerprint}`);
  return exitStatus.ok;
}
