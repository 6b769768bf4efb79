// Declarations and the lines under them (section 5); kinds of host (section 8).
import { error } from "../../text/diagnostic.ts";
import { nearest } from "../../text/nearest.ts";
import type {
  DeclarationNode,
  DialogueLineNode,
  HostLineNode,
  KindLineNode,
  RunbookNode,
  StatementNode,
} from "../tree.ts";
import { readBeneath, readBlock, readFlat, sayEmpty } from "./blocks.ts";
import { passUnder } from "./clauses.ts";
import type { Line } from "./line-reader.ts";
import { firstWord, secondWord } from "./line-text.ts";
import { readPhrase } from "./phrases.ts";
import { rawStretch } from "./raw-stretch.ts";
import { lineSpan, passLine, readLine, wordSpan, type Reading } from "./reading.ts";
import { readStatement } from "./statements.ts";
import { declarationForm, type Form } from "./usages.ts";

/** Reads the declaration at `line`; undefined where it could not be read, which is then said. */
export function readDeclaration(reading: Reading, line: Line): DeclarationNode | undefined {
  const form = declarationForm(firstWord(line.text)) ?? "use";
  if (form === "runbook") return readRunbook(reading, line);
  if (form === "host") return readHost(reading, line);
  if (form === "kind") return readKind(reading, line);
  if (form === "phrase") return readPhrase(reading, line);
  if (form === "role" || form === "vocabulary") {
    const read = readLine(reading, line, form, (grammar) => grammar.titleLine());
    readBeneath(reading, line, (child) => reading.outermost(child));
    return read?.name === undefined
      ? undefined
      : { type: form, name: read.name, title: read.text, span: lineSpan(line) };
  }
  const node = readLine(reading, line, form, (grammar) => grammar.declaration(), rawStretch(line.text));
  readBeneath(reading, line, (child) => reading.outermost(child));
  return node;
}

const runbookForms = ["about", "source", "version", "owner", "assume"] as const;

function readRunbook(reading: Reading, header: Line): RunbookNode | undefined {
  const title = readLine(reading, header, "runbook", (grammar) => grammar.titleLine())?.text;
  const lines: RunbookNode["lines"][number][] = [];
  readFlat(reading, header, (line) => {
    const word = firstWord(line.text);
    const form = runbookForms.find((known) => known === word);
    if (form === undefined) {
      sayUnknownLine(reading, line, { under: "runbook", word, known: runbookForms });
      return;
    }
    const read = readLine(reading, line, form, (grammar) => grammar.titleLine());
    if (read?.text !== undefined) lines.push({ type: form, text: read.text, span: lineSpan(line) });
  });
  return title === undefined ? undefined : { type: "runbook", title, lines, span: lineSpan(header) };
}

const hostForms = {
  user: "user",
  port: "port",
  password: "password",
  sudo: "sudo",
  key: "key",
  via: "via",
  host: "hostKey",
  version: "version",
  allow: "allow",
  by: "bySystem",
} as const satisfies Record<string, Form>;

function readHost(reading: Reading, header: Line): DeclarationNode | undefined {
  const node = readLine(reading, header, "host", (grammar) => grammar.host());
  const lines: HostLineNode[] = [];
  readFlat(reading, header, (line) => {
    const word = firstWord(line.text);
    const form = new Map<string, Form>(Object.entries(hostForms)).get(word);
    if (form === undefined || (word === "host" && secondWord(line.text) !== "key")) {
      sayUnknownLine(reading, line, {
        under: "host",
        word,
        known: Object.keys(hostForms).map((known) => (known === "host" ? "host key" : known)),
      });
      return;
    }
    const read = readLine(reading, line, form, (grammar) => grammar.hostLine(), rawStretch(line.text));
    if (read !== undefined) lines.push(read);
  });
  return node === undefined ? undefined : { ...node, lines };
}

