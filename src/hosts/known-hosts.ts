// Reads OpenSSH's known_hosts (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"): which keys a host is known by, and which are revoked.
import { createHash, createHmac } from "node:crypto";
import { readFile } from "node:fs/promises";

/** A key that a line of known_hosts gives to a host. */
export interface KnownKey {
  readonly type: string;
  /** The key as it goes over the wire. */
  readonly key: Uint8Array;
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

export interface KnownKeys {
  readonly trusted: readonly KnownKey[];
  readonly revoked: readonly KnownKey[];
}

/**
 * Looks a host up in files, in their order; one that can't be read counts as empty, as ssh does it.
 * A port other than 22 is looked up as `[address]:port` first, and without the port where nothing names it with one.
 */
export async function readKnownHosts(files: readonly string[], address: string, port: number): Promise<KnownKeys> {
  const texts = await Promise.all(
    files.map(async (file) => ({ file, text: await readFile(file, "utf8").catch(() => "") })),
  );
  const find = (name: string): KnownKeys => {
    const found = texts.map(({ file, text }) => knownKeys(text, name, file));
    return { trusted: found.flatMap((keys) => keys.trusted), revoked: found.flatMap((keys) => keys.revoked) };
  };
  if (port === 22) return find(address.toLowerCase());
  const withPort = find(`[${address.toLowerCase()}]:${port}`);
  if (withPort.trusted.length > 0 || withPort.revoked.length > 0) return withPort;
  return find(address.toLowerCase());
}

/** The keys that one file's text gives to a name (`web1`, or `[web1]:2222`), and those that it revokes. */
export function knownKeys(text: string, name: string, file: string): KnownKeys {
  const trusted: KnownKey[] = [];
  const revoked: KnownKey[] = [];
  for (const [index, raw] of text.split("\n").entries()) {
    const words = raw.trim().split(/[ \t]+/);
    const marker = words[0]?.startsWith("@") === true ? words.shift() : undefined;
    const [patterns, type, base64] = words;
    if (patterns === undefined || patterns.startsWith("#") || type === undefined || base64 === undefined) continue;
    // Certificates of host keys are not read by ssh2, so a line that names their authority says nothing here.
    if (marker !== undefined && marker !== "@revoked") continue;
    if (!matchesHost(patterns, name)) continue;
    const key = Buffer.from(base64, "base64");
    if (key.length === 0) continue;
    (marker === undefined ? trusted : revoked).push({ type, key, file, line: index + 1 });
  }
  return { trusted, revoked };
}

/** `SHA256:…` of a key, as ssh-keygen -l writes it. */
export function fingerprint(key: Uint8Array): string {
  return `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;
}

/** Whether the first field of a line names the host: hashed, or a list with `*`, `?` and `!`. */
function matchesHost(patterns: string, name: string): boolean {
  if (patterns.startsWith("|")) return matchesHash(patterns, name);
  let matches = false;
  for (const pattern of patterns.toLowerCase().split(",")) {
    const negated = pattern.startsWith("!");
    if (!matchesPattern(negated ? pattern.slice(1) : pattern, name)) continue;
    // A negated pattern decides, wherever it stands.
    if (negated) return false;
    matches = true;
  }
  return matches;
}

/** `|1|SALT|HASH`: HMAC-SHA1 of the name with the salt. */
function matchesHash(field: string, name: string): boolean {
  const [, kind, salt, hash] = field.split("|");
  if (kind !== "1" || salt === undefined || hash === undefined) return false;
  return createHmac("sha1", Buffer.from(salt, "base64")).update(name).digest().equals(Buffer.from(hash, "base64"));
}

/** `*` and `?` by backtracking to the last star only, so that no pattern takes longer than its length times the name's. */
function matchesPattern(pattern: string, name: string): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  for (let position = 0; position < name.length;) {
    if (pattern[at] === "*") {
      star = at++;
      resume = position;
    } else if (at < pattern.length && (pattern[at] === "?" || pattern[at] === name[position])) {
      at++;
      position++;
    } else if (star >= 0) {
      at = star + 1;
      position = ++resume;
    } else return false;
  }
  while (pattern[at] === "*") at++;
  return at === pattern.length;
}
