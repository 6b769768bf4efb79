// A phrase: its words and slots, and its block for each kind of host.
import type { FactNode, PhraseBlockNode, PhraseNode, PhraseWordNode } from "../../language/tree.ts";
import type { Diagnostic } from "../../text/diagnostic.ts";
import { error } from "../../text/diagnostic.ts";
import type { Span } from "../../text/source.ts";
import { isDiagnostic, showType, textType, typeFromNode, unknownKind } from "../types.ts";
import type { Kind, Phrase, PhraseBlock, Slot, Type } from "../vocabulary.ts";
import { isReservedWord } from "./reserved-words.ts";

export interface PhraseSurroundings {
  readonly vocabulary: string;
  readonly kinds: ReadonlyMap<string, Kind>;
  /** Whether a kind that is not among `kinds` is a finding. */
  readonly judgesKinds: boolean;
  readonly diagnostics: Diagnostic[];
}

/** Optional words make a phrase's readings twice as many each. */
const mostOptionals = 6;

/** Reads a phrase; undefined where no line could ever be one. */
export function readPhrase(node: PhraseNode, around: PhraseSurroundings): Phrase | undefined {
  const { diagnostics } = around;
  const shown = node.shape.map(showWord).join(" ");
  const [first] = node.shape;
  if (first?.type !== "word") {
    diagnostics.push(
      error(
        "phrase-first-word",
        first?.span ?? node.span,
        "A phrase begins with a word of its own, so that a line can be told by it. Put a word before the slot.",
      ),
    );
    return undefined;
  }
  if (isReservedWord(first.text)) {
    diagnostics.push(
      error(
        "phrase-first-word",
        first.span,
        `"${first.text}" begins a form of the language, so no phrase can begin with it: a line would have two readings. Choose another first word.`,
      ),
    );
    return undefined;
  }
  if (node.shape.filter(({ type }) => type === "optional").length > mostOptionals) {
    diagnostics.push(
      error(
        "phrase-optionals",
        node.span,
        `A phrase has at most ${mostOptionals} optional parts, else nobody can say what a line of it does. Make two phrases of it.`,
      ),
    );
    return undefined;
  }
  const slots = readSlots(node, around);
  const core = coreName(around.vocabulary, first.text);
  const blocks = node.blocks.map((block) => readBlock(block, core !== undefined, around));
  if (blocks.length === 0) {
    diagnostics.push(
      error(
        "phrase-without-block",
        node.span,
        `Nothing says what "${shown}" does. Write "on KIND" beneath, and what happens there.`,
      ),
    );
  }
  checkBlocks(node.blocks, diagnostics);
  const names = new Set([...slots.map(({ name }) => name), "host"]);
  for (const block of node.blocks) for (const fact of block.facts) checkFact(fact, names, diagnostics);
  const about = node.about?.parts.map((part) => (part.type === "literal" ? part.text : "")).join("") ?? "";
  return {
    id: `${around.vocabulary}: ${shown}`,
    shown,
    vocabulary: around.vocabulary,
    about,
    slots,
    blocks,
    core,
    node,
  };
}

/** A phrase's word as it is shown: `register`, `<name>`, `[as <target>]`. */
function showWord(word: PhraseWordNode): string {
  switch (word.type) {
    case "word":
      return word.text;
    case "slot":
      return `<${word.name.text}>`;
    case "optional":
      return `[${word.words.map(showWord).join(" ")}]`;
  }
}

function readSlots(node: PhraseNode, around: PhraseSurroundings): readonly Slot[] {
  const slots: Slot[] = [];
  const spans = new Map<string, Span>();
  const add = (word: PhraseWordNode & { readonly type: "slot" }, optional: boolean): void => {
    const name = word.name.text;
    const other = spans.get(name);
    if (other !== undefined) {
      around.diagnostics.push(
        error("second-slot", word.name.span, `The phrase has a slot <${name}> already. Give this one another name.`, {
          notes: [{ message: "The first is here.", span: other }],
        }),
      );
      return;
    }
    if (name === "host") {
      around.diagnostics.push(
        error(
          "second-slot",
          word.name.span,
          'In a phrase {host} is where it runs, so no slot is called "host". Give this one another name, such as <server>.',
        ),
      );
    }
    spans.set(name, word.name.span);
    slots.push({ name, type: slotType(word, around), optional });
  };
  for (const word of node.shape) {
    if (word.type === "slot") add(word, false);
    if (word.type === "optional") for (const inner of word.words) if (inner.type === "slot") add(inner, true);
  }
  return slots;
}

