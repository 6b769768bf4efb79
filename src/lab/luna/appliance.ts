// What an appliance knows: its accounts' files, certificate, partitions and clients. Commands change it; tests read it.

import { makeIdentity } from "../certificate.ts";
import type { Identity } from "../certificate.ts";
import type { Faults } from "../host.ts";
import { Ntls } from "./ntls.ts";
import type { LunaGeneration } from "./profile.ts";
import type { HomeFile, HsmState, Partition, RegisteredClient } from "./state.ts";

/** Three, as `hsm show` counts. */
export const maxLoginAttempts = 3;

/** One appliance. Fields are replaced, never changed inside: what a test has read stays as it was. */
export class Appliance {
  readonly generation: LunaGeneration;
  readonly ntls: Ntls;
  hostname: string;
  hsm: HsmState;
  partitions: readonly Partition[];
  clients: readonly RegisteredClient[] = [];
  hostIps: ReadonlyMap<string, string> = new Map();
  ntpServers: readonly string[] = [];
  isSyslogRunning = true;
  /** As on a new box: the next interactive login must change its password. */
  mustChangePassword = false;
  /** Seconds that `sysconf time` would have put the clock off by; tests set it. */
  clockOffsetSeconds = 0;
  readonly #passwords: Map<string, string>;
  #homes: ReadonlyMap<string, ReadonlyMap<string, HomeFile>> = new Map();
  #identity: Promise<Identity> | undefined;

  constructor(options: {
    readonly generation: LunaGeneration;
    readonly hostname: string;
    readonly partitions: readonly Partition[];
    readonly passwords: ReadonlyMap<string, string>;
    readonly officerPassword: string;
    readonly ntlsPort: number;
    readonly faults: Faults;
  }) {
    this.generation = options.generation;
    this.hostname = options.hostname;
    this.partitions = options.partitions;
    this.#passwords = new Map(options.passwords);
    this.hsm = {
      label: "ade_hsm",
      serial: "902514",
      isInitialized: true,
      isLoggedIn: false,
      attemptsLeft: maxLoginAttempts,
      isZeroized: false,
      password: options.officerPassword,
    };
    this.ntls = new Ntls({
      port: options.ntlsPort,
      faults: options.faults,
      clients: () => this.clients,
      partitions: () => this.partitions,
      now: () => this.now(),
    });
  }

  /** The accounts' passwords; the ssh server asks this same map. */
  get passwords(): ReadonlyMap<string, string> {
    return this.#passwords;
  }

  setPassword(account: string, password: string): void {
    this.#passwords.set(account, password);
  }

  /** The appliance's clock. */
  now(): Date {
    return new Date(Date.now() + this.clockOffsetSeconds * 1000);
  }

  /** The server certificate with its key, made when it is first needed. */
  identity(): Promise<Identity> {
    return (this.#identity ??= this.#makeIdentity());
  }

  /** What `sysconf regenCert` does. NTLS goes on with the old one until it is restarted. */
  async regenerateIdentity(): Promise<void> {
    await this.ntls.takeCertificate();
    const made = await this.#makeIdentity();
    this.#identity = Promise.resolve(made);
    this.ntls.needsRestart = true;
  }

  #makeIdentity(): Promise<Identity> {
    return makeIdentity({ commonName: this.hostname, validDays: 3653, now: this.now() });
  }

  /** Starts NTLS with the current certificate; a running one is stopped and its clients are dropped. */
  async restartNtls(): Promise<void> {
    await this.ntls.restart(() => this.identity());
  }

  /** The files of an account, without server.pem, which every account sees. */
  filesOf(account: string): ReadonlyMap<string, HomeFile> {
    return this.#homes.get(account) ?? new Map();
  }

  putFile(account: string, name: string, content: Buffer): void {
    const files = new Map(this.filesOf(account)).set(name, { content, changedAt: this.now() });
    this.#homes = new Map(this.#homes).set(account, files);
  }

  clearFiles(account: string): void {
    this.#homes = new Map(this.#homes).set(account, new Map());
  }

  /** Partitions that a client may use, in the order of their assignment. */
  partitionsOf(client: RegisteredClient): readonly Partition[] {
    return client.partitions.flatMap(
      (serial) => this.partitions.find((partition) => partition.serial === serial) ?? [],
    );
  }

  /** What three wrong passwords do. */
  zeroize(): void {
    this.partitions = [];
    this.clients = this.clients.map((client) => ({ ...client, partitions: [] }));
    this.hsm = {
      ...this.hsm,
      label: "no label",
      isInitialized: false,
      isLoggedIn: false,
      isZeroized: true,
      attemptsLeft: 0,
    };
  }
}
