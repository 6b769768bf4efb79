import type { NumberedEvent } from "../run/record-table.ts";
import { printableLine, type Paint } from "../text/code-frame.ts";
import { shortDuration } from "./run-view.ts";

/** What a record says to somebody who watches the run again; nothing for records that only an auditor reads. */
export function replayLines(record: NumberedEvent, paint: Paint): string[] {
  const host = record.host ?? "here";
  switch (record.type) {
    case "run-started":
      return [paint.bold(`${printableLine(record.title)}  (${record.at}, by ${printableLine(record.operator.name)})`)];
    case "step-started":
      return ["", paint.bold(`${record.step ?? ""} ${printableLine(record.title)}`.trim())];
    case "connected":
      return [
        paint.dim(
          `  ${host}: connected to ${printableLine(record.address)} port ${record.port} as ${printableLine(record.account)}`,
        ),
      ];
    case "command":
      return [`  ${host}> ${printableLine(record.text)}`];
    case "output":
      if (record.text === undefined)
        return [paint.dim(`  ${host}: ${record.hidden ?? record.base64?.length ?? 0} bytes that are not shown`)];
      return visibleLines(record.text).map((line) => `  | ${line}`);
    case "question":
      return [paint.warning(`  ${host} asks: ${printableLine(lastLine(record.screen))}`)];
    case "answer":
      return [`  ${host}< ${printableLine(record.text ?? `[secret ${record.secret ?? ""}]`)}`];
    case "check":
      return record.held
        ? []
        : [
            paint.error(
              `  ${printableLine(record.what)}: expected ${printableLine(record.expected)}, seen ${printableLine(record.seen)}`,
            ),
          ];
    case "result":
      return [
        paint.dim(
          `  ${host}: ${record.outcome}${record.reason === undefined ? "" : `: ${printableLine(record.reason)}`} (${shortDuration(record.durationMs)})`,
        ),
      ];
    case "confirmed":
    case "refused":
    case "by-hand":
      return [
        `  ${printableLine(record.who)} ${record.type === "by-hand" ? "did by hand" : record.type}: ${printableLine(record.words)}`,
      ];
    case "asked":
      return [`  ${printableLine(record.who)} answered ${printableLine(record.name)}: ${printableLine(record.value)}`];
    case "note":
      return [`  note: ${printableLine(record.words)}`];
    case "deviation":
      return [
        paint.warning(
          `  deviation: ${printableLine(record.what)} (${printableLine(record.who)}: ${printableLine(record.reason)})`,
        ),
      ];
    case "interrupted":
      return [paint.warning(`  interrupted: ${printableLine(record.signal)}`)];
    case "step-ended":
      return [paint.dim(`  ${record.outcome} (${shortDuration(record.durationMs)})`)];
    case "run-ended":
      return ["", paint.bold(`${record.outcome} (${shortDuration(record.durationMs)})`)];
    case "bound":
    case "captured":
    case "disconnected":
    case "evidence":
      return [];
  }
}

/** A piece of output as lines that can't speak to the terminal: escape sequences are taken out, not sent. */
function visibleLines(text: string): string[] {
  // oxlint-disable-next-line no-control-regex -- escape sequences are what is taken out
  const plain = text.replace(/\u001b\[[0-9;?]*[ -/]*[@-~]|\u001b[()][0-9A-Za-z]|\u001b[=>]/g, "").replace(/\r/g, "");
  const lines = plain.split("\n").map(printableLine);
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

function lastLine(screen: string): string {
  return screen.trimEnd().split("\n").at(-1) ?? "";
}
