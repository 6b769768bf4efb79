// A run as people follow it: readers of the one stream of events.
import type { EventOf, NumberedEvent, OutcomeName } from "../run/record-table.ts";
import { printableLine, type Paint } from "../text/code-frame.ts";
import type { Output } from "./output.ts";

export interface RunView {
  /** Takes the next event. */
  readonly show: (event: NumberedEvent) => void;
  /** Takes away what is drawn over; called once, at the end or before a question. */
  readonly clear: () => void;
}

const marks: Readonly<Record<OutcomeName, string>> = {
  done: "✓",
  "already so": "=",
  failed: "✗",
  skipped: "-",
  "stopped for a person": "?",
  "not reached": "·",
  unknown: "?",
};

/** `0.3s`, `12s`, `2m05s`: never longer than six characters for what an operator waits for. */
export function shortDuration(ms: number): string {
  if (ms < 9950) return `${(ms / 1000).toFixed(1)}s`;
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${String(seconds % 60).padStart(2, "0")}s`;
}

/** Cut to `width` characters with an ellipsis; control characters are shown, never sent. */
export function fit(text: string, width: number): string {
  const characters = [...printableLine(text)];
  return characters.length <= width ? characters.join("") : `${characters.slice(0, Math.max(1, width - 1)).join("")}…`;
}

/** For a pipe: one line a finished statement, host first. */
export function makeLineView(output: Output): RunView {
  const commands = new Map<number, EventOf<"command">>();
  return {
    clear: () => {},
    show: (event) => {
      const line = finished(event, commands);
      const told = aside(event);
      if (told !== undefined) output.out(printableLine(told));
      if (line !== undefined)
        output.out(
          `${line.host}: ${line.outcome}: ${printableLine(line.sentence)} (${shortDuration(line.durationMs)})`,
        );
    },
  };
}

/** For a terminal: each step's title, its statements as they end, and beneath them what runs now, drawn over. */
export function makeLiveView(output: Output): RunView {
  const commands = new Map<number, EventOf<"command">>();
  const running = new Map<
    number,
    { readonly event: NumberedEvent & { readonly type: "command" }; readonly since: number }
  >();
  let drawn = false;
  let timer: NodeJS.Timeout | undefined;
  const clear = (): void => {
    if (drawn) output.draw("\r\u001b[K");
    drawn = false;
  };
  const draw = (): void => {
    const first = running.values().next().value;
    if (first === undefined) return;
    clear();
    const more = running.size > 1 ? ` and ${running.size - 1} more` : "";
    const time = shortDuration(performance.now() - first.since);
    const text = `  … ${first.event.host ?? "here"}  ${first.event.sentence}`;
    output.draw(output.paint.dim(`${fit(text, output.columns - time.length - more.length - 4)}${more}  ${time}`));
    drawn = true;
  };
  const line = (text: string): void => {
    clear();
    output.err(text);
  };
  return {
    clear: () => {
      clear();
      clearInterval(timer);
      timer = undefined;
    },
    show: (event) => {
      const done = finished(event, commands);
      if (event.type === "step-started")
        line(output.paint.bold(fit(`${event.step ?? ""} ${event.title}`.trim(), output.columns - 1)));
      if (event.type === "command" && event.command === undefined)
        running.set(event.n, { event, since: performance.now() });
      if (event.type === "result" && event.command !== undefined) running.delete(event.command);
      if (done !== undefined) line(statementLine(done, output));
      const told = aside(event);
      if (told !== undefined) line(`    ${output.paint.dim(fit(told, output.columns - 5))}`);
      if (running.size > 0) {
        timer ??= setInterval(draw, 100);
        timer.unref();
      } else {
        clear();
        clearInterval(timer);
        timer = undefined;
      }
    },
  };
}

interface Finished {
  readonly host: string;
  readonly sentence: string;
  readonly outcome: OutcomeName;
  readonly durationMs: number;
}

function finished(event: NumberedEvent, commands: Map<number, EventOf<"command">>): Finished | undefined {
  const host = event.host ?? "here";
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- only these finish a statement
  switch (event.type) {
    case "command":
      commands.set(event.n, event);
      return undefined;
    case "result": {
      const command = event.command === undefined ? undefined : commands.get(event.command);
      if (event.command !== undefined) commands.delete(event.command);
      // What a phrase did inside is its own business: the sentence is said once, when the phrase is over.
      return command === undefined || command.command !== undefined
        ? undefined
        : { host, sentence: command.sentence, outcome: event.outcome, durationMs: event.durationMs };
    }
    case "confirmed":
      return {
        host: event.role ?? "operator",
        sentence: `confirmed: ${event.words}`,
        outcome: "done",
        durationMs: event.durationMs,
      };
    case "refused":
      return {
        host: event.role ?? "operator",
        sentence: `refused: ${event.words}`,
        outcome: "stopped for a person",
        durationMs: event.durationMs,
      };
    case "by-hand":
      return {
        host: event.role ?? "operator",
        sentence: `by hand: ${event.words}`,
        outcome: "done",
        durationMs: event.durationMs,
      };
    default:
      return undefined;
  }
}

/** What is told beside the statements: a note of the runbook, an interruption. Notes that the run makes by itself are for readers of the transcript. */
function aside(event: NumberedEvent): string | undefined {
  if (event.type === "interrupted") return `interrupted (${event.signal})`;
  if (event.type !== "note" || event.source === undefined) return undefined;
  return `${event.host ?? "here"}: note: ${event.words}`;
}

function statementLine(done: Finished, output: Output): string {
  const time = shortDuration(done.durationMs);
  const text = fit(`${done.host}  ${done.sentence}`, output.columns - time.length - 7);
  const width = output.columns - time.length - 7;
  return `  ${colourOf(done.outcome, output.paint)(marks[done.outcome])} ${text.padEnd(width)}  ${output.paint.dim(time)}`;
}

/** The colour in which an outcome is shown. */
export function colourOf(outcome: OutcomeName, paint: Paint): (text: string) => string {
  switch (outcome) {
    case "done":
    case "already so":
      return paint.good;
    case "failed":
    case "unknown":
      return paint.error;
    case "skipped":
    case "not reached":
      return paint.dim;
    case "stopped for a person":
      return paint.warning;
  }
}
