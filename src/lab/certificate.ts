// Real keys and self-signed certificates for the lab's appliances and clients.

import { createHash, generateKeyPair, randomBytes, X509Certificate } from "node:crypto";
import { promisify } from "node:util";

/** A private key with its self-signed certificate, both PEM. */
export interface Identity {
  readonly commonName: string;
  readonly privateKey: string;
  readonly certificate: string;
}

/**
 * Makes a 2048-bit RSA key and a self-signed certificate.
 * The key comes from node:crypto (a tenth of node-forge's time), the certificate from node-forge, as node:crypto can't issue any.
 * @param validDays days from now; the appliance's own default is 3653 (its REST twin of `sysconf regenCert` says so)
 */
export async function makeIdentity(options: {
  readonly commonName: string;
  readonly validDays: number;
  readonly now: Date;
}): Promise<Identity> {
  const { default: forge } = await import("node-forge");
  const pair = await promisify(generateKeyPair)("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  });
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(pair.publicKey);
  // A leading 00 to 7F keeps the serial number positive.
  certificate.serialNumber = `01${randomBytes(15).toString("hex")}`;
  certificate.validity.notBefore = new Date(Math.floor(options.now.getTime() / 1000) * 1000);
  certificate.validity.notAfter = new Date(certificate.validity.notBefore.getTime() + options.validDays * 86_400_000);
  const name = [
    { shortName: "C", value: "CA" },
    { shortName: "O", value: "Chrysalis-ITS" },
    { shortName: "CN", value: options.commonName },
  ];
  certificate.setSubject(name);
  certificate.setIssuer(name);
  certificate.sign(forge.pki.privateKeyFromPem(pair.privateKey), forge.md.sha256.create());
  return {
    commonName: options.commonName,
    privateKey: pair.privateKey,
    certificate: forge.pki.certificateToPem(certificate).replaceAll("\r\n", "\n"),
  };
}

/** Reads a PEM certificate; undefined where the text holds none. */
export function readCertificate(pem: string | Buffer): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

/** The common name of a certificate's subject, or undefined. */
export function commonName(certificate: X509Certificate): string | undefined {
  return /^CN=(.*)$/m.exec(certificate.subject)?.[1];
}

/** The MD5 of a certificate as lunash prints it: `D9:9E:…`. */
export function md5Fingerprint(certificate: X509Certificate): string {
  const hex = createHash("md5").update(certificate.raw).digest("hex").toUpperCase();
  return hex.replaceAll(/..(?!$)/g, "$&:");
}
