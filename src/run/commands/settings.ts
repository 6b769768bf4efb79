// What the clauses of a command come to before it is sent: answers, limits, input.
import type { ClauseNode } from "../../language/tree.ts";
import { evaluatePattern } from "../../plan/evaluate.ts";
import type { Environment } from "../../plan/value.ts";
import { Secret } from "../../secrets/secret.ts";
import type { Redactor } from "../../secrets/redactor.ts";
import { textOf } from "../../text/source.ts";
import { MissingValue, milliseconds, plainText, sendableText } from "../interpret/values.ts";
import { lastClause } from "./clause.ts";
import { shownPattern } from "./shown.ts";

/** An `answer … to P`, or a `by hand "…" at P`. */
export interface Prepared {
  readonly type: "answer" | "by-hand";
  /** Whether the program waits with this question. */
  readonly asks: (text: string) => boolean;
  /** Whether the question stands in the text at all. */
  readonly stands: (text: string) => boolean;
  /** What the records call the question. */
  readonly question: string;
  readonly reply: string | Secret;
  readonly instruction: string;
}

export interface Settings {
  readonly prepared: readonly Prepared[];
  readonly input: string | Secret | undefined;
  readonly withinMs: number;
  /** Undefined: silence is never a question (shells). */
  readonly idleMs: number | undefined;
  readonly hidden: boolean;
  /** It answers with a secret: a failed one is a failed login, and is never tried again. */
  readonly answersWithSecret: boolean;
}

/** How long a command, a copy or a look at a file may take where nothing is said. */
export const defaultWithinMs = 10 * 60_000;
const defaultIdleMs = 30_000;

/** Throws `MissingValue` or `WrongValue` where a clause's value is not there or not of its type. */
export function settingsOf(
  clauses: readonly ClauseNode[],
  environment: Environment,
  about: { readonly dialogue: boolean; readonly redactor: Redactor },
): Settings {
  const prepared = clauses.flatMap((clause) => preparedOf(clause, environment, about.redactor));
  const input = lastClause(clauses, "input");
  const within = lastClause(clauses, "within");
  const idle = lastClause(clauses, "idle");
  const defaultIdle = about.dialogue ? defaultIdleMs : undefined;
  return {
    prepared,
    input: input === undefined ? undefined : asLine(sendableText(input.value, environment, about.redactor)),
    withinMs: within === undefined ? defaultWithinMs : milliseconds(within.duration, environment),
    idleMs: idle === undefined ? defaultIdle : milliseconds(idle.duration, environment),
    hidden: lastClause(clauses, "hide-output") !== undefined,
    answersWithSecret: prepared.some(({ reply }) => typeof reply !== "string"),
  };
}

/** In the order in which they stand: of two for one question the first is used first. */
function preparedOf(clause: ClauseNode, environment: Environment, redactor: Redactor): readonly Prepared[] {
  if (clause.type === "answer") {
    const reply = sendableText(clause.value, environment, redactor);
    return [{ type: "answer", ...questionOf(clause.to, environment), reply, instruction: "" }];
  }
  if (clause.type !== "by-hand-at") return [];
  const instruction = plainText(clause.instruction, environment);
  return [{ type: "by-hand", ...questionOf(clause.at, environment), reply: "", instruction }];
}

function questionOf(
  node: (ClauseNode & { readonly type: "answer" })["to"],
  environment: Environment,
): Pick<Prepared, "asks" | "stands" | "question"> {
  const pattern = evaluatePattern(node, environment);
  if (pattern.type === "unknown") throw new MissingValue(textOf(node.span));
  return {
    asks: (text) => pattern.value.endsWith(text),
    stands: (text) => pattern.value.first(text) !== undefined,
    question: shownPattern(node, environment),
  };
}

/** A program reads lines: what is given to it ends like one. */
function asLine(input: string | Secret): string | Secret {
  const text = typeof input === "string" ? input : input.reveal();
  if (text.endsWith("\n")) return input;
  return typeof input === "string" ? `${input}\n` : new Secret(input.name, `${text}\n`);
}
