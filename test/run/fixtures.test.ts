import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { Failure } from "../../src/run/failure.ts";
import type { NumberedEvent } from "../../src/run/record-table.ts";
import { runOf, type RunOf } from "../support/run-of.ts";
import { ScriptedHost, type Script } from "../support/scripted-host.ts";

const folder = fileURLToPath(new URL("../fixtures/run", import.meta.url));

/** `hosts.json`: what each host says, asks and ends with, by the beginning of the line that it gets. */
interface HostScript {
  readonly prompt?: string;
  readonly greeting?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly commands?: readonly {
    readonly holds: string;
    readonly ask?: string;
    readonly say?: string;
    readonly exit?: number;
  }[];
}

interface Case {
  readonly hosts: Readonly<Record<string, HostScript>>;
  readonly options?: RunOf["options"];
}

function scripted({ commands = [], ...options }: HostScript): ScriptedHost {
  const programs = commands.map(({ holds, ask, say, exit }): [RegExp, Script] => [
    new RegExp(holds),
    function* () {
      if (ask !== undefined) yield { ask };
      if (say !== undefined) yield { say };
      return exit ?? 0;
    },
  ]);
  return new ScriptedHost({ ...options, commands: programs });
}

/** An event on one line: what a reader of the run would be told of it. */
function shown(event: NumberedEvent): string {
  const { n, at, ms, type, source, step, ...rest } = event;
  const place = source === undefined ? "" : ` @${source.line}:${source.column}`;
  const plain = Object.entries(rest)
    .filter(
      ([key]) =>
        ![
          "durationMs",
          "wire",
          "run",
          "sources",
          "ordo",
          "runner",
          "clock",
          "operator",
          "commandLine",
          "format",
        ].includes(key),
    )
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  expect([at, ms].every((one) => one !== undefined)).toBe(true);
  return `${n} ${type}${step === undefined ? "" : ` step ${step}`}${place} ${plain.join(" ")}`.trimEnd();
}

function shownFailure({ span, place, ...failure }: Failure): string {
  expect(span?.source.path).toBe(place?.file);
  return `failure at ${place?.line ?? 0}:${place?.column ?? 0} ${JSON.stringify(failure, undefined, 2)}`;
}

describe("the run of", () => {
  it.each(readdirSync(folder))("%s is as expected", async (name) => {
    const path = (file: string) => join(folder, name, file);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own fixture
    const given = JSON.parse(readFileSync(path("hosts.json"), "utf8")) as Case;
    const hosts = Object.fromEntries(Object.entries(given.hosts).map(([host, script]) => [host, scripted(script)]));
    const { events, summary } = await runOf({
      text: readFileSync(path("case.runbook"), "utf8"),
      hosts,
      ...(given.options === undefined ? {} : { options: given.options }),
    });
    const sent = Object.entries(hosts).map(([host, { sent: lines }]) => `sent to ${host}: ${JSON.stringify(lines)}`);
    const actual =
      `${[...events.map(shown), "", ...sent, ...summary.failures.map(shownFailure)].join("\n")}\n`.replaceAll(
        /ordo-[a-z]+-[0-9a-f]{32}/g,
        "MARKER",
      );
    // Expectations are rewritten only on request, and the difference is read.
    if (process.env["UPDATE_FIXTURES"] === "1") writeFileSync(path("expected.txt"), actual);
    expect(actual).toBe(readFileSync(path("expected.txt"), "utf8"));
  });
});
