// Decides whether a host is the one that it should be, before it gets a byte of a secret.
import { HostFailure } from "./connection.ts";
import type { Target } from "./connection.ts";
import { fingerprint } from "./known-hosts.ts";
import type { KnownKey, KnownKeys } from "./known-hosts.ts";

/** `trusted`: why; else the failure that says what was expected and what was shown. */
export type HostKeyVerdict =
  | { readonly type: "trusted"; readonly fingerprint: string; readonly because: string }
  | { readonly type: "changed"; readonly failure: HostFailure }
  | { readonly type: "unknown"; readonly failure: HostFailure };

/** Compares the key that a host shows with the inventory's pin, else with known_hosts. A revoked key is refused either way. */
export function judgeHostKey(key: Uint8Array, target: Target, known: KnownKeys): HostKeyVerdict {
  const shown = fingerprint(key);
  const revoked = known.revoked.find((line) => same(line, key));
  if (revoked !== undefined) {
    const message = `The host key of ${target.name}, ${shown}, is marked @revoked in ${place(revoked)}.`;
    return {
      type: "changed",
      failure: new HostFailure(
        "host-key-changed",
        message,
        "Nothing was sent to it. Give the host a new key; a revoked one may be in other hands.",
      ),
    };
  }
  if (target.hostKey !== undefined) {
    const pin = target.hostKey.replace(/=+$/, "");
    if (pin === shown) return { type: "trusted", fingerprint: shown, because: "pinned in the inventory" };
    return changed(target, `${pin} is pinned in the inventory`, shown);
  }
  const line = known.trusted.find((one) => same(one, key));
  if (line !== undefined) return { type: "trusted", fingerprint: shown, because: `known_hosts ${place(line)}` };
  const [first] = known.trusted;
  if (first !== undefined) {
    const ofItsType = known.trusted.find((one) => one.type === keyType(key)) ?? first;
    return changed(target, `${fingerprint(ofItsType.key)} stands in ${place(ofItsType)}`, shown);
  }
  const message = `The host key of ${target.name} (${target.address} port ${target.port}) is not known: it shows ${shown} (${keyType(key)}), and neither the inventory nor known_hosts names it.`;
  const wayOn = `Compare the fingerprint with the host's own; if they are equal, write under host ${target.name} in the inventory: host key "${shown}"`;
  return { type: "unknown", failure: new HostFailure("host-key-unknown", message, wayOn) };
}

function changed(target: Target, expected: string, shown: string): HostKeyVerdict {
  const message = `${target.name} (${target.address} port ${target.port}) shows another host key than the expected one: ${expected}, but the host shows ${shown}.`;
  const wayOn = `Nothing was sent to it. Find out why the key changed; if the new one is right, write under host ${target.name} in the inventory: host key "${shown}"`;
  return { type: "changed", failure: new HostFailure("host-key-changed", message, wayOn) };
}

/** The name with which every key on the wire begins. */
export function keyType(key: Uint8Array): string {
  const bytes = Buffer.from(key.buffer, key.byteOffset, key.byteLength);
  if (bytes.length < 4) return "unreadable";
  return bytes.toString("latin1", 4, 4 + Math.min(bytes.readUInt32BE(0), 64));
}

function same(line: KnownKey, key: Uint8Array): boolean {
  return Buffer.compare(line.key, key) === 0;
}

function place(line: KnownKey): string {
  return `${line.file}:${line.line}`;
}
