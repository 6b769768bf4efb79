// What a person would have seen of a pipe's bytes: carriage returns, backspaces and colour codes done, nothing else.
// Cheap on purpose: nothing is decoded until somebody asks, so that a command that prints millions of lines costs its bytes.
import type { Chunk } from "./connection.ts";
import { decoderFor, streamingDecoder } from "./decode.ts";
import type { Decoder } from "./decode.ts";
import { tailLength } from "./screen.ts";
import type { Screen } from "./screen.ts";

/** @param codePage for bytes that are no UTF-8 (`cp850`) */
export function plainScreen(codePage: string | undefined): Screen {
  let chunks: Chunk[] = [];
  let rendered = 0; // chunks that the running view below has taken
  let decoders = new Map<string, Decoder>();
  let tail = ""; // the last finished lines, rendered
  let open = ""; // the unfinished line, raw

  const catchUp = (): void => {
    for (; rendered < chunks.length; rendered++) {
      const chunk = chunks[rendered];
      if (chunk === undefined) break;
      let decoder = decoders.get(chunk.stream);
      if (decoder === undefined) decoders.set(chunk.stream, (decoder = streamingDecoder(codePage)));
      open += decoder.decode(chunk.bytes);
      const end = open.lastIndexOf("\n") + 1;
      if (end > 0) {
        tail = (tail + renderLines(open.slice(0, end))).slice(-tailLength);
        open = open.slice(end);
      } else if (open.length > longLine) open = shorten(open);
    }
  };
  return {
    write(chunk) {
      chunks.push(chunk);
      return undefined;
    },
    settle: () => Promise.resolve(),
    mark() {
      catchUp();
      // A character that is cut over the mark keeps its decoder; the line that was open is the question that was answered.
      chunks = [];
      rendered = 0;
      tail = "";
      open = "";
    },
    text: () => renderLines(decodeAll(chunks, codePage)),
    tail() {
      catchUp();
      return (tail + renderLine(open)).slice(-tailLength);
    },
    cursorLine() {
      catchUp();
      return { before: renderLine(open), after: "" };
    },
    view() {
      catchUp();
      return (tail + renderLine(open)).split("\n").slice(-24).join("\n");
    },
    close() {
      chunks = [];
      decoders = new Map();
    },
  };
}

/** A line that is longer than this is rendered once and for all as far as that can be done. */
const longLine = 4096;

/** What stands before the last carriage return can be rendered now: all that comes starts at the line's beginning. */
function shorten(line: string): string {
  const start = line.lastIndexOf("\r");
  const shorter = start > 0 ? renderLine(line.slice(0, start)) + line.slice(start) : line;
  return shorter.length > tailLength ? renderLine(shorter).slice(-tailLength / 2) : shorter;
}

/** Decodes pieces of several streams in the order in which they arrived, each stream by itself. */
function decodeAll(chunks: readonly Chunk[], codePage: string | undefined): string {
  const pieces = new Map<string, Uint8Array[]>();
  for (const { stream, bytes } of chunks) {
    const known = pieces.get(stream);
    if (known === undefined) pieces.set(stream, [bytes]);
    else known.push(bytes);
  }
  const decoders = new Map([...pieces].map(([stream, bytes]) => [stream, decoderFor(bytes, codePage)] as const));
  const parts = chunks.map(({ stream, bytes }) => decoders.get(stream)?.decode(bytes) ?? "");
  for (const decoder of decoders.values()) parts.push(decoder.finish());
  return parts.join("");
}

// Any control character but the line feed and the tab.
// eslint-disable-next-line no-control-regex -- control characters are what this is about
const control = /[\0-\x08\x0b-\x1f\x7f]/;

/** Renders text of whole lines. */
function renderLines(text: string): string {
  if (!control.test(text)) return text;
  const unix = text.replaceAll("\r\n", "\n");
  if (!control.test(unix)) return unix;
  return unix
    .split("\n")
    .map((line) => (control.test(line) ? renderLine(line) : line))
    .join("\n");
}

// An escape sequence: CSI, OSC and its like up to their end, or a single letter. An unfinished one at the end is taken too.
// eslint-disable-next-line no-control-regex -- as above
const escape = /\x1b(?:\[([0-?]*)[ -/]*([@-~])|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\|$)|\[[0-?]*[ -/]*$|[ -/]*[0-~]|$)/y;

/** Renders one line: overwriting after `\r` and backspace, erasing, no colours. */
export function renderLine(line: string): string {
  if (!control.test(line)) return line;
  const cells: string[] = [];
  let column = 0;
  for (let at = 0; at < line.length;) {
    const code = line.codePointAt(at) ?? 0;
    const character = String.fromCodePoint(code);
    if (code === 0x1b) {
      escape.lastIndex = at;
      const found = escape.exec(line);
      column = applyEscape(cells, column, found?.[1] ?? "", found?.[2] ?? "");
      at += found === null ? 1 : Math.max(1, found[0].length);
      continue;
    }
    if (code === 0x0d) column = 0;
    else if (code === 0x08) column = Math.max(0, column - 1);
    else if (code >= 0x20 && code !== 0x7f) put(cells, column++, character);
    else if (code === 0x09) put(cells, column++, character);
    at += character.length;
  }
  return cells.join("");
}

function put(cells: string[], column: number, character: string): void {
  while (cells.length < column) cells.push(" ");
  cells[column] = character;
}

/** Does the few sequences that move or erase within a line; gives the new column. */
function applyEscape(cells: string[], column: number, parameters: string, final: string): number {
  const count = Math.min(Math.max(1, Number.parseInt(parameters, 10) || 1), 4096);
  switch (final) {
    case "K":
      if (parameters === "2") cells.length = 0;
      else if (parameters === "1") for (let at = 0; at <= column && at < cells.length; at++) cells[at] = " ";
      else cells.length = Math.min(cells.length, column);
      return column;
    case "J":
      cells.length = parameters === "2" ? 0 : Math.min(cells.length, column);
      return column;
    case "C":
      return column + count;
    case "D":
      return Math.max(0, column - count);
    case "G":
      return count - 1;
    case "P":
      cells.splice(column, count);
      return column;
    default:
      return column;
  }
}
