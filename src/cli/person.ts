// The person at the terminal. Where standard input or output is no terminal there is nobody to ask, and the run knows it.
import { userInfo } from "node:os";
import type { Person } from "../run/person.ts";
import type * as Questions from "@clack/prompts";
import { printable } from "../text/code-frame.ts";

export interface TerminalPerson extends Person {
  /** A value for an input of the runbook, before anything runs; undefined: given up. */
  readonly askInput: (name: string, type: string) => Promise<string | undefined>;
  /** A secret for the run; not shown while it is typed. */
  readonly askSecret: (name: string) => Promise<string | undefined>;
}

interface Hooks {
  /** Takes away what a live view has drawn. */
  readonly before?: () => void;
  /** Ctrl-C at a question is a Ctrl-C. */
  readonly interrupted?: () => void;
}

/** Who runs this: the name given on the command line, else the account's. */
export function operatorName(given: string | undefined): { readonly name: string; readonly identifiedBy: string } {
  if (given !== undefined) return { name: given, identifiedBy: "said so on the command line" };
  try {
    return { name: userInfo().username, identifiedBy: "the account on the runner" };
  } catch {
    // An account without an entry in the system's list, as in some containers.
    return { name: String(process.getuid?.() ?? "unknown"), identifiedBy: "the account's number on the runner" };
  }
}

/** The words, with whose part it is. */
const withRole = (words: string, role: string | undefined): string =>
  printable(role === undefined ? words : `${role}: ${words}`);

/** The person, or undefined without a terminal on both standard input and output (the library would wait for ever). */
export async function makePerson(operator: string | undefined, hooks: Hooks = {}): Promise<TerminalPerson | undefined> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return undefined;
  const { name } = operatorName(operator);
  const asked = async <T>(
    question: (library: typeof Questions) => Promise<T>,
  ): Promise<Exclude<T, symbol> | undefined> => {
    hooks.before?.();
    const library = await import("@clack/prompts");
    const answer = await question(library);
    // The library's only symbol says that the question was cancelled.
    if (typeof answer === "symbol") {
      hooks.interrupted?.();
      return undefined;
    }
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a symbol was dealt with above
    return answer as Exclude<T, symbol>;
  };
  return {
    who: name,
    identifiedBy: "said so at the operator's terminal",
    confirm: async ({ words, role, host, purpose }, signal) => {
      const message =
        purpose === "destroys"
          ? `This destroys ${printable(words)}${host === undefined ? "" : ` (on ${host})`}. Go on?`
          : `Is it so? ${withRole(words, role)}`;
      return (await asked(({ confirm }) => confirm({ message, initialValue: false, signal }))) === true;
    },
    byHand: async ({ words, role }, signal) =>
      (await asked(({ confirm }) =>
        confirm({ message: `By hand: ${withRole(words, role)}. Done?`, initialValue: false, signal }),
      )) === true,
    ask: ({ words, problem }, signal) =>
      asked(({ text }) => text({ message: printable(words), validate: (value) => problem(value ?? ""), signal })),
    answer: async ({ host, sentence, screen, hidden }, signal) => {
      hooks.before?.();
      process.stderr.write(
        `${screen
          .split("\n")
          .map((line) => `  | ${printable(line)}`)
          .join("\n")}\n`,
      );
      const choice = await asked(({ select }) =>
        select({
          message: `${host} asks something that the runbook does not foresee, at: ${printable(sentence)}`,
          options: [
            { value: "stop" as const, label: "Stop: nothing is sent" },
            { value: "answer" as const, label: "Type an answer" },
          ],
          initialValue: "stop" as const,
          signal,
        }),
      );
      if (choice !== "answer") return { type: "stop" };
      const text = await asked((library) =>
        hidden
          ? library.password({ message: "The answer (not shown)", signal })
          : library.text({ message: "The answer", signal }),
      );
      return text === undefined ? { type: "stop" } : { type: "answer", text };
    },
    askInput: (input, type) => asked(({ text }) => text({ message: `${input} (${type})` })),
    askSecret: (secret) => asked(({ password }) => password({ message: `${secret} (not shown)` })),
  };
}
