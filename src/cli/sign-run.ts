import { signTranscript, type Signed } from "../transcript/sign.ts";

/** The operator's signature at the end of a run. */
export function signRun(folder: string, key: string, name: string): Promise<Signed> {
  return signTranscript(folder, {
    key,
    name,
    role: "operator",
    meaning: "I ran it",
    now: Date.now(),
    mayAsk: process.stdin.isTTY === true,
  });
}
