// What went wrong, on one screen.
import type { Failure } from "../run/failure.ts";
import { codeFrame, printable, type Paint } from "../text/code-frame.ts";
import { fit } from "./run-view.ts";

const longestOutput = 8;

/**
 * A failure as an operator reads it: the sentence with its place, the host, what was sent, the last lines that came back, what
 * was expected against what was seen, the likely cause, and the way on.
 */
export function failureScreen(failure: Failure, paint: Paint, columns: number): string[] {
  const place =
    failure.place === undefined ? "" : `  ${failure.place.file}:${failure.place.line}:${failure.place.column}`;
  const lines = ["", `${paint.error(failure.outcome)}${place}`];
  if (failure.span === undefined) lines.push(`  ${fit(failure.sentence, columns - 2)}`);
  else lines.push(...codeFrame(failure.span, paint).map((line) => line.trimEnd()));
  lines.push(...wrapped(failure.reason, columns));
  if (failure.host !== undefined) lines.push(`  ${paint.dim("host")}      ${printable(failure.host)}`);
  if (failure.sent !== undefined) lines.push(...wrapped(failure.sent, columns, `  ${paint.dim("sent")}      `, 12));
  if (failure.lastLines.length > 0) {
    const shown = failure.lastLines.slice(-longestOutput);
    lines.push(`  ${paint.dim(shown.length < failure.lastLines.length ? "came back, its last lines" : "came back")}`);
    for (const line of shown) lines.push(`  | ${fit(line, columns - 4)}`);
  }
  for (const check of failure.checks) {
    lines.push(`  ${paint.dim("expected")}  ${fit(check.expected, columns - 12)}`);
    lines.push(`  ${paint.dim("seen")}      ${fit(check.seen, columns - 12)}`);
    if (check.nearest !== undefined) {
      lines.push(`  ${paint.dim("nearest")}   ${fit(check.nearest, columns - 12)}`);
      const marks = differences(check.expected, check.nearest);
      if (marks.trim() !== "") lines.push(`            ${paint.error(fit(marks, columns - 12))}`);
    }
  }
  for (const cause of new Set(failure.likelyCause))
    lines.push(...wrapped(cause, columns, `  ${paint.dim("likely")}    `, 12));
  if (failure.wayOn !== undefined) lines.push(...wrapped(failure.wayOn, columns, `  ${paint.dim("way on")}    `, 12));
  return lines;
}

/** Words broken at blanks to the width; a word that is longer than a line stands on its own. */
export function wrapped(text: string, columns: number, first = "  ", indent = 2): string[] {
  const width = Math.max(20, columns - indent);
  const lines: string[] = [];
  for (const paragraph of text.split("\n")) {
    let line = "";
    for (const word of printable(paragraph).split(" ")) {
      if (line !== "" && line.length + 1 + word.length > width) {
        lines.push(line);
        line = word;
      } else line = line === "" ? word : `${line} ${word}`;
    }
    lines.push(line);
  }
  return lines.map((line, index) => `${index === 0 ? first : " ".repeat(indent)}${line}`);
}

/**
 * `^` under each character of the nearest line that the expected one does not have there. Nothing where the two have little in
 * common, or where a hole makes places meaningless.
 */
function differences(expected: string, nearest: string): string {
  const wanted = [...(/"(.*)"/.exec(expected)?.[1] ?? expected)];
  if (wanted.includes("<")) return "";
  const seen = [...nearest];
  const same = seen.filter((character, index) => character === wanted[index]).length;
  if (same * 2 < Math.max(wanted.length, seen.length)) return "";
  return seen.map((character, index) => (character === wanted[index] ? " " : "^")).join("");
}