const kindForms = {
  dialogue: "dialogue",
  shell: "shell",
  files: "files",
  version: "versionFrom",
} as const satisfies Record<string, Form>;
const dialogueForms = {
  prompt: "prompt",
  verdict: "verdict",
  succeeds: "succeeds",
  fails: "fails",
  page: "page",
  cancel: "cancel",
  elevate: "elevate",
  on: "opening",
  quote: "quote",
  refuse: "refuse",
} as const satisfies Record<string, Form>;

function readKind(reading: Reading, header: Line): DeclarationNode | undefined {
  const title = readLine(reading, header, "kind", (grammar) => grammar.titleLine());
  const lines: KindLineNode[] = [];
  const forms = new Map<string, Form>(Object.entries(kindForms));
  readFlat(reading, header, (line) => {
    const word = firstWord(line.text);
    const form = forms.get(word);
    if (form === undefined) {
      sayUnknownLine(reading, line, {
        under: "kind",
        word,
        known: [...forms.keys()],
        further: Object.hasOwn(dialogueForms, word) ? `"${word}" stands under "dialogue".` : undefined,
      });
      return;
    }
    const read = readLine(reading, line, form, (grammar) => grammar.kindLine(), rawStretch(line.text));
    if (form === "dialogue") {
      const dialogue = readDialogue(reading, line);
      if (read !== undefined) lines.push({ type: "dialogue", lines: dialogue, span: read.span });
      return;
    }
    if (read !== undefined && isKindLine(read)) lines.push(read);
  });
  return title?.name === undefined
    ? undefined
    : { type: "kind", name: title.name, title: title.text, lines, span: lineSpan(header) };
}

function readDialogue(reading: Reading, header: Line): DialogueLineNode[] {
  const lines: DialogueLineNode[] = [];
  const forms = new Map<string, Form>(Object.entries(dialogueForms));
  const count = readFlat(reading, header, (line) => {
    const word = firstWord(line.text);
    const form = forms.get(word);
    if (form === undefined) {
      sayUnknownLine(reading, line, {
        under: "dialogue",
        word,
        known: [...forms.keys()],
        further: Object.hasOwn(kindForms, word) ? `"${word}" stands beside "dialogue", under "kind".` : undefined,
      });
      return;
    }
    const read = readLine(reading, line, form, (grammar) => grammar.kindLine(), rawStretch(line.text));
    if (form === "opening") {
      const block: StatementNode[] = [];
      const opened = readBlock(reading, line, (child) => readStatement(reading, child, "inside", block));
      if (opened === 0 && read !== undefined) sayEmpty(reading, line, "on opening");
      if (read !== undefined) lines.push({ type: "on-opening", block, span: read.span });
      return;
    }
    if (read !== undefined && !isKindLine(read)) lines.push(read);
  });
  if (count === 0) sayEmpty(reading, header, "dialogue");
  return lines;
}

function isKindLine(node: KindLineNode | DialogueLineNode): node is KindLineNode {
  return node.type === "dialogue" || node.type === "shell" || node.type === "files" || node.type === "version";
}

function sayUnknownLine(
  reading: Reading,
  line: Line,
  what: { under: string; word: string; known: readonly string[]; further?: string | undefined },
): void {
  const { under, word, known, further } = what;
  const span = wordSpan(line, word);
  const near = nearest(word, known);
  const list = `${known.slice(0, -1).join(", ")} and ${known.at(-1)}`;
  const advice = further ?? (near === undefined ? "" : `The nearest is: ${near}`);
  // Any other line of the language was likely meant to stand outside.
  const isOutside = declarationForm(word) !== undefined;
  reading.findings.push(
    error(
      isOutside || further !== undefined ? "misplaced" : "unknown-line",
      span,
      isOutside && further === undefined
        ? `"${word}" stands at the outermost level, and this line is under "${under}".\nBegin it in column 1.`
        : `Under "${under}" stand ${list}, and "${word}" is none of them.${advice === "" ? "" : `\n${advice}`}`,
      { fixes: near === undefined || further !== undefined || isOutside ? [] : [{ span, text: near, safe: false }] },
    ),
  );
  if (isOutside) {
    reading.declare(line);
    return;
  }
  passLine(reading, line);
  passUnder(reading, line);
}
