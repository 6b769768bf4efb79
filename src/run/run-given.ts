// What a run is given from outside: everything that a test must hold still, and everything that only the command line knows.
import type { Connect } from "../hosts/connection.ts";
import type { ConnectOptions } from "../hosts/target.ts";
import type { Redactor } from "../secrets/redactor.ts";
import type { Secret } from "../secrets/secret.ts";
import type { Clock } from "./clock.ts";
import type { Failure } from "./failure.ts";
import type { Person } from "./person.ts";
import type { EventOf, NumberedEvent, OutcomeName } from "./record-table.ts";

export interface RunGiven {
  readonly connect: Connect;
  readonly connectOptions: ConnectOptions;
  /** By the names of `Plan.secrets`, read before anything runs. */
  readonly secrets: ReadonlyMap<string, Secret>;
  readonly redactor: Redactor;
  readonly clock: Clock;
  /** 32 hex digits that were never given before. */
  readonly random: () => string;
  /** Awaited before a byte is sent; the reader pulls the events meanwhile. Rejects when the record can't be kept. */
  readonly durable: (event: NumberedEvent) => Promise<void>;
  /** Keeps a local file as evidence of a host under a name; rejects where it can't, or where it holds a secret. */
  readonly keep: (
    host: string,
    name: string,
    file: string,
  ) => Promise<{ readonly path: string; readonly bytes: number; readonly sha256: string }>;
  /** Undefined: there is no terminal, and nobody can be asked. */
  readonly person: Person | undefined;
  readonly started: Omit<
    EventOf<"run-started">,
    "type" | "format" | "run" | "title" | "version" | "owner" | "rehearsal" | "step" | "host" | "source" | "command"
  >;
  readonly options: RunOptionsGiven;
  /** Ctrl-C (SIGHUP, SIGTERM) once and twice; the reason of the abort is the signal's name. */
  readonly interrupt: { readonly first: AbortSignal; readonly second: AbortSignal };
  /** For files on their way between hosts: exists, private, taken away by whoever made it. */
  readonly temporaryFolder: string;
  /** Where `ordo` was started: relative paths on `here` begin there. */
  readonly startFolder: string;
}

export interface RunOptionsGiven {
  readonly rehearse: boolean;
  /** A step's number or title. */
  readonly from: string | undefined;
  readonly only: string | undefined;
  readonly yes: boolean;
  /** Exact texts of `destroys`, values filled in. */
  readonly allowDestroy: readonly string[];
  /** Hosts at a time, at most; undefined: as the runbook says. */
  readonly atMost: number | undefined;
  /** Values for `ask`, by `--set`. */
  readonly set: ReadonlyMap<string, string>;
}

export interface RunSummary {
  readonly run: string;
  readonly outcome: EventOf<"run-ended">["outcome"];
  readonly reason: string | undefined;
  /** Steps by outcome; the hosts of an `on each` have outcomes of their own in its records, and count as their one step. */
  readonly counts: Readonly<Partial<Record<OutcomeName, number>>>;
  readonly failures: readonly Failure[];
  readonly durationMs: number;
}
