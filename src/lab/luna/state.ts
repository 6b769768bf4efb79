// The pieces of an appliance's state.

import type { X509Certificate } from "node:crypto";

/** A partition; its name is its label. Sizes in bytes. */
export interface Partition {
  readonly serial: string;
  readonly name: string;
  readonly objects: number;
  readonly totalBytes: number;
  readonly usedBytes: number;
}

/** A registered client. It is known by its host name or its address, and by one exact certificate. */
export interface RegisteredClient {
  readonly name: string;
  readonly hostname?: string;
  readonly ip?: string;
  readonly certificate: X509Certificate;
  /** Serial numbers of the partitions that it may use. */
  readonly partitions: readonly string[];
}

/** A file in an account's home. */
export interface HomeFile {
  readonly content: Buffer;
  readonly changedAt: Date;
}

/** The security module itself. Three wrong passwords of its officer zeroize it. */
export interface HsmState {
  readonly label: string;
  readonly serial: string;
  readonly isInitialized: boolean;
  readonly isLoggedIn: boolean;
  readonly attemptsLeft: number;
  readonly isZeroized: boolean;
  readonly password: string;
}
