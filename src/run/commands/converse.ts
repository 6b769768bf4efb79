// Reads a command to its end. What the program may be told is on a list, each item once; nothing else is ever typed.
import type { Exit, Halt, Session, Watch } from "../../hosts/connection.ts";
import type { Secret } from "../../secrets/secret.ts";
import { deferred } from "../deferred.ts";
import type { Clock } from "../clock.ts";

/** Something that may come, and what is done then. */
export interface Awaited {
  /** Whether the program waits with this (text: from the last line sent to the cursor). */
  readonly asks: (text: string) => boolean;
  /** Whether it stands in the text at all: asked after a silence. */
  readonly stands: (text: string) => boolean;
  /** It may come again, and `act` decides what that means. */
  readonly again: boolean;
  readonly act: (screen: string) => Promise<Act>;
}

export type Act =
  /** Its record is safe: send it. */
  | { readonly type: "send"; readonly reply: string | Secret }
  /** `act` wrote something itself. */
  | { readonly type: "wrote" }
  /** Nothing is sent: the program goes on by itself. */
  | { readonly type: "read on" }
  | Stop;

/** Nothing is sent, and the command is not read any further. */
export interface Stop {
  readonly type: "stop";
  readonly because: "question" | "refused";
  readonly reason: string;
  /** The reason where the kind's way out was sent after all, so that the question is left. */
  readonly reasonWhenLeft?: (sent: string) => string;
  readonly wayOn: string | undefined;
}

export interface ConversationParts {
  readonly session: Session;
  readonly clock: Clock;
  readonly awaited: readonly Awaited[];
  readonly withinMs: number;
  readonly idleMs: number | undefined;
  /** Everything is to be closed now. */
  readonly closing: AbortSignal;
  /** A question that nobody declared; `stands` says whether the program still waits with it, after a person took their time. */
  readonly undeclared: (screen: string, stands: () => Promise<boolean>) => Promise<Act>;
}

export type Ending =
  | { readonly type: "prompt"; readonly text: string }
  | { readonly type: "ended"; readonly text: string; readonly exit: Exit }
  | { readonly type: "timeout"; readonly text: string }
  /** Nothing was sent to what stands on the screen; `question` is the text since the last line that was sent. */
  | { readonly type: "stopped"; readonly text: string; readonly question: string; readonly stop: Stop }
  | { readonly type: "cut"; readonly text: string };

/** Reads until the command is over, or until it can't go on without a person. */
export async function converse(parts: ConversationParts): Promise<Ending> {
  const { session, clock } = parts;
  const left = [...parts.awaited];
  let before = "";
  let deadlineMs = clock.monotonicMs() + parts.withinMs;
  for (;;) {
    const halt = await nextOrClosing(parts, {
      questions: left.map(({ asks }) => asks),
      ...(parts.idleMs === undefined ? {} : { idleMs: parts.idleMs }),
      withinMs: Math.max(0, deadlineMs - clock.monotonicMs()),
    });
    const text = joined(before, halt.text);
    switch (halt.type) {
      case "prompt":
        return { type: "prompt", text };
      case "ended":
        return parts.closing.aborted ? { type: "cut", text } : { type: "ended", text, exit: halt.exit };
      case "timeout":
        return { type: "timeout", text };
      case "stopped":
        return { type: "cut", text };
      case "question":
      case "silence": {
        const awaited = halt.type === "question" ? left[halt.index] : left.find(({ stands }) => stands(halt.text));
        if (awaited !== undefined && !awaited.again) left.splice(left.indexOf(awaited), 1);
        const askedMs = clock.monotonicMs();
        const act =
          awaited === undefined
            ? await parts.undeclared(halt.screen, () => stillWaits(parts, halt.text))
            : await awaited.act(halt.screen);
        // A person's time is not the host's.
        deadlineMs += clock.monotonicMs() - askedMs;
        if (act.type === "stop") return { type: "stopped", text, question: halt.text, stop: act };
        if (act.type === "read on") break;
        before = text;
        if (act.type === "send") await session.send(act.reply, { echo: false });
        break;
      }
      default:
        halt satisfies never;
    }
  }
}

/** Whether nothing came since a question was read: its answer would go to what stands there now. */
async function stillWaits(parts: ConversationParts, text: string): Promise<boolean> {
  const now = await nextOrClosing(parts, { questions: [], withinMs: lookMs });
  return now.type === "timeout" && now.text === text;
}

const lookMs = 10;

async function nextOrClosing(parts: ConversationParts, watch: Watch): Promise<Halt> {
  const stopped: Halt = { type: "stopped", text: "", screen: "" };
  const closed = deferred<Halt>();
  const end = (): void => {
    void parts.session.close().catch(() => undefined); // it is to be gone, however
    closed.resolve(stopped);
  };
  if (parts.closing.aborted) {
    end();
    return stopped;
  }
  parts.closing.addEventListener("abort", end, { once: true });
  try {
    return await Promise.race([parts.session.next(watch), closed.promise]);
  } finally {
    parts.closing.removeEventListener("abort", end);
  }
}

function joined(before: string, text: string): string {
  if (before === "") return text;
  return before.endsWith("\n") ? before + text : `${before}\n${text}`;
}
