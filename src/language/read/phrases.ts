// Phrase definitions (section 8): the shape, what it does, and one block for each kind of host.
import { error } from "../../text/diagnostic.ts";
import type { FactNode, PhraseBlockNode, PhraseNode, StatementNode, TextNode } from "../tree.ts";
import { readFlat, sayEmpty } from "./blocks.ts";
import { passUnder } from "./clauses.ts";
import type { Line } from "./line-reader.ts";
import { firstWord, secondWord } from "./line-text.ts";
import { lineSpan, passLine, readLine, type Reading } from "./reading.ts";
import { readStatement, readUndo, sayMisplaced, sayOutermost } from "./statements.ts";
import { declarationForm, type Form } from "./usages.ts";

/** The phrase at `line`, with what is beneath it; undefined where its shape could not be read. */
export function readPhrase(reading: Reading, header: Line): PhraseNode | undefined {
  const shape = readLine(reading, header, "phrase", (grammar) => grammar.shape());
  let about: TextNode | undefined;
  const blocks: PhraseBlockNode[] = [];
  let saidLoose = false;
  readFlat(reading, header, (line) => {
    const word = firstWord(line.text);
    if (word.startsWith('"') || word.startsWith("'") || /^[\u2018-\u201f]/.test(word)) {
      const read = readLine(reading, line, "describe", (grammar) => grammar.phraseLine());
      if (read?.type === "about") {
        if (about !== undefined)
          reading.findings.push(
            error("syntax", read.text.span, "A phrase is described once.", {
              notes: [{ message: "It is described here.", span: about.span }],
            }),
          );
        about ??= read.text;
      }
      return;
    }
    if (word === "on") {
      const block = readKindBlock(reading, line);
      if (block !== undefined) blocks.push(block);
      return;
    }
    if (declarationForm(word) !== undefined) {
      sayOutermost(reading, line, word);
      reading.declare(line);
      return;
    }
    if (!saidLoose) {
      saidLoose = true;
      sayMisplaced(
        reading,
        line,
        word,
        `What a phrase does stands in a block for a kind of host, and "${word}" stands directly under "phrase".\nWrite "on KIND" above it, and indent it under that line.`,
      );
    }
    passLine(reading, line);
    passUnder(reading, line);
  });
  return shape === undefined ? undefined : { type: "phrase", shape, about, blocks, span: lineSpan(header) };
}

function readKindBlock(reading: Reading, header: Line): PhraseBlockNode | undefined {
  const kinds = readLine(reading, header, "kinds", (grammar) => grammar.phraseLine());
  const facts: FactNode[] = [];
  const body: StatementNode[] = [];
  let changesNothing: PhraseBlockNode["changesNothing"];
  let destroys: TextNode | undefined;
  let logsIn: PhraseBlockNode["logsIn"];
  let undo: StatementNode[] | undefined;
  let undoLine: Line | undefined;
  let saidUndo = false;
  const count = readFlat(reading, header, (line) => {
    if (undoLine !== undefined && !saidUndo) {
      saidUndo = true;
      sayMisplaced(
        reading,
        undoLine,
        "undo",
        '"undo" is the last block, and other lines follow this one.\nMove it below them.',
      );
    }
    const word = firstWord(line.text);
    if (word === "undo") {
      undoLine ??= line;
      undo ??= [];
      readUndo(reading, line, undo);
      return;
    }
    const form = factForm(line.text, word);
    if (form === undefined) {
      readStatement(reading, line, "inside", body);
      return;
    }
    const read = readLine(reading, line, form, (grammar) => grammar.phraseLine());
    if (read === undefined) return;
    const span = lineSpan(line);
    if (read.type === "fact") facts.push(read.fact);
    else if (read.type === "changes-nothing") changesNothing = span;
    else if (read.type === "logs-in") logsIn = span;
    else if (read.type === "destroys") destroys = read.what;
  });
  if (kinds?.type !== "kinds") return undefined;
  if (count === 0) sayEmpty(reading, header, "on");
  return {
    kinds: kinds.kinds,
    before: kinds.before,
    facts,
    changesNothing,
    destroys,
    logsIn,
    body,
    undo,
    span: lineSpan(header),
  };
}

/** The lines of a phrase's block that are no statements. */
function factForm(text: string, word: string): Form | undefined {
  switch (word) {
    case "before":
    case "after":
    case "ends":
    case "changes":
    case "destroys":
      return word;
    case "logs":
      // `logs` alone is free: only `logs in` is a form, and only here.
      return secondWord(text) === "in" && /^logs[ \t]+in[ \t]*(?:#|$)/.test(text) ? "logs" : undefined;
    default:
      return undefined;
  }
}
