// Runs the commands of a shipped phrase in a real sh, and judges them by the phrase's own clauses: whether its texts are
// those that the real programs print. (The program's own interpreter has tests of its own.)
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import type { ClauseNode, TextNode, ValuePart } from "../../src/language/tree.ts";
import { compilePattern, isCompiled } from "../../src/vocabulary/pattern.ts";
import { shipped, wordsOf } from "./shipped-index.ts";

export type Judged = "done" | "already so" | `failed: ${string}`;

/** Runs a line on this machine in a folder; `answers` reach the program's standard input. */
export function runLine(
  line: string,
  vocabulary: string,
  folder: string,
  values: Readonly<Record<string, string>> = {},
): Judged {
  const [match] = shipped().index.find(wordsOf(line).words, vocabulary);
  const block = match?.phrase.blocks.find(({ kinds }) => kinds?.includes("linux"));
  if (match === undefined || block === undefined) throw new Error(`${line} is no phrase for linux`);
  const slots = new Map([...match.slots].map(([name, node]) => [name, filled(node, values)]));
  let outcome: Judged = "done";
  for (const statement of block.node.body) {
    if (statement.type !== "run") throw new Error(`${line} does more than run`);
    const judged = runOne(
      statement.command.type === "script" ? statement.command.text : shellLine(statement.command.parts, slots),
      statement,
      slots,
      folder,
    );
    if (judged.startsWith("failed")) return judged;
    if (judged === "already so") outcome = judged;
  }
  return outcome;
}

function runOne(
  command: string,
  statement: { readonly command: { readonly type: "command" | "script" }; readonly clauses: readonly ClauseNode[] },
  slots: ReadonlyMap<string, string>,
  folder: string,
): Judged {
  const { clauses } = statement;
  const env: NodeJS.ProcessEnv = { ...process.env };
  let input = "";
  let shell = "sh";
  let statuses: readonly number[] = [0];
  const text = (node: TextNode): string => textOf(node, slots);
  for (const clause of clauses) {
    if (clause.type === "with" && clause.value.type === "text") env[clause.name.text] = text(clause.value);
    if (clause.type === "answer") input += `${text(clause.value)}\n`;
    if (clause.type === "using") shell = clause.shell.text;
    if (clause.type === "expect-exit") statuses = clause.statuses.map(({ value }) => value);
    if (clause.type === "already-so-condition") {
      if (clause.condition.type !== "file-exists") throw new Error("a condition that this test does not know");
      const path = text(clause.condition.path);
      if (existsSync(isAbsolute(path) ? path : join(folder, path))) return "already so";
    }
  }
  const args = statement.command.type === "script" ? ["-e", "-c", command] : ["-c", command];
  const { stdout, stderr, status } = spawnSync(shell, args, { cwd: folder, env, input, encoding: "utf8" });
  const output = stdout + stderr;
  return judge({ output, status: status ?? -1, statuses }, clauses, slots);
}

/** What a phrase's clauses make of an output; a dialogue has no exit status (0), its verdict is the kind's. */
export function judge(
  ended: { readonly output: string; readonly status: number; readonly statuses: readonly number[] },
  clauses: readonly ClauseNode[],
  slots: ReadonlyMap<string, string>,
): Judged {
  const { output, status, statuses } = ended;
  const holds = (node: Parameters<typeof compilePattern>[0]): boolean => {
    const compiled = compilePattern(node, (value: ValuePart) => slots.get(value.name.text));
    if (!isCompiled(compiled)) throw new Error(compiled.message);
    return compiled.first(output) !== undefined;
  };
  for (const clause of clauses) {
    if (clause.type !== "fails-when" || !holds(clause.pattern)) continue;
    return `failed: ${clause.because === undefined ? output : textOf(clause.because, slots)}`;
  }
  for (const clause of clauses) if (clause.type === "already-so-pattern" && holds(clause.pattern)) return "already so";
  if (!statuses.includes(status)) return `failed: exit ${status} ${output}`;
  for (const clause of clauses)
    if (clause.type === "expect-pattern" && holds(clause.pattern) === clause.no)
      return `failed: not as expected: ${output}`;
  return "done";
}

function textOf(node: TextNode, slots: ReadonlyMap<string, string>): string {
  return node.parts.map((part) => (part.type === "literal" ? part.text : (slots.get(part.name.text) ?? ""))).join("");
}

function shellLine(
  parts: readonly ({ readonly type: "literal"; readonly text: string } | ValuePart)[],
  slots: ReadonlyMap<string, string>,
): string {
  return parts
    .map((part) =>
      part.type === "literal" ? part.text : `'${(slots.get(part.name.text) ?? "").replaceAll("'", String.raw`'\''`)}'`,
    )
    .join("");
}

function filled(node: TextNode, values: Readonly<Record<string, string>>): string {
  return node.parts.map((part) => (part.type === "literal" ? part.text : (values[part.name.text] ?? ""))).join("");
}
