// What a person would have seen of a program's bytes. Two ways to know it: a whole terminal (terminal-screen.ts) where the
// program has one, and a cheap one (plain-screen.ts) for pipes, because a thousand terminals hold half a gigabyte.
import type { Chunk } from "./connection.ts";

export interface Screen {
  /** Takes bytes as they came; cheap. Says whether it is so far behind that reading had better wait for `settle`. */
  write(chunk: Chunk): "behind" | undefined;
  /** Resolves when all that was written is rendered. */
  settle(): Promise<void>;
  /** From the cursor on, or from its line's start, text is new. Only after `settle`. */
  mark(from: "cursor" | "line"): void;
  /** All that came since the mark, rendered, up to the cursor. */
  text(): string;
  /** The end of `text()`, at most `tailLength` characters: what a waiting question is looked for in. */
  tail(): string;
  /** The line that the cursor is on: what stands before it, and what behind it. */
  cursorLine(): { readonly before: string; readonly after: string };
  /** What a person has before their eyes now. */
  view(): string;
  close(): void;
}

/** A question stands at the end; who looks for it need not read a megabyte each time. */
export const tailLength = 65_536;
