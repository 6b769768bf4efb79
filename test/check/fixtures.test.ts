// One folder a case: what is wrong is said exactly so, what is right is clean, and the fixes lead from one to the other.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkRunbook } from "../../src/check/check-runbook.ts";
import { showDiagnostic } from "../../src/text/code-frame.ts";
import type { Diagnostic } from "../../src/text/diagnostic.ts";
import { isLoadFailure, loadFile, type LoadFailure } from "../../src/text/load.ts";
import { makeSource, type Source } from "../../src/text/source.ts";

const root = join(import.meta.dirname, "..", "fixtures", "check");
const folders = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

describe("a runbook with one mistake", () => {
  it.each(folders)("gets exactly its finding: %s", (folder) => {
    const shown = check(folder, "wrong.runbook").map((finding) => showDiagnostic(finding));
    expectText(join(root, folder, "expected.txt"), `${shown.join("\n\n")}\n`);
    expect(shown.join("\n")).toMatch(new RegExp(`^(error|warning) ${codeOf(folder)} `, "m"));
  });

  it.each(folders)("is clean when it is written right: %s", (folder) => {
    expect(check(folder, "right.runbook").map((finding) => showDiagnostic(finding))).toEqual([]);
  });

  it.each(folders)("is mended by its fixes, where it has some: %s", (folder) => {
    const findings = check(folder, "wrong.runbook");
    const fixed = applyFixes(readFileSync(join(root, folder, "wrong.runbook"), "utf8"), findings);
    if (fixed === undefined) return;
    expectText(join(root, folder, "fixed.runbook"), fixed);
    const left = check(folder, "fixed.runbook").filter(({ code }) => code === codeOf(folder));
    expect(left.map((finding) => showDiagnostic(finding))).toEqual([]);
  });
});

/** A folder is named by its code; several cases of one code have something after `--`. */
function codeOf(folder: string): string {
  return folder.split("--")[0] ?? "";
}

function check(folder: string, file: string): readonly Diagnostic[] {
  const load = (path: string): Source | LoadFailure => {
    const loaded = loadFile(join(root, folder, path));
    return isLoadFailure(loaded)
      ? { ...loaded, problem: loaded.problem.replaceAll(join(root, folder, "/"), "") }
      : makeSource(path, loaded.text);
  };
  return checkRunbook({ path: file, load }).diagnostics;
}

function applyFixes(text: string, findings: readonly Diagnostic[]): string | undefined {
  const fixes = findings.flatMap(({ fixes: [first] }) => (first === undefined ? [] : [first]));
  if (fixes.length === 0) return undefined;
  return fixes
    .toSorted((a, b) => b.span.start - a.span.start)
    .reduce((out, { span, text: to }) => out.slice(0, span.start) + to + out.slice(span.end), text);
}

function expectText(path: string, text: string): void {
  if (process.env["UPDATE"] === "1") writeFileSync(path, text);
  expect(existsSync(path) ? readFileSync(path, "utf8") : "").toBe(text);
}
