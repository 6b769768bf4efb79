// What a command of lunash is, and the answers that all of them share.

import type { Echo } from "../ssh/terminal.ts";
import type { Appliance } from "./appliance.ts";
import type { CommandShape } from "./command-line.ts";

/** What a command is given: the appliance, who runs it, and a way to talk with that person. */
export interface LunaSession {
  readonly appliance: Appliance;
  readonly account: string;
  /** Prints a text; a line end is added. */
  print(text: string): Promise<void>;
  /** Prints a question as it is, and reads the answer; undefined when the session ended or was interrupted. */
  ask(question: string, echo?: Echo): Promise<string | undefined>;
  /** The connection ends once the command's trailer was printed. */
  endConnection(): void;
}

/** Whether a command did what it was for; the trailer says so. */
export type LunaResult = "success" | "failure";

/** A command of lunash. It prints all of its answer but the trailer. */
export interface LunaCommand extends CommandShape {
  readonly run: (
    session: LunaSession,
    given: {
      readonly options: ReadonlyMap<string, string>;
      readonly flags: ReadonlySet<string>;
      readonly rest: readonly string[];
    },
  ) => Promise<LunaResult>;
}

/** Prints a refusal whose wording is the simulator's own around what sources quote of it. */
export async function refuse(session: LunaSession, command: string, reason: string): Promise<LunaResult> {
  await session.print(`\nError:  '${command}' failed. ${reason} [sim]\n`);
  return "failure";
}

/** Prints a question and tells whether `proceed` was answered; anything else, and the session's end, is a no. */
export async function confirms(session: LunaSession, question: string): Promise<boolean> {
  for (;;) {
    const answer = await session.ask(question);
    if (answer === undefined || answer.trim() === "quit") return false;
    if (answer.trim() === "proceed") return true;
    question = "Please type 'proceed' or 'quit'. [sim]\n> ";
  }
}

/** What is printed after `quit`. */
export async function aborted(session: LunaSession, command: string): Promise<LunaResult> {
  await session.print(`'${command}' aborted. [sim]`);
  return "failure";
}
