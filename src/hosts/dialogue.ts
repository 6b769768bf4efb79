// An interactive shell, driven by its prompt: the rendered screen is read, not the bytes, because shells repaint their
// prompt, wrap what is typed, and erase their pager's line.
import type { ByteChannel } from "./byte-channel.ts";
import type { Chunk, DialogueOptions, Halt, Session } from "./connection.ts";
import type { Screen } from "./screen.ts";
import { ScreenSession } from "./session.ts";
import type { Look, PromptRules } from "./session.ts";

/** Silence after which a line that looks like a prompt is one; the first is not hurried: a greeting may hold such a line. */
const quietMs = 40;
/** Where the same line as the first accepted prompt comes again, a breath is enough. */
const repeatedMs = 10;
/** A host that dribbles is given so many times its longest breath within a line. */
const breaths = 4;
const longestQuietMs = 400;

/** Opens a dialogue on a shell's channel and reads to its first prompt, or to whatever comes instead of one. */
export async function openDialogue(
  channel: ByteChannel,
  screen: Screen,
  options: DialogueOptions,
): Promise<{ readonly session: Session; readonly greeting: string; readonly halt: Halt }> {
  const rules = new Prompting(options, screen, async (line, keys) => {
    await options.onPage?.(line, keys);
    await channel.write(Buffer.from(keys, "utf8")).catch(() => undefined); // its end says it
  });
  const session = new ScreenSession({ channel, screen, rules, onChunk: options.onChunk });
  const halt = await session.next({ questions: [], idleMs: options.idleMs, withinMs: options.withinMs });
  return { session, greeting: halt.text, halt };
}

/** Knows when the prompt stands, and answers the pager until then. */
class Prompting implements PromptRules {
  readonly #options: DialogueOptions;
  readonly #screen: Screen;
  readonly #answerPager: (line: string, keys: string) => Promise<void>;
  #firstPrompt: string | undefined;
  /** Nothing came since a line or a pager's key was sent: what stands on the screen is not the answer to it. */
  #unanswered = false;
  #lastPieceAt: number | undefined;
  #endsMidLine = false;
  #longestBreathMs = 0;
  /** The pages seen since the last line was sent, and the line with which the pager ended the last of them. */
  #pages: string[] = [];
  #pagerLine: string | undefined;

  constructor(options: DialogueOptions, screen: Screen, answerPager: (line: string, keys: string) => Promise<void>) {
    this.#options = options;
    this.#screen = screen;
    this.#answerPager = answerPager;
  }

  heard({ bytes }: Chunk): void {
    const now = performance.now();
    if (this.#lastPieceAt !== undefined && this.#endsMidLine) {
      this.#longestBreathMs = Math.max(this.#longestBreathMs, now - this.#lastPieceAt);
    }
    this.#lastPieceAt = now;
    this.#endsMidLine = bytes.at(-1) !== 10;
    this.#unanswered = false;
  }

  sent(): void {
    this.#unanswered = true;
    this.#lastPieceAt = undefined;
    this.#longestBreathMs = 0;
    this.#pages = [];
    this.#pagerLine = undefined;
  }

  look(screen: Screen, quietForMs: number): Look | undefined {
    if (this.#unanswered) return undefined;
    const { before, after } = screen.cursorLine();
    const line = before.trim();
    if (line === "" || after !== "") return undefined;
    const patience = Math.min(
      longestQuietMs,
      Math.max(this.#longestBreathMs * breaths, line === this.#firstPrompt ? repeatedMs : quietMs),
    );
    const isPrompt = this.#options.isPrompt(line);
    const pager = isPrompt ? undefined : this.#options.pagers.find(({ matches }) => matches(line));
    if (!isPrompt && pager === undefined) return undefined;
    if (quietForMs < patience) return { lookAfterMs: patience - quietForMs + 1 };
    if (pager !== undefined) {
      return { page: this.#turnPage(line, pager.send) };
    }
    this.#firstPrompt ??= line;
    return { prompt: line };
  }

  seen(text: string): string {
    return this.#pages.join("") + withoutPager(text, this.#pagerLine);
  }

  /** Keeps the page, and marks the pager's line: some pagers erase it, others go on behind or below it. */
  #turnPage(line: string, keys: string): Promise<void> {
    const text = withoutPager(this.#screen.text(), this.#pagerLine);
    this.#pages.push(text.slice(0, text.lastIndexOf("\n") + 1));
    this.#pagerLine = line;
    this.#screen.mark("line");
    this.#unanswered = true;
    this.#lastPieceAt = undefined;
    return this.#answerPager(line, keys);
  }
}

/** Takes the pager's own line away where it still stands at the text's beginning. */
function withoutPager(text: string, line: string | undefined): string {
  const start = text.trimStart();
  if (line === undefined || !start.startsWith(line)) return text;
  const rest = start.slice(line.length).replace(/^[ \t]+/, "");
  return rest.startsWith("\n") ? rest.slice(1) : rest;
}
