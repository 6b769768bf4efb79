// Which algorithms are offered: good ones, the fast ones first (curve25519 and AES-GCM are what Node does quickest), and a
// weak one only when the inventory names it (`allow weak algorithms …`).
import { HostFailure } from "./connection.ts";
import type { Target } from "./connection.ts";
import type { KnownKey } from "./known-hosts.ts";

export interface Offer {
  readonly kex: readonly string[];
  readonly serverHostKey: readonly string[];
  readonly cipher: readonly string[];
  readonly hmac: readonly string[];
}

type Kind = keyof Offer;

/**
 * The algorithms for a host.
 * @param known the keys that known_hosts has for it: their kinds come first, so that a host with several keys shows the known one
 * @param without host-key families (`ed25519`, `ecdsa`, `rsa`) that are not asked for
 */
export function offerFor(target: Target, known: readonly KnownKey[], without: ReadonlySet<string>): Offer {
  const offer: Record<Kind, string[]> = {
    kex: [...good.kex],
    serverHostKey: [...good.serverHostKey],
    cipher: [...good.cipher],
    hmac: [...good.hmac],
  };
  for (const name of target.allowWeakAlgorithms) {
    const kinds = allKinds.filter((kind) => weak[kind].includes(name));
    if (kinds.length === 0 && !allKinds.some((kind) => good[kind].includes(name))) {
      const message = `"${name}", which the inventory allows for ${target.name}, is no algorithm that ordo has.`;
      throw new HostFailure("unsupported", message, `Those that can be allowed are: ${weakAlgorithms.join(", ")}.`);
    }
    for (const kind of kinds) offer[kind].push(name);
  }
  const families = new Set(known.map((key) => keyFamily(key.type)));
  const serverHostKey = offer.serverHostKey.filter((name) => !without.has(keyFamily(name)));
  const first = serverHostKey.filter((name) => families.has(keyFamily(name)));
  return { ...offer, serverHostKey: [...first, ...serverHostKey.filter((name) => !first.includes(name))] };
}

/** `ed25519`, `rsa`, `dss`, or the curve of an ECDSA key: two names of one family are the same key. */
export function keyFamily(type: string): string {
  if (type.includes("rsa")) return "rsa";
  if (type.includes("ed25519")) return "ed25519";
  return type;
}

const allKinds: readonly Kind[] = ["kex", "serverHostKey", "cipher", "hmac"];

const good: Offer = {
  kex: [
    "curve25519-sha256",
    "curve25519-sha256@libssh.org",
    "ecdh-sha2-nistp256",
    "ecdh-sha2-nistp384",
    "ecdh-sha2-nistp521",
    "diffie-hellman-group-exchange-sha256",
    "diffie-hellman-group14-sha256",
    "diffie-hellman-group16-sha512",
    "diffie-hellman-group18-sha512",
  ],
  serverHostKey: [
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "rsa-sha2-512",
    "rsa-sha2-256",
  ],
  cipher: [
    "aes128-gcm@openssh.com",
    "aes256-gcm@openssh.com",
    "aes128-ctr",
    "aes192-ctr",
    "aes256-ctr",
    "chacha20-poly1305@openssh.com",
  ],
  hmac: ["hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com", "hmac-sha2-256", "hmac-sha2-512"],
};

const weak: Offer = {
  kex: ["diffie-hellman-group-exchange-sha1", "diffie-hellman-group14-sha1", "diffie-hellman-group1-sha1"],
  serverHostKey: ["ssh-rsa", "ssh-dss"],
  cipher: ["aes256-cbc", "aes192-cbc", "aes128-cbc", "3des-cbc"],
  hmac: ["hmac-sha1-etm@openssh.com", "hmac-sha1", "hmac-sha1-96", "hmac-md5"],
};

/** Every weak algorithm that can be allowed by name. */
export const weakAlgorithms: readonly string[] = [...weak.kex, ...weak.serverHostKey, ...weak.cipher, ...weak.hmac];
