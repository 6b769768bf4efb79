// From a command back to its phrase: for procedures that are read, and sessions that were recorded.
import type { CommandNode, StatementNode } from "../language/tree.ts";
import type { PhraseIndex } from "./phrase-index.ts";
import { readAs } from "./types.ts";
import type { Phrase, PhraseBlock } from "./vocabulary.ts";

export interface PhraseForCommand {
  readonly phrase: Phrase;
  readonly block: PhraseBlock;
  /** Slot → the text in the command; for a slot of type host what its field held, such as the address. */
  readonly slots: ReadonlyMap<string, string>;
}

/**
 * The phrase that a command on a host of some kind is; of several, the one with the most text of its own. Only phrases
 * whose body is a single `run` (besides such that change nothing, which re-read the state) can be found. The program may
 * be named with or without its folder and `.exe`.
 */
export function phraseForCommand(command: string, kind: string, index: PhraseIndex): PhraseForCommand | undefined {
  const line = withoutFolder(command.trim());
  const flags = kind === "linux" || kind === "macos" ? "us" : "usi";
  let best: PhraseForCommand | undefined;
  let bestWeight = -1;
  for (const phrase of index.phrases) {
    for (const block of phrase.blocks) {
      if (block.kinds === undefined || !block.kinds.includes(kind)) continue;
      const template = onlyCommand(block.node.body);
      if (template === undefined) continue;
      const { source, names, weight } = commandSource(template);
      if (weight <= bestWeight) continue;
      const match = new RegExp(source, flags).exec(line);
      const slots = match === null ? undefined : slotsOf(phrase, names, match);
      if (slots === undefined) continue;
      best = { phrase, block, slots };
      bestWeight = weight;
    }
  }
  return best;
}

/** The single command of a body that changes something, or the single command at all. */
function onlyCommand(body: readonly StatementNode[]): CommandNode | undefined {
  if (!body.every((statement) => statement.type === "run")) return undefined;
  const changing =
    body.length === 1 ? body : body.filter((run) => !run.clauses.some(({ type }) => type === "changes-nothing"));
  const [only] = changing;
  return changing.length === 1 && only?.command.type === "command" ? only.command : undefined;
}

function commandSource(command: CommandNode): {
  readonly source: string;
  readonly names: readonly string[];
  readonly weight: number;
} {
  const names: string[] = [];
  let source = "";
  let weight = 0;
  let isFirst = true;
  for (const part of command.parts) {
    if (part.type === "value") {
      source += String.raw`("[^"]*"|'[^']*'|[^\s"']+?)`;
      names.push(part.name.text);
    } else {
      const text = isFirst ? withoutFolder(part.text.trimStart()) : part.text;
      weight += text.length;
      source += text
        .split(/(\s+)/)
        .map((piece) =>
          piece.trim() === ""
            ? piece === ""
              ? ""
              : String.raw`\s+`
            : piece.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`),
        )
        .join("");
    }
    isFirst = false;
  }
  return { source: `^${source.replace(/(?:\\s\+)+$/, "")}$`, names, weight };
}

function slotsOf(
  phrase: Phrase,
  names: readonly string[],
  match: RegExpExecArray,
): ReadonlyMap<string, string> | undefined {
  const slots = new Map<string, string>();
  for (const [position, name] of names.entries()) {
    const text = (match[position + 1] ?? "").replace(/^(["'])(.*)\1$/s, "$2");
    const slot = phrase.slots.find((candidate) => candidate.name === name);
    if (slot === undefined) continue;
    if ((slots.get(name) ?? text) !== text || !readAs(slot.type, text).ok) return undefined;
    slots.set(name, text);
  }
  return phrase.slots.every(({ name, optional }) => optional || slots.has(name)) ? slots : undefined;
}

// `"C:\Program Files\…\vtl.exe" verify`, `/usr/…/bin/vtl verify` and `vtl verify` are the same command.
function withoutFolder(command: string): string {
  const program = /^(?:& )?(?:"([^"]+)"|'([^']+)'|(\S+))/.exec(command);
  if (program === null) return command;
  const path = program[1] ?? program[2] ?? program[3] ?? "";
  return path.replace(/^.*[/\\](?=[^/\\]+$)/, "").replace(/\.exe$/i, "") + command.slice(program[0].length);
}
