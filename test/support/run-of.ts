// Runs a runbook's text against scripted (or real) hosts with a clock that never makes anyone wait.
import { createHash, randomBytes } from "node:crypto";
import { copyFile, mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectReally } from "../../src/hosts/connect.ts";
import type { Connect } from "../../src/hosts/connection.ts";
import type { SecretFromNode } from "../../src/language/tree.ts";
import type { Clock } from "../../src/run/clock.ts";
import type { Person } from "../../src/run/person.ts";
import type { EventType, NumberedEvent } from "../../src/run/record-table.ts";
import type { RunGiven, RunOptionsGiven, RunSummary } from "../../src/run/run-given.ts";
import { runPlan } from "../../src/run/run-plan.ts";
import { Redactor } from "../../src/secrets/redactor.ts";
import { Secret } from "../../src/secrets/secret.ts";
import { connectTo, type ScriptedHost } from "./scripted-host.ts";
import { planOf } from "./plan-of.ts";

export interface RunOf {
  readonly text: string;
  /** Scripted hosts by name; without any the hosts of the inventory are real, and `here` is this machine unless it is scripted. */
  readonly hosts?: Readonly<Record<string, ScriptedHost>>;
  readonly secrets?: Readonly<Record<string, string>>;
  /** Variables that secrets come from. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly set?: Readonly<Record<string, string>>;
  readonly person?: Person;
  readonly options?: Partial<RunOptionsGiven>;
  readonly durable?: (event: NumberedEvent) => Promise<void>;
  readonly keep?: RunGiven["keep"];
  readonly clock?: Clock;
  readonly first?: AbortController;
  readonly second?: AbortController;
  /** Sees each event as it is read. */
  readonly seen?: (event: NumberedEvent) => void;
  readonly startFolder?: string;
  /** Called when a host was connected to, before the run hears of it; what it throws is how connecting ended. */
  readonly connected?: () => void;
  /** The reader goes away after this event. */
  readonly until?: (event: NumberedEvent) => boolean;
}

export interface Ran {
  readonly events: readonly NumberedEvent[];
  readonly summary: RunSummary;
  readonly of: <T extends EventType>(type: T) => readonly Extract<NumberedEvent, { readonly type: T }>[];
  /** Paths of what was kept as evidence. */
  readonly kept: readonly string[];
}

/** A clock whose waits are over at once, but for the 50 ms for joining output and the ten minutes for a file: those end with what they wait for. */
export function quickClock(): Clock & { readonly waited: number[] } {
  let ms = 0;
  const waited: number[] = [];
  return {
    waited,
    now: () => new Date(Date.UTC(2026, 10, 25, 14, 3, 22) + ms),
    monotonicMs: () => ms,
    wait: async (forMs, signal) => {
      if (forMs === 50 || forMs === 600_000) {
        // Pieces wait for the command's end here, and no file takes too long: nothing in a test takes its time from a timer.
        await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
        return;
      }
      waited.push(forMs);
      ms += forMs;
    },
  };
}

/** Throws where the runbook has an error: a test of running begins with a sound one. */
export async function runOf(given: RunOf): Promise<Ran> {
  const { plan, diagnostics } = await planOf({
    path: "/test/case.runbook",
    text: given.text,
    set: new Map(Object.entries(given.set ?? {})),
  });
  if (plan === undefined) throw new Error(diagnostics.map(({ code, message }) => `${code}: ${message}`).join("\n"));
  const folder = await mkdtemp(join(tmpdir(), "ordo-run-"));
  const kept: string[] = [];
  const valueOf = (name: string, from: SecretFromNode): string =>
    given.secrets?.[name] ??
    (from.type === "env" ? given.environment?.[from.variable.text] : undefined) ??
    `value-of-${name.replaceAll(" ", "-")}`;
  const secrets = new Map(plan.secrets.map(({ name, from }) => [name, new Secret(name, valueOf(name, from))]));
  const scripted = connectTo(given.hosts ?? {});
  const connect: Connect = async (target, signal) => {
    const isReal = given.hosts === undefined || (target.here && given.hosts[target.name] === undefined);
    const connection = await (isReal ? connectReally : scripted)(target, signal);
    if (!target.here) given.connected?.();
    return connection;
  };
  const run = runPlan(plan, {
    connect,
    connectOptions: { knownHosts: [], connectTimeoutMs: 1000 },
    secrets,
    redactor: new Redactor(),
    clock: given.clock ?? quickClock(),
    random: () => randomBytes(16).toString("hex"),
    durable: given.durable ?? (() => Promise.resolve()),
    keep:
      given.keep ??
      (async (host, name, file) => {
        const path = join(folder, `${kept.length + 1}-${host}-${name}`);
        await copyFile(file, path);
        kept.push(path);
        const bytes = await readFile(path);
        return { path, bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
      }),
    person: given.person,
    started: {
      sources: [],
      ordo: { version: "0.0.0", build: "test" },
      runner: { machine: "m", account: "a", system: "s", node: process.version },
      clock: { source: "test", synchronised: "unknown" },
      operator: { name: "op", identifiedBy: "a test" },
      commandLine: [],
    },
    options: {
      rehearse: false,
      from: undefined,
      only: undefined,
      yes: false,
      allowDestroy: [],
      atMost: undefined,
      set: new Map(),
      ...given.options,
    },
    interrupt: {
      first: (given.first ?? new AbortController()).signal,
      second: (given.second ?? new AbortController()).signal,
    },
    temporaryFolder: folder,
    startFolder: given.startFolder ?? folder,
  });
  const events: NumberedEvent[] = [];
  for (;;) {
    const step = await run.next();
    if (step.done === true) {
      return {
        events,
        summary: step.value,
        kept,
        of: ofEvents(events),
      };
    }
    events.push(step.value);
    given.seen?.(step.value);
    if (given.until?.(step.value) === true) {
      await run.return(emptySummary);
      return { events, summary: emptySummary, kept, of: ofEvents(events) };
    }
  }
}

const emptySummary: RunSummary = {
  run: "",
  outcome: "interrupted",
  reason: undefined,
  counts: {},
  failures: [],
  durationMs: 0,
};

function ofEvents(events: readonly NumberedEvent[]): Ran["of"] {
  return (type) =>
    events.filter((event): event is Extract<NumberedEvent, { readonly type: typeof type }> => event.type === type);
}

/** A person who says what the test lets them say; what isn't given is refused. */
export function personWho(says: Partial<Person>): Person {
  return {
    who: "ada",
    identifiedBy: "said so at the operator's terminal",
    confirm: () => Promise.resolve(false),
    byHand: () => Promise.resolve(false),
    ask: () => Promise.resolve(undefined),
    answer: () => Promise.resolve({ type: "stop" }),
    ...says,
  };
}
