// Walks the physical lines of a file and hands out logical ones: comments and blank lines left out, continued
// lines joined, indentation measured. Texts of several lines are taken when the grammar meets their `"""`.
import { error, type Diagnostic } from "../../text/diagnostic.ts";
import type { Source } from "../../text/source.ts";
import { firstWord, isBlankCode, isOddBlankCode, spanIn, type LineText, type Piece } from "./line-text.ts";
import { commentStart } from "./quoted.ts";

/** A statement's line, without its indentation and without blanks at its end. */
export interface Line extends LineText {
  /** Columns of indentation, from 0. */
  readonly indent: number;
  /** The physical line it begins on, from 0. */
  readonly number: number;
  /** Whether its indentation holds a tab, which is a finding of its own. */
  readonly tabbed: boolean;
  /** Where its comment begins, or its text ends: known once its tokens are. */
  contentEnd: number;
}

/** A text of several lines, its first line's indentation taken off every line. */
export interface TextBlock {
  readonly body: LineText;
  /** Where its text ends in the source, the closing `"""` included where there is one. */
  readonly end: number;
}

/** What stands on which physical lines, for the formatter: lines count from 0, `end` is one past the last. */
export type LayoutItem =
  | { readonly type: "line"; readonly first: number; readonly end: number; readonly indent: number }
  /** The body of a text, and its closing `"""` on line `end` where there is one. */
  | { readonly type: "text"; readonly first: number; readonly end: number };

const tabColumns = 2;

/** Which lines are read, all where nothing is said; `layout` is told what they hold. */
export interface LineRange {
  readonly first?: number | undefined;
  readonly end?: number | undefined;
  readonly layout?: LayoutItem[] | undefined;
}

export class LineReader {
  readonly source: Source;
  readonly #report: (finding: Diagnostic) => void;
  readonly #end: number;
  #at: number;
  #ahead: Line | undefined;
  readonly #layout: LayoutItem[] | undefined;
  /** Lines of only `"""`, by their indentation; made when the first text is met. */
  #closers: { readonly byIndent: Map<string, number[]>; readonly all: number[] } | undefined;

  /** Reads the physical lines `first` to `end` (not included), counted from 0. */
  constructor(source: Source, report: (finding: Diagnostic) => void, range: LineRange = {}) {
    this.source = source;
    this.#report = report;
    this.#at = range.first ?? 0;
    this.#end = range.end ?? source.lineStarts.length;
    this.#layout = range.layout;
  }

