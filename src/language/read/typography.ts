// What a word processor did to a procedure: dashes for hyphens, curly quotes, no-break spaces, a full stop after an
// address. Each is one finding with its fix, and the line is read on as if it had been repaired.
import { error, type Diagnostic } from "../../text/diagnostic.ts";
import { isBlankCode, isOddBlankCode, spanIn, type LineText } from "./line-text.ts";
import { beginsComment, beginsRegex, endOfRegex, endOfString } from "./quoted.ts";

const suspicious = /[\u00a0\u2000-\u200a\u202f\u205f\u3000\u2010-\u2015\u2212\u2018-\u201f]|\d\.(?=[\s,:]|$)/;
const address = /^[0-9]{1,3}(?:\.[0-9]{1,3}){3}\.$/;

/** A line's text as it was meant, of the same length, so that places stay true. */
export interface Repaired {
  readonly text: string;
  readonly findings: readonly Diagnostic[];
}

/** Whether a text may hold damage at all; most have none. */
export function maybeDamaged(text: string): boolean {
  return suspicious.test(text);
}

/**
 * Repairs words and the quotes around strings; what stands in strings, regexes and comments stays.
 * @param raw a stretch that is a command: quotes in it are the host's
 */
export function repairLine(
  line: LineText,
  options: { takesPattern: boolean; holdsValues: boolean; raw: { from: number; to: number } | undefined },
): Repaired {
  const repair = new Repair(line);
  const { text } = line;
  let before = "";
  for (let at = 0; at < text.length;) {
    const code = text.charCodeAt(at);
    if (options.raw !== undefined && at >= options.raw.from && at < options.raw.to) {
      repair.command(at, options.raw.to);
      at = options.raw.to;
    } else if (isBlankCode(code)) at = repair.blanks(at, text.length);
    else if (beginsComment(text, at)) break;
    else if (code === 34 || code === 39) {
      const close = endOfString(text, at);
      if (options.holdsValues && close !== -1) repair.string(at + 1, close);
      at = after(close, text);
    } else if (code === 47 && options.takesPattern && beginsRegex(before)) at = after(endOfRegex(text, at), text);
    else if (isCurly(code) && repair.closingQuote(at, text.length) !== -1) at = repair.quotes(at, text.length);
    else {
      const end = repair.word(at, options.raw !== undefined && at < options.raw.from ? options.raw.from : text.length);
      before = text.slice(at, end);
      at = end;
    }
  }
  return repair.done();
}

/** Repairs a command from `from` on; what stands in the host's own straight quotes stays. */
export function repairCommand(line: LineText, from: number): Repaired {
  const repair = new Repair(line);
  // The blank between `run` and the command may be damaged too.
  repair.command(repair.blanks(from, line.text.length), line.text.length);
  return repair.done();
}

class Repair {
  readonly #line: LineText;
  readonly #findings: Diagnostic[] = [];
  readonly #changes: { at: number; text: string }[] = [];
  readonly #unclosed = new Set<string>();

  constructor(line: LineText) {
    this.#line = line;
  }

