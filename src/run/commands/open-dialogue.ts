// Opening a host's interactive shell: connect, read to the first prompt, learn the version, send what the kind sends first.
import { HostFailure, type Chunk, type Halt } from "../../hosts/connection.ts";
import { evaluatePattern } from "../../plan/evaluate.ts";
import type { Environment } from "../../plan/value.ts";
import type { PlanCommand } from "../../plan/plan.ts";
import type { PatternNode } from "../../language/tree.ts";
import { openOutput } from "../events/output-pieces.ts";
import type { HostLink } from "../hosts/host-link.ts";
import type { OpenDialogue } from "../hosts/step-sessions.ts";
import type { Run } from "../interpret/frame.ts";
import { plainText } from "../interpret/values.ts";

/** The host asked something while no command ran, at login or between two: nothing was sent, and the session is closed. */
export class UnaskedQuestion extends Error {
  readonly screen: string;

  constructor(host: string, screen: string, when: "at login" | "between two commands") {
    super(
      `${host} asks a question ${when} that nobody foresaw, and nothing was sent to it: ${screen.trimEnd().split("\n").at(-1)?.trim() ?? ""}`,
    );
    this.name = "UnaskedQuestion";
    this.screen = screen;
  }
}

/** Rejects with `HostFailure` or `UnaskedQuestion`. */
export async function openDialogue(run: Run, link: HostLink, step: number | undefined): Promise<OpenDialogue> {
  const { given, recorder } = run;
  const rules = link.planned.kind.dialogue;
  if (rules === undefined)
    throw new HostFailure(
      "unsupported",
      `The kind ${link.planned.kind.name} has no dialogue.`,
      "Use a kind that has one.",
    );
  const environment: Environment = { values: new Map(), hosts: run.hosts.fields };
  const context = step === undefined ? {} : { step };
  const connection = await link.connection();
  // The greeting says the version, which the record of the connection tells: its bytes wait for that record.
  const waiting: Chunk[] = [];
  const opened: { dialogue: OpenDialogue | undefined } = { dialogue: undefined };
  const greetingOutput = openOutput({
    recorder,
    clock: given.clock,
    redactor: given.redactor,
    host: link.name,
    context,
    hidden: false,
    held: false,
  });
  const prompts = rules.prompts.map((prompt) => matcherOf(prompt, environment));
  const { session, greeting, halt } = await connection.dialogue({
    isPrompt: (line) => prompts.some((matches) => matches(line)),
    pagers: rules.pagers.map(({ send, at }) => ({
      matches: matcherOf(at, environment),
      send: plainText(send, environment),
    })),
    onChunk: (chunk) => {
      if (opened.dialogue === undefined) {
        waiting.push(chunk);
        return undefined;
      }
      return (opened.dialogue.current?.output ?? greetingOutput).take(chunk);
    },
    onPage: async (line, keys) => {
      await recorder.durable({
        type: "answer",
        question: line,
        text: keys,
        from: "the kind's pager",
        host: link.name,
        ...(opened.dialogue?.current?.context ?? context),
      });
    },
    idleMs: loginIdleMs,
    withinMs: loginWithinMs,
  });
  const version = learnVersionFrom(greeting, link, environment, run);
  if (version !== undefined && link.isAnnounced)
    recorder.emit({
      type: "note",
      words: `${link.name} says at login that its version is ${version}.`,
      host: link.name,
      ...context,
    });
  link.announce(connection, context);
  for (const chunk of waiting.splice(0)) void greetingOutput.take(chunk);
  greetingOutput.flush();
  const dialogue: OpenDialogue = {
    host: link.name,
    connection,
    session,
    rules,
    current: undefined,
    between: greetingOutput,
    isSpent: false,
  };
  opened.dialogue = dialogue;
  if (halt.type !== "prompt") {
    greetingOutput.end();
    await session.close().catch(() => undefined); // nothing is sent to what isn't a prompt
    throw notReady(halt, link.name, (screen) =>
      recorder.emit({ type: "question", screen, declared: false, host: link.name, ...context }),
    );
  }
  return dialogue;
}

