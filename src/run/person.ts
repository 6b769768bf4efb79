// The person at the terminal, as the run sees them: everything that only a person can say.
import type { Type } from "../vocabulary/vocabulary.ts";

/** Who answers, and how they are known: both stand in the records. */
export interface Person {
  readonly who: string;
  /** Such as `said so at the operator's terminal`. */
  readonly identifiedBy: string;
  /** Whether these words are so (`confirm`), or whether this may be destroyed. `signal` takes the question back. */
  confirm(question: ConfirmQuestion, signal: AbortSignal): Promise<boolean>;
  /** Resolves with whether the person has done it. */
  byHand(question: ConfirmQuestion, signal: AbortSignal): Promise<boolean>;
  /** A value; undefined: the person stops the run. `problem` says what is wrong with a text, in a sentence. */
  ask(question: AskQuestion, signal: AbortSignal): Promise<string | undefined>;
  /** A question of a program that nobody foresaw: a line to type, or stop. */
  answer(question: ProgramQuestion, signal: AbortSignal): Promise<ProgramAnswer>;
}

/** The same person, asked one question at a time: side by side hosts wait for their turn at the one terminal. */
export function oneAtATime(person: Person): Person {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(ask: () => Promise<T>): Promise<T> => {
    const mine = last.then(ask, ask);
    last = mine.catch(() => undefined); // whoever asked hears of it
    return mine;
  };
  return {
    who: person.who,
    identifiedBy: person.identifiedBy,
    confirm: (question, signal) => inTurn(() => person.confirm(question, signal)),
    byHand: (question, signal) => inTurn(() => person.byHand(question, signal)),
    ask: (question, signal) => inTurn(() => person.ask(question, signal)),
    answer: (question, signal) => inTurn(() => person.answer(question, signal)),
  };
}

export interface ConfirmQuestion {
  readonly words: string;
  readonly role: string | undefined;
  readonly host: string | undefined;
  /** `destroys`: what would be gone; a confirmation that `--yes` never gives. */
  readonly purpose: "confirm" | "destroys" | "by-hand";
}

export interface AskQuestion {
  readonly name: string;
  readonly words: string;
  readonly type: Type;
  readonly problem: (text: string) => string | undefined;
}

export interface ProgramQuestion {
  readonly host: string;
  readonly sentence: string;
  /** What a person would see on the host's screen. */
  readonly screen: string;
  /** The question's last line looks like one for a password: don't show what is typed. */
  readonly hidden: boolean;
}

export type ProgramAnswer = { readonly type: "answer"; readonly text: string } | { readonly type: "stop" };