  done(): Repaired {
    const { text } = this.#line;
    const parts: string[] = [];
    let from = 0;
    for (const change of this.#changes.toSorted((a, b) => a.at - b.at)) {
      parts.push(text.slice(from, change.at), change.text);
      from = change.at + 1;
    }
    parts.push(text.slice(from));
    return { text: parts.join(""), findings: this.#findings };
  }

  command(from: number, end: number): void {
    const { text } = this.#line;
    for (let at = from; at < end;) {
      const code = text.charCodeAt(at);
      if (isBlankCode(code)) at = this.blanks(at, end);
      else if (code === 34 || code === 39) {
        const close = endOfString(text, at);
        at = close === -1 || close >= end ? at + 1 : close + 1;
      } else if (isCurly(code) && this.closingQuote(at, end) !== -1) at = this.quotes(at, end);
      else at = this.word(at, end);
    }
  }

  /** A string that is a value, not words for people: programs will read it. */
  string(from: number, end: number): void {
    const { text } = this.#line;
    for (let at = from; at < end;) {
      const code = text.charCodeAt(at);
      if (isBlankCode(code)) at = this.blanks(at, end);
      // A dash between words, and an apostrophe, are a sentence's own.
      else if (isDash(code) && !/[\p{L}\p{N}]/u.test(text.charAt(at + 1))) at++;
      else at = this.word(at, end, text.charAt(from - 1));
    }
  }

  /** Passes blanks; a run of odd ones is one finding. */
  blanks(from: number, end: number): number {
    const { text } = this.#line;
    let at = from;
    while (at < end && isBlankCode(text.charCodeAt(at))) {
      let to = at;
      while (to < end && isOddBlankCode(text.charCodeAt(to))) this.#changes.push({ at: to++, text: " " });
      if (to > at) {
        const span = spanIn(this.#line, at, to);
        this.#findings.push(
          error(
            "typography",
            span,
            "This is a no-break space, as documents use, which is no blank to a program.\nWrite a blank.",
            {
              fixes: [{ span, text: " ".repeat(to - at), safe: true }],
            },
          ),
        );
      }
      at = Math.max(to, at + 1);
    }
    return at;
  }

  /** Passes a word, up to a blank or a quote that begins a string; `within` is the quote of the string it stands in. */
  word(from: number, end: number, within = ""): number {
    const { text } = this.#line;
    let at = from;
    if (isDash(text.charCodeAt(at))) this.#dash(at++, end);
    while (at < end && !isBlankCode(text.charCodeAt(at))) {
      const code = text.charCodeAt(at);
      if (isCurly(code) && within !== "") {
        if (isDoubleCurly(code)) this.#loneQuote(at, within === '"' ? "'" : '"');
      } else if (isCurly(code)) {
        if (this.closingQuote(at, end) !== -1) return this.quotes(at, end);
        this.#loneQuote(at, isDoubleCurly(code) ? '"' : "'");
      }
      at++;
    }
    let to = at;
    while (to > from && (text.charCodeAt(to - 1) === 44 || text.charCodeAt(to - 1) === 58)) to--;
    if (text.charCodeAt(to - 1) === 46 && address.test(text.slice(from, to))) this.#fullStop(from, to);
    return at;
  }

  closingQuote(at: number, end: number): number {
    const { text } = this.#line;
    const double = isDoubleCurly(text.charCodeAt(at));
    // What was not found from an earlier place is not found from a later one: a line of apostrophes stays linear.
    const searched = `${double} ${end}`;
    if (this.#unclosed.has(searched)) return -1;
    for (let i = at + 1; i < end; i++) {
      const code = text.charCodeAt(i);
      if (double ? isDoubleCurly(code) || code === 34 : isCurly(code) && !isDoubleCurly(code)) {
        // An apostrophe within a word closes nothing.
        if (double || i + 1 >= end || !/[\p{L}\p{N}]/u.test(text.charAt(i + 1))) return i;
      }
    }
    this.#unclosed.add(searched);
    return -1;
  }

  /** A pair of curly quotes is one finding. */
  quotes(at: number, end: number): number {
    const close = this.closingQuote(at, end);
    const inner = this.#line.text.slice(at + 1, close);
    const quote =
      inner.includes('"') || (!isDoubleCurly(this.#line.text.charCodeAt(at)) && !inner.includes("'")) ? "'" : '"';
    this.#changes.push({ at, text: quote }, { at: close, text: quote });
    const span = spanIn(this.#line, at, close + 1);
    const fixed = `${quote}${inner}${quote}`;
    this.#findings.push(
      error(
        "typography",
        span,
        `These are curly quotes, as documents set them, which are letters to a program.\nWrite ${fixed}`,
        {
          fixes: [{ span, text: fixed, safe: true }],
        },
      ),
    );
    return close + 1;
  }

  #loneQuote(at: number, quote: string): void {
    this.#changes.push({ at, text: quote });
    const span = spanIn(this.#line, at, at + 1);
    this.#findings.push(
      error(
        "typography",
        span,
        `This is a curly quote, as documents set it, which is a letter to a program.\nWrite ${quote}`,
        {
          fixes: [{ span, text: quote, safe: true }],
        },
      ),
    );
  }

  #dash(at: number, limit: number): void {
    const span = spanIn(this.#line, at, at + 1);
    let end = at + 1;
    const { text } = this.#line;
    while (end < limit && !isBlankCode(text.charCodeAt(end))) end++;
    const rest = text.slice(at + 1, end);
    this.#changes.push({ at, text: "-" });
    const isLong = text.charCodeAt(at) === 0x2014 || text.charCodeAt(at) === 0x2015;
    // A long dash may have been one hyphen or two: the person who knows the program decides.
    this.#findings.push(
      isLong
        ? error(
            "typography",
            span,
            `This is a long dash, as documents set it, where a program wants one hyphen or two.\nWrite -${rest} or --${rest}`,
            {
              fixes: [
                { span, text: "-", safe: false },
                { span, text: "--", safe: false },
              ],
            },
          )
        : error(
            "typography",
            span,
            `This is a dash, as documents set it, where a program wants a hyphen.\nWrite -${rest}`,
            {
              fixes: [{ span, text: "-", safe: true }],
            },
          ),
    );
  }

  #fullStop(from: number, to: number): void {
    const span = spanIn(this.#line, to - 1, to);
    this.#changes.push({ at: to - 1, text: " " });
    this.#findings.push(
      error(
        "typography",
        span,
        `The full stop of a sentence ends this address.\nWrite ${this.#line.text.slice(from, to - 1)}`,
        {
          fixes: [{ span, text: "", safe: true }],
        },
      ),
    );
  }
}

function after(end: number, text: string): number {
  return end === -1 ? text.length : end + 1;
}

function isCurly(code: number): boolean {
  return code >= 0x2018 && code <= 0x201f;
}

function isDoubleCurly(code: number): boolean {
  return code >= 0x201c && code <= 0x201f;
}

function isDash(code: number): boolean {
  return (code >= 0x2010 && code <= 0x2015) || code === 0x2212;
}
