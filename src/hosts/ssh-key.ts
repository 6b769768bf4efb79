// The private key that the inventory names: read from its file, or, where that is encrypted, used through an agent that holds it.
import { readFile } from "node:fs/promises";
import type { BaseAgent, ParsedKey } from "ssh2";
import { HostFailure } from "./connection.ts";
import type { Target } from "./connection.ts";

/** Reads a key; rejects with `key-unreadable` and the reason: missing, unreadable, encrypted and in no agent, no private key. */
export async function readKey(path: string, target: Target): Promise<ParsedKey | { readonly agent: BaseAgent }> {
  const unreadable = (why: string, wayOn: string): HostFailure =>
    new HostFailure("key-unreadable", `The key "${path}" of host ${target.name} can't be used: ${why}.`, wayOn);
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR")
      throw unreadable("there is no such file", "Name the private key's file in the inventory.");
    if (code === "EISDIR") throw unreadable("it is a folder", "Name the private key's file in the inventory.");
    throw unreadable("this account may not read it", "Give this account the right to read it.");
  }
  const { default: ssh2 } = await import("ssh2");
  const parsed = ssh2.utils.parseKey(bytes);
  if (parsed instanceof Error) {
    if (/encrypted|passphrase/i.test(parsed.message)) {
      const agent = await agentFor(path);
      if (agent !== undefined) return { agent };
      throw unreadable(
        "it is encrypted with a passphrase, and no agent here holds it",
        `Load it into an agent (ssh-add "${path}") and keep its .pub beside it, or name a key without a passphrase.`,
      );
    }
    throw unreadable(
      "it holds no private key that ordo can read",
      "Name a private key in OpenSSH's or PEM form; ssh-keygen -p -f FILE writes it anew.",
    );
  }
  const key: ParsedKey | undefined = Array.isArray(parsed) ? parsed[0] : parsed;
  if (key === undefined || !key.isPrivateKey()) {
    throw unreadable("it is a public key", "Name the private key: the file without .pub.");
  }
  return key;
}

/** An agent that shows the one key whose public half lies beside the encrypted file; undefined when none holds it. */
async function agentFor(path: string): Promise<BaseAgent | undefined> {
  const socket = process.env["SSH_AUTH_SOCK"];
  const publicKey = await readFile(`${path}.pub`).catch(() => undefined);
  if (socket === undefined || socket === "" || publicKey === undefined) return undefined;
  const { default: ssh2 } = await import("ssh2");
  const wanted = ssh2.utils.parseKey(publicKey);
  if (wanted instanceof Error || Array.isArray(wanted)) return undefined;
  const agent = ssh2.createAgent(socket);
  const held = await new Promise<ParsedKey[]>((resolve) => {
    // An agent that hangs holds no key for us.
    const patience = setTimeout(() => resolve([]), 5000);
    agent.getIdentities((error, keys) => {
      clearTimeout(patience);
      if (error) return resolve([]);
      const parsed = (keys ?? []).map((key) =>
        typeof key === "string" || Buffer.isBuffer(key) ? ssh2.utils.parseKey(key) : key,
      );
      resolve(parsed.flat().filter((key): key is ParsedKey => !(key instanceof Error)));
    });
  });
  const key = held.find((one) => one.getPublicSSH().equals(wanted.getPublicSSH()));
  if (key === undefined) return undefined;
  // Of all its keys only this one is shown: each other would be a refused attempt on the host.
  agent.getIdentities = (answer) => answer(null, [key]);
  return agent;
}
