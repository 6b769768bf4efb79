// One stream on its way through the redactor: a text that may become a secret waits, everything else goes on at once.
import type { Automaton } from "./automaton.ts";

/** A text without secrets, and how many were replaced in it. */
export interface Redacted {
  readonly text: string;
  readonly redacted: number;
}

/** What one form of one secret is. */
export interface Pattern {
  readonly secret: string;
  readonly form: string;
  readonly alone: boolean;
}

/** All forms of all secrets, ready to be found. */
export interface Patterns {
  readonly patterns: readonly Pattern[];
  readonly automaton: Automaton;
}

/** A stretch that is a secret, from `start` to before `end`. */
interface Stretch {
  start: number;
  end: number;
  secret: string;
  /** The longest match decides whose name is written. */
  length: number;
}

/** Offsets count from the stream's begin. */
export class RedactedStream {
  readonly #current: () => Patterns | undefined;
  #patterns: Patterns | undefined;
  /** What has not gone on yet, and where it begins. */
  #held = "";
  #base = 0;
  #state = 0;
  /** Where the walk stands. */
  #at = 0;
  /** Found stretches that have not gone on, in order, none touching another. */
  #stretches: Stretch[] = [];
  /** Matches that must stand alone and wait for the next character. */
  #waiting: { readonly start: number; readonly end: number; readonly pattern: Pattern }[] = [];
  /** The character before `#base`. */
  #before = "";
  /** Called for every match, also those inside another. */
  onFound: ((pattern: Pattern, offset: number) => void) | undefined;

  constructor(current: () => Patterns | undefined) {
    this.#current = current;
  }

  /** Takes a piece and gives what can go on: text in which nothing of a secret is left. */
  push(text: string): Redacted {
    this.#follow();
    if (this.#patterns === undefined) return this.#pass(text);
    this.#held += text;
    this.#walk();
    return this.#give(this.#safeUpTo());
  }

  /** What was held back; the stream is over. */
  end(): Redacted {
    this.#follow();
    this.#settleWaiting("");
    return this.#give(this.#base + this.#held.length);
  }

  /** Takes over secrets that were made since: what is still held is walked again. */
  #follow(): void {
    const patterns = this.#current();
    if (patterns === this.#patterns) return;
    this.#patterns = patterns;
    this.#state = 0;
    this.#at = this.#base;
    this.#waiting = [];
    if (patterns !== undefined) this.#walk();
  }

  #pass(text: string): Redacted {
    if (text !== "") this.#before = text.at(-1) ?? "";
    this.#base += text.length;
    return { text, redacted: 0 };
  }

  #walk(): void {
    if (this.#patterns === undefined) return;
    const { automaton, patterns } = this.#patterns;
    const end = this.#base + this.#held.length;
    let state = this.#state;
    for (let at = this.#at; at < end; at++) {
      const unit = this.#held.charCodeAt(at - this.#base);
      if (this.#waiting.length > 0) this.#settleWaiting(String.fromCharCode(unit));
      state = automaton.next(state, unit);
      if (state === 0) continue;
      for (const { pattern: number, length } of automaton.found(state)) {
        const pattern = patterns[number];
        if (pattern === undefined) continue;
        const start = at + 1 - length;
        if (!pattern.alone) this.#match(start, at + 1, pattern);
        else if (!isWordCharacter(this.#characterBefore(start))) this.#waiting.push({ start, end: at + 1, pattern });
      }
    }
    this.#state = state;
    this.#at = end;
  }

  #characterBefore(start: number): string {
    return start > this.#base ? (this.#held[start - 1 - this.#base] ?? "") : this.#before;
  }

  #settleWaiting(next: string): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    if (isWordCharacter(next)) return;
    for (const { start, end, pattern } of waiting) this.#match(start, end, pattern);
  }

  #match(start: number, end: number, pattern: Pattern): void {
    this.onFound?.(pattern, start);
    const stretch: Stretch = { start: Math.max(start, this.#base), end, secret: pattern.secret, length: end - start };
    // Matches come in the order of their ends: only the last stretches can touch this one.
    for (
      let last = this.#stretches.at(-1);
      last !== undefined && last.end > stretch.start;
      last = this.#stretches.at(-1)
    ) {
      if (last.length >= stretch.length) ({ secret: stretch.secret, length: stretch.length } = last);
      stretch.start = Math.min(stretch.start, last.start);
      stretch.end = Math.max(stretch.end, last.end);
      this.#stretches.pop();
    }
    this.#stretches.push(stretch);
  }

  /** Up to here nothing can become a secret any more, whatever comes. */
  #safeUpTo(): number {
    const open = this.#patterns?.automaton.open(this.#state) ?? 0;
    return this.#waiting.reduce((safe, { start }) => Math.min(safe, start), this.#at - open);
  }

  #give(upTo: number): Redacted {
    const pieces: string[] = [];
    let redacted = 0;
    let from = this.#base;
    for (
      let stretch = this.#stretches[0];
      stretch !== undefined && stretch.start < upTo;
      stretch = this.#stretches[0]
    ) {
      pieces.push(this.#slice(from, stretch.start));
      if (stretch.end > upTo) {
        // It may still grow. Its beginning is no longer needed; the rest waits under its name.
        stretch.start = upTo;
        from = upTo;
        break;
      }
      pieces.push(`[secret ${stretch.secret}]`);
      redacted++;
      from = stretch.end;
      this.#stretches.shift();
    }
    if (from < upTo) pieces.push(this.#slice(from, upTo));
    const given = Math.max(from, upTo);
    if (given > this.#base) this.#before = this.#held[given - 1 - this.#base] ?? "";
    this.#held = this.#held.slice(given - this.#base);
    this.#base = given;
    return { text: pieces.join(""), redacted };
  }

  #slice(from: number, to: number): string {
    return this.#held.slice(from - this.#base, to - this.#base);
  }
}

function isWordCharacter(character: string): boolean {
  return /^[\p{L}\p{N}_]$/u.test(character);
}
