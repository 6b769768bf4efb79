// Host keys of the lab: published test keys for fixed ports, fresh ones otherwise.

import { createHash } from "node:crypto";

/** A host key: the private half in OpenSSH's format, the public half as known_hosts has it, the fingerprint. */
export interface HostKey {
  readonly private: string;
  readonly public: string;
  readonly fingerprint: string;
}

/** Makes a new Ed25519 host key. */
export async function makeHostKey(): Promise<HostKey> {
  const { default: ssh2 } = await import("ssh2");
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync("ed25519", { comment: "ordo lab" });
    // About one in some hundred keys that ssh2 1.17.0 writes it can't read again ("Malformed OpenSSH private key").
    if (!(ssh2.utils.parseKey(pair.private) instanceof Error)) return readHostKey(pair.private, pair.public);
  }
}

/** Puts a pair of OpenSSH texts together with its fingerprint. */
export function readHostKey(privateKey: string, publicKey: string): HostKey {
  const [type = "", base64 = ""] = publicKey.trim().split(/\s+/);
  const digest = createHash("sha256").update(Buffer.from(base64, "base64")).digest("base64");
  return { private: privateKey, public: `${type} ${base64}`, fingerprint: `SHA256:${digest.replace(/=+$/, "")}` };
}
