import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { personNeeds } from "../../src/plan/needs-person.ts";
import { planJson, previewPlan, showPlan } from "../../src/plan/preview.ts";
import { showDiagnostic } from "../../src/text/code-frame.ts";
import { planOf } from "../support/plan-of.ts";

const folder = fileURLToPath(new URL("../fixtures/plan", import.meta.url));

/** `set.txt`: NAME=VALUE a line; `\n` in a value is a line feed. */
function setOf(path: string): ReadonlyMap<string, string> {
  if (!existsSync(path)) return new Map();
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  return new Map(
    lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1).replaceAll("\\n", "\n")]),
  );
}

describe("the plan of", () => {
  it.each(readdirSync(folder))("%s is as expected", async (name) => {
    const path = join(folder, name, "case.runbook");
    const { plan, diagnostics } = await planOf({ path, set: setOf(join(folder, name, "set.txt")) });
    const shown = diagnostics.map((diagnostic) => showDiagnostic(diagnostic));
    if (plan !== undefined) {
      const steps = previewPlan(plan);
      const text = showPlan(steps, 80);
      for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
      for (const line of planJson(steps)) expect(JSON.parse(line)).toHaveProperty("lines");
      shown.push(
        text,
        ...personNeeds(plan).map(({ sentence }) => `needs a person: ${sentence}`),
        `secrets: ${plan.secrets.map((secret) => secret.name).join(", ")}`,
      );
    }
    const actual = `${shown.join("\n\n").replaceAll(`${folder}/${name}/`, "")}\n`;
    const expected = join(folder, name, "expected.txt");
    // Expectations are rewritten only on request, and the difference is read.
    if (process.env["UPDATE_FIXTURES"] === "1") writeFileSync(expected, actual);
    expect(actual, relative(process.cwd(), expected)).toBe(readFileSync(expected, "utf8"));
  });
});