  /** The next logical line, left where it is. Texts of the current line must have been taken. */
  peek(): Line | undefined {
    if (this.#ahead === undefined) {
      this.#ahead = this.#scan();
      if (this.#ahead !== undefined)
        this.#layout?.push({ type: "line", first: this.#ahead.number, end: this.#at, indent: this.#ahead.indent });
    }
    return this.#ahead;
  }

  next(): Line | undefined {
    const line = this.peek();
    this.#ahead = undefined;
    return line;
  }

  /** Takes the text that the `"""` at `at` of the line just read begins. */
  takeText(line: Line, at: number): TextBlock {
    const first = this.#at;
    const indentation = this.#indentation(line.number);
    const { byIndent, all } = this.#findClosers();
    const closer = firstFrom(byIndent.get(indentation) ?? [], first);
    if (closer !== undefined) {
      this.#at = closer + 1;
      this.#layout?.push({ type: "text", first, end: closer });
      return { body: this.#dedented(first, closer), end: this.#lineEnd(closer) };
    }
    return this.#takeUnclosed(line, at, first, firstFrom(all, first));
  }

  #takeUnclosed(line: Line, at: number, first: number, misplaced: number | undefined): TextBlock {
    const column = line.indent + 1;
    const opener = spanIn(line, at, at + 3);
    // A line that is indented no deeper than the one that began the text is likely the next statement.
    let last = first;
    while (
      last < this.#end &&
      last !== misplaced &&
      (this.#isBlank(last) || this.#indentation(last).length > line.indent)
    )
      last++;
    if (last === misplaced) {
      const start = this.source.lineStarts[last] ?? 0;
      const has = this.#indentation(last);
      const span = { source: this.source, start: start + has.length, end: start + has.length + 3 };
      this.#report(
        error(
          "unclosed-text",
          span,
          `This """ begins in column ${has.length + 1}, and the line that began the text in column ${column}: a text ends with """ indented like that line.`,
          {
            notes: [{ message: "The text begins here.", span: opener }],
            fixes: [
              {
                span: { source: this.source, start, end: start + has.length },
                text: this.#indentation(line.number),
                safe: false,
              },
            ],
          },
        ),
      );
      this.#at = last + 1;
      return { body: this.#dedented(first, last), end: this.#lineEnd(last) };
    }
    this.#report(
      error(
        "unclosed-text",
        opener,
        `No line of only """ ends this text.\nWrite """ on a line of its own after it, in column ${column} like the line that begins it.`,
      ),
    );
    this.#at = last;
    return { body: this.#dedented(first, last), end: last > first ? this.#lineEnd(last - 1) : opener.end };
  }

  #scan(): Line | undefined {
    const { text } = this.source;
    for (; this.#at < this.#end; this.#at++) {
      const number = this.#at;
      const start = this.source.lineStarts[number] ?? 0;
      const end = this.#lineEnd(number);
      let from = start;
      while (from < end && isBlankCode(text.charCodeAt(from))) from++;
      if (from === end) continue;
      if (text.charCodeAt(from) === 35 && (from + 1 === end || isBlankCode(text.charCodeAt(from + 1)))) continue;
      if (start === 0 && text.startsWith("#!")) continue;
      this.#at++;
      const { indent, tabbed } = this.#measure(start, from);
      const to = trimmedEnd(text, from, end);
      if (isContinued(text, from, to, from > start)) return this.#joined({ number, indent, tabbed, from, to });
      return {
        source: this.source,
        text: text.slice(from, to),
        offset: from,
        pieces: undefined,
        indent,
        number,
        tabbed,
        contentEnd: to - from,
      };
    }
    return undefined;
  }

  /** Joins a line that ends with a blank and `\` with those after it, by one blank. */
  #joined(first: { number: number; indent: number; tabbed: boolean; from: number; to: number }): Line {
    const { text } = this.source;
    const isRun = firstWord(text.slice(first.from, first.from + 10)) === "run";
    const pieces: Piece[] = [];
    const texts: string[] = [];
    let length = 0;
    let { from, to } = first;
    let quote = "";
    for (;;) {
      const comment = isRun ? { at: undefined, quote } : commentStart(text.slice(from, to), quote);
      quote = comment.quote;
      const goesOn = comment.at === undefined && isContinued(text, from, to, true);
      const cut = goesOn ? trimmedEnd(text, from, to - 1) : to;
      pieces.push({ at: length, offset: from });
      const part = text.slice(from, cut);
      texts.push(part);
      length += part.length;
      if (!goesOn || this.#at >= this.#end) break;
      // The joining blank lies at the end of its piece in the source too: there is always one before the `\`.
      texts.push(" ");
      length += 1;
      const start = this.source.lineStarts[this.#at] ?? 0;
      const end = this.#lineEnd(this.#at++);
      from = start;
      while (from < end && isBlankCode(text.charCodeAt(from))) from++;
      to = trimmedEnd(text, from, end);
    }
    const all = texts.join("");
    const end = trimmedEnd(all, 0, all.length);
    return {
      source: this.source,
      text: all.slice(0, end),
      contentEnd: end,
      offset: first.from,
      pieces,
      indent: first.indent,
      number: first.number,
      tabbed: first.tabbed,
    };
  }

  /** Columns of an indentation; tabs and odd blanks in it are findings. */
  #measure(start: number, from: number): { indent: number; tabbed: boolean } {
    const { text } = this.source;
    let tabs = 0;
    let odd = 0;
    for (let at = start; at < from; at++) {
      const code = text.charCodeAt(at);
      if (code === 9) tabs++;
      else if (isOddBlankCode(code)) odd++;
    }
    const indent = from - start + tabs * (tabColumns - 1);
    if (tabs > 0 || odd > 0) {
      const span = { source: this.source, start, end: from };
      const fixes = [{ span, text: " ".repeat(indent), safe: true }];
      this.#report(
        tabs > 0
          ? error(
              "tab-indentation",
              span,
              `This line is indented with ${tabs === 1 ? "a tab" : "tabs"}, which every editor shows at another width.\nIndent with blanks.`,
              { fixes },
            )
          : error(
              "typography",
              span,
              "This indentation holds a no-break space, as documents use, which is no blank to a program.\nWrite blanks.",
              { fixes },
            ),
      );
    }
    return { indent, tabbed: tabs > 0 };
  }