/**
 * Whether a dialogue that stood open still takes a line. Between two commands a person may have worked for an hour: the host may
 * have ended the session meanwhile (then it is opened anew), or wait with a question. Rejects with `UnaskedQuestion`.
 */
export async function isUsable(run: Run, dialogue: OpenDialogue, step: number | undefined): Promise<boolean> {
  const { host, session } = dialogue;
  const context = step === undefined ? {} : { step };
  let halt = await session.next({ questions: [], withinMs: promptMs });
  if (halt.type === "timeout") {
    const line = halt.text.slice(halt.text.lastIndexOf("\n") + 1);
    if (line.trim() === "") return true; // it only said something
    halt = await session.next({ questions: [], idleMs: pauseMs, withinMs: loginWithinMs });
  }
  switch (halt.type) {
    case "prompt":
      return true;
    case "ended":
    case "stopped":
      run.recorder.emit({
        type: "note",
        words: `${host} ended the session between two commands; it is opened anew for the next.`,
        host,
        ...context,
      });
      return false;
    case "silence":
    case "question":
    case "timeout":
      dialogue.isSpent = true;
      run.recorder.emit({ type: "question", screen: halt.screen, declared: false, host, ...context });
      throw new UnaskedQuestion(host, halt.screen, "between two commands");
  }
}

/**
 * How long the prompt, which stands there already, may take to be seen; and silence after which another text is a question: no
 * program is at work that could be slow.
 */
const promptMs = 1000;
const pauseMs = 3000;

/** What a kind sends first, and the way to another account: as commands of the step, so that they are recorded like any other. */
export function openingCommands(run: Run, link: HostLink, hasAccount: boolean): readonly PlanCommand[] {
  const place = { host: link.name, as: undefined, in: undefined };
  const first = (run.plan.openings.get(link.name) ?? []).flatMap((item) => (item.type === "command" ? [item] : []));
  const elevate = hasAccount ? link.planned.kind.dialogue?.elevate : undefined;
  if (elevate === undefined) return first;
  return [
    ...first,
    {
      type: "command",
      command: elevate,
      shell: "dialogue",
      place,
      clauses: [],
      changesNothing: true,
      destroys: undefined,
      logsIn: true,
      span: elevate.span,
    },
  ];
}

const loginIdleMs = 30_000;
const loginWithinMs = 60_000;

function matcherOf(node: PatternNode, environment: Environment): (line: string) => boolean {
  const pattern = evaluatePattern(node, environment);
  if (pattern.type === "unknown") return () => false;
  return (line) => pattern.value.first(line) !== undefined;
}

/** `version from P`: the pattern's first hole, in what was said at login; undefined where it was known, or isn't said. */
function learnVersionFrom(greeting: string, link: HostLink, environment: Environment, run: Run): string | undefined {
  const { version } = link.planned.kind;
  if (version === undefined || version.command !== undefined || link.version !== undefined) return undefined;
  const found = versionIn(greeting, version.pattern, environment);
  if (found !== undefined) run.hosts.learnVersion(link.name, found);
  return found;
}

/** What the pattern's first hole holds. */
export function versionIn(text: string, node: PatternNode, environment: Environment): string | undefined {
  const pattern = evaluatePattern(node, environment);
  if (pattern.type === "unknown") return undefined;
  const [hole] = pattern.value.holes;
  return hole === undefined ? undefined : pattern.value.first(text)?.[hole.name];
}

function notReady(halt: Halt, host: string, record: (screen: string) => void): Error {
  switch (halt.type) {
    case "silence":
    case "question":
      record(halt.screen);
      return new UnaskedQuestion(host, halt.screen, "at login");
    case "ended":
      return new HostFailure(
        "lost",
        `${host} closed the session before its first prompt.`,
        "Log in by hand and see what it says.",
      );
    case "timeout":
    case "stopped":
    case "prompt":
      return new HostFailure(
        "no-answer",
        `${host} let us in, and no prompt of its kind came.`,
        `Log in by hand, and compare its prompt with the "prompt" lines of its kind.`,
      );
  }
}
