// One reading of one file: what every part of the reader shares, and how one line goes through the grammar.
import { EOF, type IToken } from "chevrotain";
import { error, type Diagnostic, type Fix } from "../../text/diagnostic.ts";
import type { Span } from "../../text/source.ts";
import type { ClauseNode, IfNode } from "../tree.ts";
import { lineGrammar, type LineGrammar } from "./line-grammar.ts";
import type { Line, LineReader } from "./line-reader.ts";
import { spanIn, type LineText } from "./line-text.ts";
import { tokenise, type Cut } from "./tokenise.ts";
import { end, Quoted, type LineToken } from "./tokens.ts";
import { usages, valueForms, type Form } from "./usages.ts";

export interface Reading {
  readonly lines: LineReader;
  readonly findings: Diagnostic[];
  /** How deep the current block stands. */
  depth: number;
  /** The clauses of the last command: one that stands beside it, in the wrong column, is added to them. */
  lastClauses: ClauseNode[];
  /** The branches of each `if`, to which an `otherwise` after it is added. */
  readonly branches: WeakMap<IfNode["branches"], IfNode["branches"][number][]>;
  /** Reads a declaration that stands at this line, wherever that is. */
  readonly declare: (line: Line) => void;
  /** Reads what stands at this line as if it stood at the outermost level. */
  readonly outermost: (line: Line) => void;
}

/** What one rule of the grammar made of a line; undefined where the line could not be read, which is then said. */
export function readLine<T>(
  reading: Reading,
  line: Line,
  form: Form,
  rule: (grammar: LineGrammar) => T,
  raw?: Cut["raw"],
): T | undefined {
  const usage = usages[form];
  // Made before the tokens: it numbers their types.
  const grammar = lineGrammar();
  const cut: Cut = { as: usage.cut, holdsValues: valueForms.has(form), raw };
  const said = reading.findings.length;
  const {
    line: text,
    tokens,
    broken,
  } = tokenise(line, reading.lines, cut, (finding) => reading.findings.push(finding));
  const last = tokens.at(-1);
  if (last !== undefined) line.contentEnd = end(last);
  grammar.start(text, tokens);
  const result = rule(grammar);
  const [failure] = grammar.errors;
  if (failure !== undefined) {
    // A line is said to be wrong once: a string without an end, or what a document did to it, explains what follows.
    if (!broken && reading.findings.length === said)
      reading.findings.push(
        unread(text, tokens, { token: failure.token, wanted: failure.message, usage: usage.write }),
      );
    return undefined;
  }
  const [wrong] = grammar.wrong;
  if (wrong !== undefined && !broken)
    reading.findings.push(error("syntax", wrong.span, wrong.message, { fixes: wrong.fixes }));
  return result;
}

/** Passes a line whose finding was given, with the text of several lines that it may begin. */
export function passLine(reading: Reading, line: Line): void {
  tokenise(line, reading.lines, { as: "plain" }, () => undefined);
}

/** The whole line, without its comment and what is beneath it. */
export function lineSpan(line: Line): Span {
  return spanIn(line, 0, line.contentEnd);
}

/** The first word of a line. */
export function wordSpan(line: Line, word: string): Span {
  return spanIn(line, 0, Math.max(1, word.length));
}

function unread(
  line: LineText,
  tokens: readonly LineToken[],
  failure: { token: IToken; wanted: string; usage: string },
): Diagnostic {
  const { token, wanted, usage } = failure;
  const last = tokens.at(-1);
  if (token.tokenType === EOF) {
    const at = last === undefined ? 0 : end(last);
    const article = endsInArticle(tokens);
    if (article !== undefined)
      return error(
        "syntax",
        spanIn(line, at, at),
        `The line ends where a type is missing, as in: is ${article.image === "an" ? "an ip" : "a number"}\nIf the word itself is meant, write: is "${article.image}"`,
        { fixes: [{ span: spanIn(line, article.startOffset, at), text: `"${article.image}"`, safe: false }] },
      );
    return error("syntax", spanIn(line, at, at), `The line ends where ${wanted} is missing.\nWrite: ${usage}`);
  }
  const span = spanIn(line, token.startOffset, end(token));
  const shown = short(token.image);
  if (wanted === "") return error("syntax", span, `${shown} is more than this line takes.\nWrite: ${usage}`);
  const fixes = wanted === Quoted.LABEL ? quoteTheRest(line, tokens, token) : [];
  return error("syntax", span, `Here stands ${shown}, and ${wanted} is wanted.\nWrite: ${usage}`, { fixes });
}

/** The `a` or `an` of `is a TYPE`, where the line ends with it. */
function endsInArticle(tokens: readonly LineToken[]): LineToken | undefined {
  const [before, last] = tokens.slice(-2);
  return before?.image === "is" && (last?.image === "a" || last?.image === "an") ? last : undefined;
}

/** Words for people without their quotes: the rest of the line is put into quotes. */
function quoteTheRest(line: LineText, tokens: readonly LineToken[], from: IToken): readonly Fix[] {
  const rest = tokens.filter((token) => token.startOffset >= from.startOffset);
  const last = rest.at(-1);
  if (last === undefined || rest.some((token) => /["']|^(?:by|on|at|because)$/.test(token.image))) return [];
  const span = spanIn(line, from.startOffset, end(last));
  return [{ span, text: `"${line.text.slice(from.startOffset, end(last))}"`, safe: false }];
}

function short(image: string): string {
  const shown = image.length > 60 ? `${image.slice(0, 57)}…` : image;
  return /^["']/.test(shown) ? shown : `"${shown}"`;
}
