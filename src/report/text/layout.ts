// How transcript.txt is laid out: rules, fields, indents, wrapping; nothing of a host's can move a cursor.
import { shown, shownLines } from "../../transcript/shown.ts";

const widthColumns = 100;

/** One line of text with control, bidi and unseen characters written as `\uXXXX`. */
export function safe(text: string): string {
  return shown(text, Number.POSITIVE_INFINITY);
}

export function rule(character: string): string {
  return character.repeat(widthColumns);
}

export function titled(title: string, character: string): string {
  return `${safe(title)}\n${rule(character)}\n`;
}

/** A named line of the head; nothing when there is no value. */
export function field(name: string, value: string | undefined): string {
  if (value === undefined || value === "") return "";
  return wrapped(safe(value), widthColumns - 14)
    .map((line, i) => `${(i === 0 ? name : "").padEnd(14)}${line}\n`)
    .join("");
}

/** Indented lines; prose (no mark) is wrapped, marked lines are a machine's and stay as they are. */
export function indented(text: string, columns: number, mark = ""): string {
  const margin = " ".repeat(columns) + mark;
  const lines = shownLines(text.replaceAll("\r\n", "\n").replace(/\n$/, "")).split("\n");
  const laid = mark === "" ? lines.flatMap((line) => wrapped(line, widthColumns - columns)) : lines;
  return laid.map((line) => `${margin}${line}`.trimEnd() + "\n").join("");
}

/** `2026-11-25 14:03:22.123 UTC`. */
export function moment(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, -1)} UTC`;
}

/** `0.120 s`, `12.345 s`, `3 min 02.500 s`, `1 h 03 min 02 s`. */
export function duration(ms: number): string {
  if (ms < 60_000) return `${(ms / 1000).toFixed(3)} s`;
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 60) return `${minutes} min ${((ms % 60_000) / 1000).toFixed(3).padStart(6, "0")} s`;
  const seconds = Math.floor((ms % 60_000) / 1000);
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min ${String(seconds).padStart(2, "0")} s`;
}

/** Breaks at blanks; a word that is longer than a line stays whole, so that it can be searched for. */
function wrapped(text: string, columns: number): string[] {
  if (text.length <= columns) return [text];
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines;
}
