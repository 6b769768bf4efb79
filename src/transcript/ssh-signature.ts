// An SSHSIG signature read by ourselves (OpenSSH's PROTOCOL.sshsig), because ssh-keygen forgives what no signer writes:
// other line breaks, another version, text in a reserved field. A signature whose bytes were changed must not pass.
import { createHash } from "node:crypto";

export interface SshSignature {
  readonly namespace: string;
  /** `SHA256:…` of the public key that it says it was made with. */
  readonly fingerprint: string;
}

const begin = "-----BEGIN SSH SIGNATURE-----\n";
const end = "\n-----END SSH SIGNATURE-----\n";

/** Reads an armoured signature; a sentence when it is not exactly one. */
export function readSshSignature(armoured: string): SshSignature | string {
  if (!armoured.startsWith(begin) || !armoured.endsWith(end)) return "It is not an SSH signature.";
  const lines = armoured.slice(begin.length, -end.length).split("\n");
  const width = lines[0]?.length ?? 0;
  const blob = Buffer.from(lines.join(""), "base64");
  if (width === 0 || fold(blob.toString("base64"), width) !== lines.join("\n"))
    return "Its text is not laid out as signatures are.";
  return readBlob(blob) ?? "It holds other fields than an SSH signature has.";
}

function readBlob(blob: Buffer): SshSignature | undefined {
  if (blob.toString("latin1", 0, 6) !== "SSHSIG" || blob.length < 10 || blob.readUInt32BE(6) !== 1) return undefined;
  const fields: Buffer[] = [];
  let at = 10;
  while (at + 4 <= blob.length) {
    const length = blob.readUInt32BE(at);
    if (at + 4 + length > blob.length) return undefined;
    fields.push(blob.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  // Public key, namespace, reserved, hash algorithm, signature.
  const [key, namespace, reserved] = fields;
  if (
    at !== blob.length ||
    fields.length !== 5 ||
    key === undefined ||
    namespace === undefined ||
    reserved?.length !== 0
  )
    return undefined;
  const digest = createHash("sha256").update(key).digest("base64").replace(/=+$/, "");
  return { namespace: namespace.toString("latin1"), fingerprint: `SHA256:${digest}` };
}

function fold(text: string, width: number): string {
  const lines: string[] = [];
  for (let at = 0; at < text.length; at += width) lines.push(text.slice(at, at + width));
  return lines.join("\n");
}
