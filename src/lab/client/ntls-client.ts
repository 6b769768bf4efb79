// A client's side of the trust link: a real mutual TLS connection to an appliance of the lab.

import { connect } from "node:tls";
import type { TLSSocket } from "node:tls";
import { readCertificate } from "../certificate.ts";
import type { NtlsAnswer } from "../luna/ntls.ts";
import type { LabNetwork } from "../network.ts";

/** A partition that a client may use. */
export type NtlsPartition = NtlsAnswer["partitions"][number];

/** What came of asking one appliance. */
export type NtlsOutcome =
  | { readonly type: "partitions"; readonly partitions: readonly NtlsPartition[] }
  | { readonly type: "no-link"; readonly reason: string };

/** How long an appliance may take to answer; loopback needs a few milliseconds, a new server key a second. */
const limitMs = 15_000;

/**
 * Asks an appliance which partitions this client may use.
 * The server is accepted only if its certificate is, byte for byte, one of those that were added.
 */
export async function askNtls(options: {
  readonly server: string;
  readonly network: LabNetwork;
  readonly privateKey: string | undefined;
  readonly certificate: string | undefined;
  /** PEM texts of the added servers. */
  readonly servers: readonly string[];
}): Promise<NtlsOutcome> {
  const { server, network, privateKey, certificate } = options;
  const found = network.find(server);
  if (found.type === "unknown-host") return { type: "no-link", reason: `${server}: no such host` };
  if (found.type === "refused") return { type: "no-link", reason: `${server}: connection refused, errno=111` };
  if (privateKey === undefined || certificate === undefined) {
    return { type: "no-link", reason: `${server}: there is no client certificate` };
  }
  const trusted = options.servers.flatMap((pem) => readCertificate(pem)?.raw ?? []);
  return new Promise((resolve) => {
    const text: Buffer[] = [];
    let reason = `${server}: the appliance closed the connection, errno=104`;
    let socket: TLSSocket;
    try {
      // Who the server is, is decided by its exact certificate: self-signed, and its name is the appliance's own.
      socket = connect({
        host: "127.0.0.1",
        port: found.port,
        key: privateKey,
        cert: certificate,
        rejectUnauthorized: false,
      });
    } catch {
      resolve({ type: "no-link", reason: `${server}: the client's key or certificate can't be read` });
      return;
    }
    socket.setTimeout(limitMs, () => socket.destroy());
    socket.on("secureConnect", () => {
      const shown = socket.getPeerX509Certificate();
      if (shown !== undefined && trusted.some((raw) => raw.equals(shown.raw))) return;
      reason = `${server}: its certificate is not the one that was added`;
      socket.destroy();
    });
    socket.on("data", (bytes: Buffer) => text.push(bytes));
    socket.on("error", () => undefined);
    socket.on("close", () => {
      const partitions = readAnswer(Buffer.concat(text).toString("utf8"));
      resolve(partitions === undefined ? { type: "no-link", reason } : { type: "partitions", partitions });
    });
  });
}

function readAnswer(text: string): readonly NtlsPartition[] | undefined {
  if (!text.endsWith("\n")) return undefined;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own appliance wrote it, over a connection that proved to be its
  const answer = JSON.parse(text) as NtlsAnswer;
  return answer.partitions;
}
