import { existsSync } from "node:fs";
import { hostname, release, type, userInfo } from "node:os";
import type { RunGiven } from "../run/run-given.ts";
import type { Redactor } from "../secrets/redactor.ts";
import { build, version } from "./version.ts";

type Started = RunGiven["started"];

interface Described {
  readonly sources: Started["sources"];
  readonly operator: Started["operator"];
  readonly redactor: Redactor;
  /** Whether the operator signs the seal at the end: a signature that is missing later is then seen. */
  readonly signs: boolean;
}

/** What the first record says of the run beside what the runbook says: by whom, with which program, on which machine. */
export function describeRun({ sources, operator, redactor, signs }: Described): Started {
  return {
    sources,
    ordo: { version, build },
    runner: {
      machine: hostname(),
      account: account(),
      system: `${type()} ${release()} ${process.arch}`,
      node: process.version,
    },
    clock: clock(),
    operator,
    ...(signs ? { signers: [{ name: operator.name, role: "operator" }] } : {}),
    commandLine: process.argv.slice(2).map((word) => redactor.text(word)),
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
