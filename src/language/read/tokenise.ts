// Cuts one line into the tokens that its form is made of.
import type { TokenType } from "chevrotain";
import { error, type Diagnostic } from "../../text/diagnostic.ts";
import type { Line, LineReader, TextBlock } from "./line-reader.ts";
import { isBlankCode, spanIn, type LineText } from "./line-text.ts";
import { beginsComment, beginsRegex, endOfRegex, endOfString } from "./quoted.ts";
import {
  Close,
  Colon,
  Comma,
  Lines,
  Open,
  RawCommand,
  Regex,
  Slot,
  StringToken,
  Word,
  wordType,
  type LineToken,
} from "./tokens.ts";
import { maybeDamaged, repairLine } from "./typography.ts";
import { readSlot } from "./parts.ts";

/** How a line is cut: `pattern` forms may hold a `/regex/`, `shape` is a phrase's definition with its slots. */
export interface Cut {
  readonly as: "plain" | "pattern" | "shape";
  /** Whether its strings are values, and not words for people or patterns. */
  readonly holdsValues?: boolean | undefined;
  /** A stretch that is a command. */
  readonly raw?: { readonly from: number; readonly to: number } | undefined;
}

export interface Tokenised {
  /** The line, its typographic damage repaired. */
  readonly line: LineText;
  readonly tokens: LineToken[];
  /** Whether a string, text or regex has no end, so that nothing else is said of this line. */
  readonly broken: boolean;
}

/** The tokens of a line; a text of several lines that it begins is taken from the reader. */
export function tokenise(given: Line, reader: LineReader, cut: Cut, report: (finding: Diagnostic) => void): Tokenised {
  let line: LineText = given;
  if (maybeDamaged(given.text)) {
    const repaired = repairLine(given, {
      takesPattern: cut.as === "pattern",
      holdsValues: cut.holdsValues === true,
      raw: cut.raw,
    });
    for (const finding of repaired.findings) report(finding);
    line = { ...given, text: repaired.text };
  }
  const { text } = line;
  const { length } = text;
  const tokens: LineToken[] = [];
  let broken = false;
  const push = (tokenType: TokenType, from: number, to: number, lines?: TextBlock): void => {
    // chevrotain matches tokens by the number of their type, which every made type has.
    const tokenTypeIdx = tokenType.tokenTypeIdx ?? 0;
    tokens.push({ image: text.slice(from, to), startOffset: from, endOffset: to - 1, tokenTypeIdx, tokenType, lines });
  };
  const unclosed = (code: string, at: number, message: string, fix: string): void => {
    if (!broken) {
      const end = spanIn(line, length, length);
      report(error(code, spanIn(line, at, length), message, { fixes: [{ span: end, text: fix, safe: false }] }));
    }
    broken = true;
  };
  const glued = (at: number, what: string): void => {
    if (at >= length || isBlankCode(text.charCodeAt(at)) || broken) return;
    report(
      error(
        "syntax",
        spanIn(line, at, at + 1),
        `This stands directly after ${what}.\nWrite a blank between them, or put all of it in quotes.`,
      ),
    );
    broken = true;
  };

  let before = "";
  for (let at = 0; at < length;) {
    const code = text.charCodeAt(at);
    if (cut.raw !== undefined && at === cut.raw.from) {
      if (cut.raw.to > at) push(RawCommand, at, cut.raw.to);
      at = Math.max(cut.raw.to, at + 1);
      continue;
    }
    if (isBlankCode(code)) {
      at++;
      continue;
    }
    if (beginsComment(text, at)) break;
    if (code === 34 && at + 3 === length && text.startsWith('"""', at)) {
      const block = reader.takeText(given, at);
      push(Lines, at, length, block);
      break;
    }
    if (code === 34 || code === 39) {
      const close = endOfString(text, at);
      if (close === -1) {
        const quote = text.charAt(at);
        unclosed(
          "unclosed-string",
          at,
          `No ${quote} ends this text on its line.\nWrite ${quote} after its last word. A text of several lines begins with """ at the line's end.`,
          quote,
        );
      }
      const end = close === -1 ? length : close + 1;
      push(StringToken, at, end);
      at = punctuation(end);
      // `]` closes optional words directly.
      if (at === end && !(cut.as === "shape" && text.charCodeAt(at) === 93)) glued(at, "a text in quotes");
      before = "";
      continue;
    }
    if (code === 47 && cut.as === "pattern" && (beginsRegex(before) || (before === "with" && cut.raw !== undefined))) {
      const close = endOfRegex(text, at);
      if (close === -1)
        unclosed(
          "unclosed-regex",
          at,
          'No "/" ends this regex on its line.\nWrite / after it. A path is written in quotes here.',
          "/",
        );
      const end = close === -1 ? length : close + 1;
      push(Regex, at, end);
      glued(end, "a regex");
      at = end;
      before = "";
      continue;
    }
    if (cut.as === "shape" && shape(at, code)) {
      at = (tokens.at(-1)?.endOffset ?? at) + 1;
      continue;
    }
    const from = at;
    const limit = cut.raw !== undefined && cut.raw.from > at ? cut.raw.from : length;
    while (at < limit && !isBlankCode(text.charCodeAt(at)) && !(cut.as === "shape" && text.charCodeAt(at) === 93)) at++;
    const last = text.charCodeAt(at - 1);
    const end = at - 1 > from && (last === 44 || last === 58) ? at - 1 : at;
    if (end === at && end - from === 1 && (last === 44 || last === 58)) push(last === 44 ? Comma : Colon, from, at);
    else {
      before = text.slice(from, end);
      push(cut.as === "shape" && tokens.length > 0 ? Word : wordType(before), from, end);
      if (end < at) push(last === 44 ? Comma : Colon, end, at);
    }
  }
  return { line, tokens, broken };

  /** A `,` or `:` directly after a string, before a blank. */
  function punctuation(at: number): number {
    const code = text.charCodeAt(at);
    if ((code !== 44 && code !== 58) || (at + 1 < length && !isBlankCode(text.charCodeAt(at + 1)))) return at;
    push(code === 44 ? Comma : Colon, at, at + 1);
    return at + 1;
  }

  /** `[`, `]` and `<name: type>` of a phrase's definition. */
  function shape(at: number, code: number): boolean {
    if (code === 91 || code === 93) {
      push(code === 91 ? Open : Close, at, at + 1);
      return true;
    }
    if (code !== 60) return false;
    const close = text.indexOf(">", at);
    if (close === -1 || readSlot(line, at, close + 1) === undefined) {
      if (!broken)
        report(
          error(
            "syntax",
            spanIn(line, at, at + 1),
            'What "<" begins is no slot.\nWrite <name>, or <name: type> with a blank after the colon.',
          ),
        );
      broken = true;
      return false;
    }
    push(Slot, at, close + 1);
    return true;
  }
}
