import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const folder = fileURLToPath(new URL("../../src/lab/", import.meta.url));

function readTable(): readonly string[] {
  const rows = readFileSync(join(folder, "texts.md"), "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| ") && line.includes("`"));
  return rows.flatMap((row) => [...(row.split(" | ")[1] ?? "").matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ""));
}

test("every text of the table is in the lab", () => {
  const parts = ["luna", "client", "ssh"].map((part) => join(folder, part));
  const files = parts.flatMap((part) => readdirSync(part).map((name) => join(part, name)));
  const source = files.map((file) => readFileSync(file, "utf8")).join("\n");
  const texts = readTable();
  expect(texts.length).toBeGreaterThan(80);
  const missing = texts.filter((text) => !text.split("…").every((piece) => source.includes(piece)));
  expect(missing).toEqual([]);
});