function slotType(word: PhraseWordNode & { readonly type: "slot" }, around: PhraseSurroundings): Type {
  if (word.slotType === undefined) return textType;
  const type = typeFromNode(word.slotType, around.kinds);
  if (isDiagnostic(type)) {
    // Not judged: what is no type may be a kind of a vocabulary that was not given.
    if (!around.judgesKinds && word.slotType.type === "named-type")
      return { type: "host", kinds: word.slotType.names.map(({ text }) => text) };
    around.diagnostics.push(type);
    return textType;
  }
  if (type.type === "list" || type.type === "group") {
    around.diagnostics.push(
      error(
        "wrong-type",
        word.slotType.span,
        `A slot takes one word or one string, so it can't be a ${showType(type)}. Use "for each" around the phrase, or a text.`,
      ),
    );
    return textType;
  }
  return type;
}

function readBlock(node: PhraseBlockNode, isCore: boolean, around: PhraseSurroundings): PhraseBlock {
  if (around.judgesKinds) {
    for (const kind of node.kinds)
      if (!around.kinds.has(kind.text)) around.diagnostics.push(unknownKind(kind, around.kinds));
  }
  const before = node.before?.parts.map((part) => (part.type === "literal" ? part.text : "")).join("");
  if (node.before !== undefined && !/^\d+(?:[.-]\d+)*$/.test(before ?? "")) {
    around.diagnostics.push(
      error(
        "version-form",
        node.before.span,
        `"${before ?? ""}" is no version to be before: write numbers with dots, such as 5.0.`,
      ),
    );
  }
  return {
    kinds: isCore ? undefined : node.kinds.map(({ text }) => text),
    before,
    facts: node.facts,
    changesNothing: node.changesNothing !== undefined,
    destroys: node.destroys,
    logsIn: node.logsIn !== undefined,
    node,
  };
}

// Two blocks for one kind differ in their version.
function checkBlocks(blocks: readonly PhraseBlockNode[], diagnostics: Diagnostic[]): void {
  const seen = new Map<string, Span>();
  for (const block of blocks) {
    for (const kind of block.kinds) {
      const version = block.before?.parts.map((part) => (part.type === "literal" ? part.text : "")).join("") ?? "";
      const key = `${kind.text} ${version}`;
      const other = seen.get(key);
      if (other !== undefined) {
        diagnostics.push(
          error(
            "second-block",
            kind.span,
            `The phrase has a block for ${kind.text}${version === "" ? "" : ` before ${version}`} already, so nobody could say which of the two runs. Put them together.`,
            { notes: [{ message: "The first is here.", span: other }] },
          ),
        );
      }
      seen.set(key, other ?? kind.span);
    }
    if (block.changesNothing !== undefined && block.destroys !== undefined) {
      diagnostics.push(
        error(
          "nothing-and-destroys",
          block.destroys.span,
          'What "changes nothing" destroys nothing. Take one of the two lines out.',
          { notes: [{ message: "It is said here.", span: block.changesNothing }] },
        ),
      );
    }
  }
}

// A fact speaks of the slots and of {host}; a hole in it is `<_>`, and "after" has none.
function checkFact(fact: FactNode, names: ReadonlySet<string>, diagnostics: Diagnostic[]): void {
  for (const part of fact.parts) {
    if (part.type === "value" && !names.has(part.name.text)) {
      diagnostics.push(
        error(
          "unknown-name",
          part.span,
          `A fact speaks of the phrase's slots and of {host}, and "${part.name.text}" is none of them: ${[...names].map((name) => `{${name}}`).join(", ")}.`,
        ),
      );
    }
    if (part.type !== "hole") continue;
    if (part.name !== undefined) {
      diagnostics.push(
        error(
          "named-hole",
          part.span,
          `A fact binds no names: write <_> for anything, or <\\${part.name.text}> for the text itself.`,
        ),
      );
    } else if (fact.type === "after") {
      diagnostics.push(
        error("open-fact", part.span, 'What is so afterwards is said in full: <_> stands only in "before" and "ends".'),
      );
    }
  }
}

function coreName(vocabulary: string, firstWord: string): "fetch" | "send" | undefined {
  return vocabulary === "core" && (firstWord === "fetch" || firstWord === "send") ? firstWord : undefined;
}
