// `certificate of FILE`: what stands in an X.509 certificate, PEM or DER, read by Node's own reader.
import { createHash, X509Certificate } from "node:crypto";
import { HostFailure } from "../../hosts/connection.ts";
import { scalar } from "../../plan/as-value.ts";
import type { Value } from "../../plan/value.ts";

/**
 * The fields of a certificate: subject, issuer, serial, not_before, not_after (dates, UTC), remaining (a duration, never
 * below zero), and its fingerprints sha256, sha1, md5 in the form with colons.
 * Of a file that holds several, the first counts. Throws `HostFailure` where the file holds none.
 */
export function readCertificate(bytes: Uint8Array, what: string, now: Date): Value {
  const certificate = parse(bytes, what);
  const notBefore = new Date(certificate.validFrom);
  const notAfter = new Date(certificate.validTo);
  const remainingMs = Math.max(0, notAfter.getTime() - now.getTime());
  return {
    type: "record",
    fields: {
      subject: scalar("text", oneLine(certificate.subject)),
      issuer: scalar("text", oneLine(certificate.issuer)),
      serial: scalar("word", certificate.serialNumber),
      not_before: scalar("date", notBefore.toISOString().slice(0, 10)),
      not_after: scalar("date", notAfter.toISOString().slice(0, 10)),
      remaining: scalar("duration", `${Math.floor(remainingMs / 3_600_000)}h`),
      sha256: scalar("word", certificate.fingerprint256),
      sha1: scalar("word", certificate.fingerprint),
      md5: scalar("word", colons(createHash("md5").update(certificate.raw).digest("hex"))),
    },
  };
}

function parse(bytes: Uint8Array, what: string): X509Certificate {
  try {
    return new X509Certificate(bytes);
  } catch {
    throw new HostFailure(
      "file-refused",
      `${what} holds no certificate that can be read (PEM or DER, X.509).`,
      "Look at the file: openssl x509 -in FILE -noout -text",
    );
  }
}

/** Node writes one attribute a line; people write them with commas. */
function oneLine(name: string): string {
  return name.split("\n").join(", ");
}

function colons(hex: string): string {
  return (hex.toUpperCase().match(/../g) ?? []).join(":");
}
