// Checks texts that stand nowhere on a disk.
import { checkRunbook, type Checked } from "../../src/check/check-runbook.ts";
import { placeOf, makeSource, type Source } from "../../src/text/source.ts";
import type { LoadFailure } from "../../src/text/load.ts";

/** Hosts as in the contract's examples: an appliance and a Windows client, and two Linux servers. */
export const inventory = `use luna

host hsm: luna at 10.0.0.1
host client: windows at 10.0.0.2
host web1: linux at 10.0.0.3
host web2: linux at 10.0.0.4

group web: web1, web2
`;

/** Checks a runbook among other files, `hosts.runbook` with the usual hosts unless another is given. */
export function check(runbook: string, files: Readonly<Record<string, string>> = {}): Checked {
  const all: Readonly<Record<string, string>> = { "hosts.runbook": inventory, ...files, "it.runbook": runbook };
  const load = (path: string): Source | LoadFailure => {
    const text = Object.hasOwn(all, path) ? all[path] : undefined;
    return text === undefined || text === ""
      ? { problem: `There is no file ${path}.`, missing: true }
      : makeSource(path, text);
  };
  return checkRunbook({ path: "it.runbook", load });
}

/** Its findings as `code line:column`. */
export function codes({ diagnostics }: Checked): readonly string[] {
  return diagnostics.map(({ code, span }) => `${code} ${placeOf(span).line}:${placeOf(span).column}`);
}
