// What a person would have seen in a terminal, by a real one without a window: repaints, wraps, backspaces, cleared screens.
// Lines that have left the screen are taken out as text, so that a long output costs its text and not its cells.
import type { IBuffer, IMarker, Terminal } from "@xterm/headless";
import type { Screen } from "./screen.ts";
import { tailLength } from "./screen.ts";

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
  /** Takes what the terminal answers when a program asks it something, such as where its cursor is. */
  readonly reply: (text: string) => void;
}

/** Lines kept above the screen. Bytes are given in pieces of fewer lines than that, so that none is lost between two looks. */
const scrollback = 3000;
const linesAPiece = 1000;
const bytesAPiece = 65_536;
/** Bytes that may wait to be rendered. */
const mostWaiting = 1_048_576;

export async function terminalScreen({ columns, rows, reply }: TerminalSize): Promise<Screen> {
  // Node finds no named exports in this package.
  const { default: xterm } = await import("@xterm/headless");
  const terminal: Terminal = new xterm.Terminal({
    cols: columns,
    rows,
    scrollback,
    allowProposedApi: true,
    logLevel: "off",
  });
  terminal.onData(reply);
  let start: IMarker | undefined;
  let startColumn = 0;
  let taken: string[] = []; // whole lines since the mark that have scrolled away
  let written = Promise.resolve();
  let open = true;

  let waiting = 0;
  const writePiece = (piece: Uint8Array): void => {
    waiting += piece.length;
    written = written.then(
      () =>
        new Promise((resolve) => {
          if (!open) return resolve();
          terminal.write(piece, () => {
            waiting -= piece.length;
            takeScrolled();
            resolve();
          });
        }),
    );
  };
  /** The first row that the text since the mark begins in; after a cleared screen, the screen's first. */
  const firstRow = (buffer: IBuffer): { readonly row: number; readonly column: number } => {
    const cursor = buffer.baseY + buffer.cursorY;
    const row = buffer.type === "normal" ? (start?.line ?? 0) : -1;
    return row < 0 || start?.isDisposed === true || row > cursor
      ? { row: buffer.baseY, column: 0 }
      : { row, column: startColumn };
  };
  const takeScrolled = (): void => {
    const buffer = terminal.buffer.active;
    if (buffer.type !== "normal") return;
    const first = firstRow(buffer);
    let end = buffer.baseY - rows;
    // A line that is wrapped over the border is taken with its last row.
    while (end > first.row && buffer.getLine(end)?.isWrapped === true) end--;
    if (end - first.row < linesAPiece / 2) return;
    taken.push(
      ...logicalLines(buffer, { from: first.row, column: first.column, to: end - 1 }).map((line) => line.trimEnd()),
    );
    place(end, 0);
  };
  const place = (row: number, column: number): void => {
    const buffer = terminal.buffer.active;
    start?.dispose();
    start = terminal.registerMarker(row - (buffer.baseY + buffer.cursorY));
    startColumn = column;
  };
  const lines = (): string[] => {
    const buffer = terminal.buffer.active;
    const first = firstRow(buffer);
    const cursor = buffer.baseY + buffer.cursorY;
    const rest = logicalLines(buffer, { from: first.row, column: first.column, to: cursor });
    return rest;
  };
  const cursorParts = (): { readonly before: string; readonly after: string } => {
    const buffer = terminal.buffer.active;
    let row = buffer.baseY + buffer.cursorY;
    const below = [buffer.getLine(row)?.translateToString(true, buffer.cursorX) ?? ""];
    for (let next = row + 1; buffer.getLine(next)?.isWrapped === true; next++)
      below.push(buffer.getLine(next)?.translateToString(true) ?? "");
    const above = [buffer.getLine(row)?.translateToString(false, 0, buffer.cursorX) ?? ""];
    while (row > 0 && buffer.getLine(row)?.isWrapped === true)
      above.unshift(buffer.getLine(--row)?.translateToString(false) ?? "");
    return { before: above.join(""), after: below.join("").trimEnd() };
  };
  return {
    write({ bytes }) {
      let lineFeeds = 0;
      let from = 0;
      for (let at = 0; at < bytes.length; at++) {
        if (bytes[at] === 10) lineFeeds++;
        if (lineFeeds < linesAPiece && at - from < bytesAPiece) continue;
        writePiece(bytes.subarray(from, at + 1));
        from = at + 1;
        lineFeeds = 0;
      }
      if (from < bytes.length) writePiece(bytes.subarray(from));
      return waiting > mostWaiting ? "behind" : undefined;
    },
    async settle() {
      // What is written while this waits is awaited too.
      for (let seen: Promise<void> | undefined; seen !== written;) await (seen = written);
    },
    mark(from) {
      const buffer = terminal.buffer.active;
      let row = buffer.baseY + buffer.cursorY;
      taken = [];
      if (from === "line") while (row > 0 && buffer.getLine(row)?.isWrapped === true) row--;
      place(row, from === "line" ? 0 : buffer.cursorX);
    },
    text: () => [...taken, ...lines()].join("\n"),
    tail: () => [...taken.slice(-500), ...lines()].join("\n").slice(-tailLength),
    cursorLine: cursorParts,
    view() {
      const buffer = terminal.buffer.active;
      const seen = logicalLines(buffer, { from: buffer.baseY, column: 0, to: buffer.baseY + rows - 1 });
      return seen.join("\n").trimEnd();
    },
    close() {
      open = false;
      terminal.dispose();
    },
  };
}

interface Rows {
  readonly from: number;
  readonly column: number;
  readonly to: number;
}

/** Rows as lines: what the terminal wrapped is one line again. */
function logicalLines(buffer: IBuffer, { from, column, to }: Rows): string[] {
  const lines: string[] = [];
  let line = "";
  for (let row = from; row <= to; row++) {
    const cells = buffer.getLine(row);
    const goesOn = buffer.getLine(row + 1)?.isWrapped === true && row < to;
    line += cells?.translateToString(!goesOn, row === from ? column : 0) ?? "";
    if (goesOn) continue;
    // Blanks at a line's end are what an eraser left; on the cursor's line they may belong to a question.
    lines.push(row < to ? line.trimEnd() : line);
    line = "";
  }
  return lines;
}
