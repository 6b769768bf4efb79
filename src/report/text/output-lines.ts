// The output of hosts as marked lines: pieces are joined to lines, and when another command speaks in between it says so.
import type { NumberedEvent } from "../../run/record-table.ts";
import { shownLines } from "../../transcript/shown.ts";
import { safe } from "./layout.ts";

type Output = Extract<NumberedEvent, { readonly type: "output" }>;

/** A line without an end that is longer than this is cut. */
const longestCut = 16_384;

/** Stands for the number of a command where a host spoke outside any, such as its greeting. */
export const outsideAnyCommand = 0;

/** Keeps for each command the line that is not yet complete. */
export class OutputLines {
  readonly #cut = new Map<number, { text: string; host: string | undefined; mark: string }>();
  /** The command that spoke last. */
  #speaking: number | undefined;

  /** Text of whole lines that an output record completes. */
  add(record: Output): string {
    const command = record.command ?? outsideAnyCommand;
    const mark = record.stream === "err" ? "! " : "| ";
    const before = this.#cut.get(command);
    const changed = before !== undefined && before.mark !== mark ? this.finish(command) : "";
    const text = (changed === "" ? (before?.text ?? "") : "") + textOf(record);
    const lines = text.split("\n");
    const rest = lines.pop() ?? "";
    if (rest === "") this.#cut.delete(command);
    else if (rest.length > longestCut) {
      lines.push(rest);
      this.#cut.delete(command);
    } else this.#cut.set(command, { text: rest, host: record.host, mark });
    if (lines.length === 0) return changed;
    return changed + this.goesOn(command, record.host) + lines.map((line) => laid(line, mark)).join("");
  }

  /** The cut line of a command, when there is one. */
  finish(command: number): string {
    const cut = this.#cut.get(command);
    if (cut === undefined) return "";
    this.#cut.delete(command);
    return this.goesOn(command, cut.host) + laid(cut.text, cut.mark);
  }

  /** All that are left. */
  end(): string {
    return [...this.#cut.keys()].map((command) => this.finish(command)).join("");
  }

  /** A line that says whose lines follow, when another command's stand before them. */
  goesOn(command: number, host: string | undefined): string {
    const before = this.#speaking;
    this.#speaking = command;
    if (before === command) return "";
    const who = host === undefined ? "" : ` on ${safe(host)}`;
    if (command === outsideAnyCommand) return `\n    said${who}, outside any command:\n`;
    return before === undefined ? "" : `    ... [${command}]${who}\n`;
  }

  /** Record `command` has just been told of: when it is a command, what follows is its own. */
  begins(command: number): void {
    this.#speaking = command;
  }
}

function textOf(record: Output): string {
  if (record.hidden !== undefined) return `(${record.hidden} bytes, hidden)\n`;
  if (record.base64 !== undefined) return `(bytes that are no text, base64) ${record.base64}\n`;
  const text = record.text ?? "";
  if (record.stream !== "screen") return text.replaceAll("\r\n", "\n");
  // A terminal's colours and cursor moves say nothing on paper; the records hold them.
  return text.replaceAll(terminalSequence, "").replaceAll(/\r+\n/g, "\n").replaceAll(/\r+/g, "\n");
}

// eslint-disable-next-line no-control-regex -- escape sequences begin with a control character
const terminalSequence = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\^_=>])/g;

function laid(line: string, mark: string): string {
  return `      ${mark}${shownLines(line.endsWith("\r") ? line.slice(0, -1) : line)}`.trimEnd() + "\n";
}
