// What `verify` answers: a list of named checks, each with its answer, all of them shown.
import { shown } from "./shown.ts";

/** `said`: nothing is altered, but who reads the transcript must know it. */
export type Answer = "good" | "bad" | "said" | "not checked";

/** Where a finding is: a file of the folder, and the number of the record when it is one. */
export interface Finding {
  readonly file: string;
  readonly record?: number;
}

export interface NamedCheck {
  readonly name: string;
  readonly answer: Answer;
  /** Plain sentences without control characters, each for itself. */
  readonly sentences: readonly string[];
  readonly places: readonly Finding[];
}

export interface Verification {
  /** 0: it verifies; 1: it was altered, or what was required is missing; 3: whole so far, but not sealed. */
  readonly exit: 0 | 1 | 3;
  /** The one sentence for whoever reads only one. */
  readonly summary: string;
  readonly checks: readonly NamedCheck[];
  /** Whole records, withheld ones included. */
  readonly records: number;
  readonly head: string;
  /** What a good answer does not show. */
  readonly doesNotShow: string;
}

/** The transcript can't be looked at at all: exit status 2. */
export interface Unreadable {
  readonly exit: 2;
  readonly sentence: string;
}

export type Requirement = "signed" | "trusted" | "stamped" | "registered" | "complete";

export const requirements: readonly Requirement[] = ["signed", "trusted", "stamped", "registered", "complete"];

export interface VerifyOptions {
  /** Path of an `allowed_signers` file (ssh-keygen): whose signatures are trusted. */
  readonly allowedSigners?: string;
  /** Path of certificates that are trusted, for CMS signatures and time stamps. */
  readonly ca?: string;
  /** The first digits of a head that was noted elsewhere. */
  readonly head?: string;
  readonly require?: readonly Requirement[];
}

const severity: Readonly<Record<Answer, number>> = { good: 0, "not checked": 1, said: 2, bad: 3 };
const mostSentences = 20;

/** Collects the findings of one check; many of one kind are counted, not kept, so that nobody fills the memory with them. */
export class Check {
  readonly name: string;
  #answer: Answer = "good";
  readonly #sentences: string[] = [];
  readonly #places: Finding[] = [];
  #more = 0;

  constructor(name: string) {
    this.name = name;
  }

  get answer(): Answer {
    return this.#answer;
  }

  /** A finding; its answer counts when it is worse than those before it. */
  add(answer: Answer, sentence: string, ...places: readonly Finding[]): void {
    if (severity[answer] > severity[this.#answer]) this.#answer = answer;
    if (this.#sentences.length >= mostSentences) {
      this.#more++;
      return;
    }
    this.#sentences.push(shown(sentence, 1000));
    for (const place of places) this.#places.push({ ...place, file: shown(place.file) });
  }

  /** The check as it is answered; `good` is the sentence when nothing was found. */
  named(good: string): NamedCheck {
    const more = this.#more === 0 ? [] : [`And ${this.#more} more of this kind.`];
    const sentences = this.#sentences.length === 0 ? [good] : [...this.#sentences, ...more];
    return { name: this.name, answer: this.#answer, sentences, places: this.#places };
  }
}
