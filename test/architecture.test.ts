import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

// Data flows one way: a folder imports only folders above it in this list.
const order = [
  "text",
  "language",
  "vocabulary",
  "inventory",
  "secrets",
  "check",
  "plan",
  "hosts",
  "run",
  "transcript",
  "report",
  "document",
  "lab",
  "editor",
  "cli",
];

/** Packages that only the function that needs them may import, when it runs. */
const heavy = ["ssh2", "zx", "node-forge", "@xterm/headless", "@clack/prompts"];

const root = resolve(import.meta.dirname, "..", "src");
const files = readdirSync(root, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.replaceAll("\\", "/"));

interface Import {
  readonly from: string;
  readonly what: string;
  readonly dynamic: boolean;
  readonly typeOnly: boolean;
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), "utf8");
  const found: Import[] = [];
  for (const match of text.matchAll(/^(?:import|export)\s+(type\s+)?(?:[^"';]*?\sfrom\s+)?"([^"]+)"/gm))
    found.push({ from: file, what: match[2] ?? "", dynamic: false, typeOnly: match[1] !== undefined });
  for (const match of text.matchAll(/(?<!typeof )import\("([^"]+)"\)/g))
    found.push({ from: file, what: match[1] ?? "", dynamic: true, typeOnly: false });
  return found;
}

const imports = files.flatMap(importsOf);
const inside = imports
  .filter(({ what }) => what.startsWith("."))
  .map((found) => ({
    ...found,
    to: relative(root, resolve(root, dirname(found.from), found.what)).replaceAll("\\", "/"),
  }));
const stageOf = (file: string): string => file.split("/")[0] ?? "";

describe("the architecture", () => {
  it("has no folder that the list of stages does not name", () => {
    const stages = new Set(files.map(stageOf));
    expect([...stages].filter((stage) => !order.includes(stage))).toEqual([]);
  });

  it("imports only from the same stage or one above it", () => {
    const wrong = inside.filter(({ from, to }) => order.indexOf(stageOf(to)) > order.indexOf(stageOf(from)));
    expect(wrong.map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
  });

  it("imports from another stage only the files directly in its folder", () => {
    const wrong = inside.filter(({ from, to }) => stageOf(from) !== stageOf(to) && to.split("/").length > 2);
    expect(wrong.map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
  });

  it("keeps folders no deeper than src/stage/part", () => {
    expect(files.filter((file) => file.split("/").length > 3)).toEqual([]);
  });

  it("has no circle of imports, types included", () => {
    const edges = new Map<string, string[]>();
    for (const { from, to } of inside) edges.set(from, [...(edges.get(from) ?? []), to]);
    const done = new Set<string>();
    const circles: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) {
        circles.push([...path.slice(path.indexOf(file)), file].join(" -> "));
        return;
      }
      if (done.has(file)) return;
      for (const next of edges.get(file) ?? []) visit(next, [...path, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
    expect(circles).toEqual([]);
  });

  it("imports heavy packages only when they are used", () => {
    const wrong = imports.filter(({ what, dynamic, typeOnly }) => heavy.includes(what) && !dynamic && !typeOnly);
    expect(wrong.map(({ from, what }) => `${from} -> ${what}`)).toEqual([]);
  });

  it("prints only from the command line", () => {
    const prints = files.filter(
      (file) =>
        stageOf(file) !== "cli" &&
        /\bconsole\.\w+\(|process\.(stdout|stderr)\.write/.test(readFileSync(join(root, file), "utf8")),
    );
    expect(prints).toEqual([]);
  });
});
