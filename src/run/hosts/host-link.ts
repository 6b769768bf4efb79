// One host as the run holds it: its connection, made when it is first needed and again after it was lost.
import { HostFailure, type Connect, type Connection, type Target } from "../../hosts/connection.ts";
import type { PlannedHost } from "../../plan/plan.ts";
import type { Recorder } from "../events/recorder.ts";
import type { RunEvent } from "../record-table.ts";

export interface HostLinkParts {
  readonly name: string;
  readonly planned: PlannedHost;
  readonly target: () => Target;
  readonly connect: Connect;
  readonly recorder: Recorder;
  /** Aborted when everything is to be closed now. */
  readonly closing: AbortSignal;
}

/** Failures after which another attempt would do harm (locked accounts, bans) or can't help. */
const neverAgain: ReadonlySet<string> = new Set([
  "login-refused",
  "host-key-changed",
  "host-key-unknown",
  "key-unreadable",
  "no-common-algorithm",
  "unsupported",
]);

export class HostLink {
  readonly name: string;
  readonly planned: PlannedHost;
  /** Read at login or given by the inventory; undefined: not known (yet). */
  version: string | undefined;
  /** Whether reading the version was tried: it is asked for once. */
  versionRead = false;
  readonly #parts: HostLinkParts;
  #connection: Promise<Connection> | undefined;
  #refused: HostFailure | undefined;
  #announced = false;
  #uses = 0;

  constructor(parts: HostLinkParts) {
    this.name = parts.name;
    this.planned = parts.planned;
    this.version = parts.planned.host.version;
    this.#parts = parts;
  }

  /**
   * The standing connection, or a new one. Rejects with `HostFailure`; a refused login is never tried again in this run,
   * because appliances lock accounts and servers ban addresses. Who asks while another connects shares what comes of it.
   */
  async connection(): Promise<Connection> {
    const standing = this.#connection;
    if (standing !== undefined) {
      const connection = await standing;
      if (connection.alive) return connection;
      this.#gone(standing, "the connection was lost");
    }
    if (this.#refused !== undefined) throw this.#refused;
    this.#connection ??= this.#connect();
    return await this.#connection;
  }

  /** Whether the standing connection is on record. */
  get isAnnounced(): boolean {
    return this.#announced;
  }

  /** Records the connection; `hostVersion` where the greeting of a dialogue said it. Called once a connection. */
  announce(connection: Connection, step: Pick<RunEvent, "step" | "source">): void {
    if (this.#announced) return;
    this.#announced = true;
    const { serverVersion, hostKey, trustedBecause, algorithms, ...facts } = connection.facts;
    this.#parts.recorder.emit({
      type: "connected",
      ...facts,
      ...step,
      host: this.name,
      ...(hostKey === undefined ? {} : { hostKey }),
      ...(trustedBecause === undefined ? {} : { trustedBecause }),
      ...(serverVersion === undefined ? {} : { serverVersion }),
      ...(algorithms === undefined ? {} : { algorithms }),
      ...(this.planned.host.allowWeakAlgorithms.length === 0 ? {} : { weak: this.planned.host.allowWeakAlgorithms }),
      ...(this.version === undefined ? {} : { hostVersion: this.version }),
    });
  }

  /** After a dialogue was closed its connection may be gone with it: records that, so that the next line connects anew. */
  async noticeEnd(reason: string): Promise<void> {
    const standing = this.#connection;
    const connection = await standing?.catch(() => undefined); // who asked for it heard of it
    if (connection !== undefined && !connection.alive) this.#gone(standing, reason);
  }

  /** Does work that needs the connection to stand: `closeIfUnused` leaves it alone meanwhile. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#uses += 1;
    try {
      return await work();
    } finally {
      this.#uses -= 1;
    }
  }

  /** Closes what stands, unless a statement of another host of the same `on each` is at work over it. */
  async closeIfUnused(reason: string): Promise<void> {
    if (this.#uses === 0) await this.close(reason);
  }

  /** Closes what stands. */
  async close(reason: string): Promise<void> {
    const standing = this.#connection;
    const connection = await standing?.catch(() => undefined); // who asked for it heard of it
    if (connection === undefined) return;
    await connection.close().catch(() => undefined); // it is over either way
    this.#gone(standing, reason);
  }

  #connect(): Promise<Connection> {
    const coming = this.#tryToConnect();
    coming.catch((problem: unknown) => {
      if (this.#connection === coming) this.#connection = undefined;
      if (problem instanceof HostFailure && neverAgain.has(problem.reason)) this.#refused = problem;
    });
    return coming;
  }

  async #tryToConnect(): Promise<Connection> {
    const { closing } = this.#parts;
    try {
      return await this.#parts.connect(this.#parts.target(), closing);
    } catch (problem) {
      if (!closing.aborted) throw problem;
      throw new HostFailure("lost", `Connecting to ${this.name} was interrupted.`, "Run it again.");
    }
  }

  /** Forgets a connection, unless another stands in its place already: then that was said before. */
  #gone(standing: Promise<Connection> | undefined, reason: string): void {
    if (standing === undefined || this.#connection !== standing) return;
    this.#connection = undefined;
    if (this.#announced) this.#parts.recorder.emit({ type: "disconnected", host: this.name, reason });
    this.#announced = false;
  }
}