  #findClosers(): { readonly byIndent: Map<string, number[]>; readonly all: number[] } {
    if (this.#closers !== undefined) return this.#closers;
    const byIndent = new Map<string, number[]>();
    const all: number[] = [];
    const { text } = this.source;
    for (let at = text.indexOf('"""'); at !== -1; at = text.indexOf('"""', at + 3)) {
      const line = this.#lineOf(at);
      const indentation = this.#indentation(line);
      const start = this.source.lineStarts[line] ?? 0;
      if (start + indentation.length !== at || trimmedEnd(text, at, this.#lineEnd(line)) !== at + 3) continue;
      all.push(line);
      const same = byIndent.get(indentation);
      if (same === undefined) byIndent.set(indentation, [line]);
      else same.push(line);
    }
    this.#closers = { byIndent, all: all.filter((line) => line < this.#end) };
    for (const [key, lines] of byIndent)
      byIndent.set(
        key,
        lines.filter((line) => line < this.#end),
      );
    return this.#closers;
  }

  #lineOf(offset: number): number {
    const starts = this.source.lineStarts;
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Lines `first` to `end` (not included), less the indentation of the first that isn't blank, joined by LF. */
  #dedented(first: number, end: number): LineText {
    let model = first;
    while (model < end && this.#isBlank(model)) model++;
    const width = model < end ? this.#indentation(model).length : 0;
    const pieces: Piece[] = [];
    const texts: string[] = [];
    let at = 0;
    for (let number = first; number < end; number++) {
      const start = this.source.lineStarts[number] ?? 0;
      const from = start + Math.min(width, this.#indentation(number).length);
      const part = this.source.text.slice(from, this.#lineEnd(number));
      pieces.push({ at, offset: from });
      texts.push(part);
      at += part.length + 1;
    }
    return {
      source: this.source,
      text: texts.join("\n"),
      offset: pieces[0]?.offset ?? this.source.lineStarts[first] ?? this.source.text.length,
      pieces,
    };
  }

  #isBlank(number: number): boolean {
    return (this.source.lineStarts[number] ?? 0) + this.#indentation(number).length >= this.#lineEnd(number);
  }

  #indentation(number: number): string {
    const start = this.source.lineStarts[number] ?? 0;
    const end = this.#lineEnd(number);
    let at = start;
    while (at < end && isBlankCode(this.source.text.charCodeAt(at))) at++;
    return this.source.text.slice(start, at);
  }

  /** Where a physical line's text ends, its CR and LF left out. */
  #lineEnd(number: number): number {
    const next = this.source.lineStarts[number + 1];
    const end = next === undefined ? this.source.text.length : next - 1;
    const start = this.source.lineStarts[number] ?? 0;
    return end > start && this.source.text.charCodeAt(end - 1) === 13 ? end - 1 : end;
  }
}

function trimmedEnd(text: string, from: number, end: number): number {
  let to = end;
  while (to > from && isBlankCode(text.charCodeAt(to - 1))) to--;
  return to;
}

/** Whether a line ends with a blank and `\`. */
function isContinued(text: string, from: number, to: number, isIndented: boolean): boolean {
  if (to <= from || text.charCodeAt(to - 1) !== 92) return false;
  return to - 1 > from ? isBlankCode(text.charCodeAt(to - 2)) : isIndented;
}

/** The first of some ascending numbers that is at least `from`. */
function firstFrom(numbers: readonly number[], from: number): number | undefined {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  return numbers[low];
}
