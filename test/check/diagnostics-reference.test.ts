import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

// grammar/diagnostics.md is made of the fixtures, which are run as tests elsewhere: what it shows is what the program says.
const root = join(import.meta.dirname, "..", "..");
const page = join(root, "grammar", "diagnostics.md");

interface Entry {
  readonly code: string;
  readonly severity: string;
  readonly wrong: string;
  readonly said: string;
  readonly right: string | undefined;
}

function entriesOf(folder: string): Entry[] {
  const entries = new Map<string, Entry>();
  const cases = readdirSync(join(root, "test", "fixtures", folder)).toSorted(
    (a, b) => a.length - b.length || (a < b ? -1 : 1),
  );
  for (const name of cases) {
    const read = (file: string): string | undefined => {
      const path = join(root, "test", "fixtures", folder, name, file);
      return existsSync(path) ? readFileSync(path, "utf8").trimEnd() : undefined;
    };
    const wrong = read("wrong.runbook");
    const said = read("expected.txt");
    if (wrong === undefined || said === undefined) continue;
    // A case of several findings is an entry for none of them: one mistake, one finding.
    const codes = [...said.matchAll(/^(error|warning) ([a-z-]+) {2}/gm)];
    const [, severity, code] = codes[0] ?? [];
    if (codes.length !== 1 || severity === undefined || code === undefined || entries.has(code)) continue;
    entries.set(code, { code, severity, wrong, said, right: read("right.runbook") });
  }
  return [...entries.values()];
}

function section({ code, severity, wrong, said, right }: Entry): string {
  const lines = [
    `## ${code}`,
    "",
    severity === "error" ? "An error." : "A warning.",
    "",
    "Wrong:",
    "",
    "````runbook",
    wrong,
    "````",
    "",
    "What is said:",
    "",
    "````",
    said,
    "````",
  ];
  if (right !== undefined) lines.push("", "Right:", "", "````runbook", right, "````");
  return lines.join("\n");
}

describe("grammar/diagnostics.md", () => {
  it("has an entry for each code, made of the fixtures (UPDATE=1 writes it anew)", () => {
    const entries = new Map([...entriesOf("parse"), ...entriesOf("check")].map((entry) => [entry.code, entry]));
    const sorted = [...entries.values()].toSorted((a, b) => (a.code < b.code ? -1 : 1));
    const text = [
      "# Findings",
      "",
      "Every finding of `ordo check` has a code. Each entry shows a runbook that is wrong, what is said of it, and one that is right.",
      "",
      sorted.map(section).join("\n\n"),
      "",
    ].join("\n");
    if (process.env["UPDATE"] === "1") writeFileSync(page, text);
    expect(sorted.length).toBeGreaterThan(50);
    expect(readFileSync(page, "utf8")).toBe(text);
  });
});
