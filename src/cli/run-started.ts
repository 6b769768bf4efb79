import { existsSync } from "node:fs";
import { hostname, release, type, userInfo } from "node:os";
import type { Plan } from "../plan/plan.ts";
import type { EventOf } from "../run/record-table.ts";
import type { Redactor } from "../secrets/redactor.ts";
import { build, version } from "./version.ts";

type Started = Omit<EventOf<"run-started">, "type" | "run">;

interface Described {
  readonly plan: Plan;
  readonly sources: Started["sources"];
  readonly operator: Started["operator"];
  readonly rehearsal: boolean;
  readonly redactor: Redactor;
}

/** What the first record says of the run: what was asked for, by whom, with which program, on which machine. */
export function describeRun({ plan, sources, operator, rehearsal, redactor }: Described): Started {
  const { program } = plan;
  return {
    format: "ordo transcript 1",
    title: program.title,
    ...(program.version === undefined ? {} : { version: program.version }),
    ...(program.owner === undefined ? {} : { owner: program.owner }),
    sources,
    ordo: { version, build },
    runner: { machine: hostname(), account: account(), system: `${type()} ${release()} ${process.arch}`, node: process.version },
    clock: clock(),
    operator,
    commandLine: process.argv.slice(2).map((word) => redactor.text(word).text),
    ...(rehearsal ? { rehearsal } : {}),
  };
}

function account(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? "unknown");
  }
}

/** systemd-timesyncd leaves a file once it has set the clock; other ways of keeping time are not known here, and said so. */
function clock(): Started["clock"] {
  const synchronised = existsSync("/run/systemd/timesync/synchronized");
  return { source: "system clock", synchronised: synchronised ? "yes" : "unknown" };
}
