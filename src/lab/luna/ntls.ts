// The trust link as a real port: mutual TLS, where a client is who holds the key of a registered certificate.

import { createServer } from "node:net";
import type { Server, Socket } from "node:net";
import { createSecureContext, Server as TlsServer } from "node:tls";
import type { TLSSocket } from "node:tls";
import { commonName } from "../certificate.ts";
import type { Identity } from "../certificate.ts";
import type { Faults } from "../host.ts";
import type { Partition, RegisteredClient } from "./state.ts";

/** What NTLS answers to a client that it knows: one line of JSON. The real protocol is not public. */
export interface NtlsAnswer {
  readonly client: string;
  readonly partitions: readonly { readonly serial: string; readonly label: string }[];
}

/** The NTLS service of one appliance. */
export class Ntls {
  /** The network device or address, or undefined: then nothing listens. */
  boundTo: string | undefined = "eth0";
  needsRestart = false;
  checksSourceIp = true;
  readonly #wantedPort: number;
  readonly #faults: Faults;
  readonly #clients: () => readonly RegisteredClient[];
  readonly #partitions: () => readonly Partition[];
  readonly #now: () => Date;
  readonly #sockets = new Set<Socket>();
  readonly #turnedAway = new Map<string, number>();
  #listener: Server | undefined;
  #port: number | undefined;
  #take: (() => Promise<Identity>) | undefined;

  constructor(options: {
    readonly port: number;
    readonly faults: Faults;
    readonly clients: () => readonly RegisteredClient[];
    readonly partitions: () => readonly Partition[];
    readonly now: () => Date;
  }) {
    this.#wantedPort = options.port;
    this.#faults = options.faults;
    this.#clients = options.clients;
    this.#partitions = options.partitions;
    this.#now = options.now;
  }

  get isRunning(): boolean {
    return this.#listener !== undefined;
  }

  /** The port on 127.0.0.1 while it runs; with free ports a restart takes another. */
  get port(): number | undefined {
    return this.#port;
  }

  /** Stops, if it runs, and starts, if it is bound. The certificate is asked for when the first client comes. */
  async restart(identity: () => Promise<Identity>): Promise<void> {
    await this.stop();
    this.needsRestart = false;
    if (this.boundTo === undefined) return;
    let server: Promise<TlsServer> | undefined;
    let taken: Promise<Identity> | undefined;
    const take = (): Promise<Identity> => (taken ??= identity());
    this.#take = take;
    const listener = createServer((socket) => {
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
      socket.on("error", () => undefined);
      server ??= take().then((made) => this.#makeTlsServer(made));
      server.then((tls) => tls.emit("connection", socket)).catch(() => socket.destroy());
    });
    await new Promise<void>((resolve, reject) => {
      listener.once("error", reject);
      listener.listen(this.#wantedPort, "127.0.0.1", resolve);
    });
    const address = listener.address();
    this.#port = typeof address === "object" && address !== null ? address.port : this.#wantedPort;
    this.#listener = listener;
  }

  /** Lets the running service take its certificate before another replaces it: it goes on with the old one until its restart. */
  async takeCertificate(): Promise<void> {
    await this.#take?.();
  }

  /** Stops and drops every client's session. */
  async stop(): Promise<void> {
    const listener = this.#listener;
    this.#listener = undefined;
    this.#port = undefined;
    this.#take = undefined;
    if (listener === undefined) return;
    const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #makeTlsServer(identity: Identity): TlsServer {
    const server = new TlsServer({
      secureContext: createSecureContext({ key: identity.privateKey, cert: identity.certificate }),
      key: identity.privateKey,
      cert: identity.certificate,
      minVersion: "TLSv1.2",
      requestCert: true,
      // Certificates are self-signed: which are known is decided below, by the exact certificate.
      rejectUnauthorized: false,
    });
    server.on("secureConnection", (socket) => this.#answer(socket));
    server.on("tlsClientError", () => undefined);
    return server;
  }

  #answer(socket: TLSSocket): void {
    socket.on("error", () => undefined);
    const shown = socket.getPeerX509Certificate();
    const client =
      shown === undefined ? undefined : this.#clients().find((known) => known.certificate.raw.equals(shown.raw));
    // The name inside the certificate must be the registered one; that a mismatch fails is a documented trap.
    const isNamedSo = client !== undefined && commonName(client.certificate) === (client.hostname ?? client.ip);
    // A clock that runs behind makes a new certificate one of the future (S5: errno=104 on the client).
    const isYoung = client !== undefined && Date.parse(client.certificate.validFrom) > this.#now().getTime();
    if (client === undefined || !isNamedSo || isYoung || this.#isTurnedAway(client)) {
      socket.destroy();
      return;
    }
    const partitions = client.partitions.flatMap((serial) => {
      const partition = this.#partitions().find((candidate) => candidate.serial === serial);
      return partition === undefined ? [] : [{ serial: partition.serial, label: partition.name }];
    });
    const answer: NtlsAnswer = { client: client.name, partitions };
    socket.end(`${JSON.stringify(answer)}\n`);
  }

  #isTurnedAway(client: RegisteredClient): boolean {
    const fault = this.#faults.find("ntls-notices-late");
    if (fault === undefined) return false;
    const key = client.certificate.fingerprint256;
    const before = this.#turnedAway.get(key) ?? 0;
    this.#turnedAway.set(key, before + 1);
    return before < fault.connections;
  }
}
