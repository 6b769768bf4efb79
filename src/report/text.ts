// transcript.txt: the records for reading, step by step, in the order in which they happened. Memory: the open commands.
import type { NumberedEvent } from "../run/record-table.ts";
import { OutputLines, outsideAnyCommand } from "./text/output-lines.ts";
import { duration, field, indented, moment, rule, safe, titled } from "./text/layout.ts";

/** A record, or what is left of a withheld one. */
export type ReadableRecord = NumberedEvent | { readonly n: number; readonly withheld: string };

/**
 * The transcript as text, piece by piece, about 100 columns wide; output of hosts is never wrapped.
 * Control characters of hosts are written out, so it can be shown on any terminal.
 */
export async function* transcriptText(records: AsyncIterable<ReadableRecord>): AsyncGenerator<string> {
  const output = new OutputLines();
  for await (const record of records) {
    const text = "withheld" in record ? `\n[${record.n}] withheld\n` : textOf(record, output);
    if (text !== "") yield text;
  }
  yield output.end();
}

function textOf(record: NumberedEvent, output: OutputLines): string {
  if (record.type === "output") return output.add(record);
  // A cut line of this command is finished before anything else is said of it.
  const rest =
    output.finish(outsideAnyCommand) +
    (record.command === undefined ? "" : output.finish(record.command) + output.goesOn(record.command, record.host));
  if (record.command === undefined) output.begins(record.n);
  return rest + sayRecord(record);
}

function sayRecord(record: NumberedEvent): string {
  switch (record.type) {
    case "run-started":
      return heading(record);
    case "bound":
      return inner(`${record.name} is ${record.secret === true ? "a secret" : record.value}, from ${record.from}`);
    case "connected":
      return (
        opened(
          record,
          `connected as ${record.account} to ${record.address}, port ${record.port}, by ${record.authenticated}`,
        ) + hostKey(record)
      );
    case "disconnected":
      return opened(record, `disconnected: ${record.reason}`);
    case "step-started":
      return `\n\n${titled(`Step${record.step === undefined ? "" : ` ${record.step}`}: ${record.title}`, "-")}`;
    case "step-ended":
      return `\n[${record.n}] step ${safe(record.title)}${on(record)}: ${record.outcome}${because(record.reason)}, ${duration(record.durationMs)}\n`;
    case "command":
      return opened(record, record.sentence, place(record)) + commandText(record);
    case "output":
      return "";
    case "question":
      return (
        inner(record.declared ? "it asks, as the runbook foresees:" : "it asks what nobody foresaw:") +
        indented(record.screen, 8, "? ")
      );
    case "answer":
      return inner(
        `answered with ${record.secret === undefined ? `"${record.text ?? ""}"` : `[secret ${record.secret}]`}, from ${record.from}`,
      );
    case "check":
      return (
        inner(
          `${record.held ? "held" : "NOT HELD"}: ${record.what}: expected ${record.expected}; seen ${record.seen}`,
        ) + nearest(record.nearest)
      );
    case "captured":
      return inner(
        `captured ${record.name}: ${typeof record.value === "string" ? record.value : JSON.stringify(record.value)}`,
      );
    case "result":
      return inner(
        `${ended(record)}: ${record.outcome}${because(record.reason)}, ${duration(record.durationMs)}, ${record.bytes} bytes`,
      );
    case "confirmed":
    case "refused":
    case "by-hand":
      return (
        opened(
          record,
          `${record.who}${record.role === undefined ? "" : ` (${record.role})`} ${personSays[record.type]}: ${record.words}`,
        ) + inner(`identified by ${record.identifiedBy}, after ${duration(record.durationMs)}`)
      );
    case "asked":
      return (
        opened(record, `${record.who} was asked: ${record.words}`) +
        inner(`${record.name} is ${record.value}; identified by ${record.identifiedBy}`)
      );
    case "evidence":
      return (
        opened(record, `kept ${record.path} (${record.bytes} bytes) from ${record.from}`) +
        inner(`SHA-256 ${record.sha256}`)
      );
    case "deviation":
      return opened(record, `DEVIATION: ${record.what}; ${record.who}: ${record.reason}`);
    case "note":
      return opened(record, `note: ${record.words}`);
    case "interrupted":
      return opened(record, `INTERRUPTED by ${record.signal}`);
    case "run-ended":
      return ending(record);
  }
}

function inner(text: string): string {
  return indented(text, 6);
}

type Of<T extends NumberedEvent["type"]> = Extract<NumberedEvent, { readonly type: T }>;

const personSays = { confirmed: "confirmed", refused: "REFUSED", "by-hand": "did by hand" } as const;

function heading(record: Of<"run-started">): string {
  const { operator, runner, clock } = record;
  const offset = clock.offsetMs === undefined ? "" : `, offset ${clock.offsetMs} ms`;
  return [
    titled(record.title, "="),
    field("run", record.run),
    field("version", record.version),
    field("owner", record.owner),
    field("started", moment(record.at)),
    field("operator", `${operator.name}, identified by ${operator.identifiedBy}`),
    field("runner", `${runner.account} on ${runner.machine} (${runner.system}, Node ${runner.node})`),
    field("program", `ordo ${record.ordo.version}, build ${record.ordo.build}`),
    field("clock", `${clock.source}; synchronised: ${clock.synchronised}${offset}`),
    field("command line", record.commandLine.join(" ")),
    field("rehearsal", record.rehearsal === true ? "yes: only what changes nothing is run" : undefined),
    field("ticket", record.ticket),
    field("approval", record.approval),
    field(
      "continues",
      record.continues === undefined ? undefined : `run ${record.continues.run}, head ${record.continues.head}`,
    ),
    field("expected", record.signers?.map(({ name, role }) => `${name} (${role})`).join(", ")),
    ...record.sources.map(
      (source) => field("source", `${source.path}, read from ${source.from}`) + field("", `SHA-256 ${source.sha256}`),
    ),
    "\nNumbers in brackets are those of the records in transcript.jsonl, from which this text is made; the time is\nthat since the start. Lines after | are a host's output, as they arrived.\n\n",
  ].join("");
}

function opened(record: NumberedEvent, text: string, after = ""): string {
  return `\n[${record.n}] ${duration(record.ms)}${on(record)}\n${indented(`${text}${after}`, 4)}`;
}

function commandText(record: Of<"command">): string {
  const as = `${record.account === undefined ? "" : ` as ${record.account}`}${record.folder === undefined ? "" : ` in ${record.folder}`}`;
  const attempt = record.attempt > 1 ? `, attempt ${record.attempt}` : "";
  const destroys = record.destroys === undefined ? "" : indented(`DESTROYS ${record.destroys}`, 6);
  const effect = record.changes ? "changes the host" : "changes nothing";
  const wire =
    record.wire === undefined
      ? ""
      : indented("reaches the host as:", 6) + indented(shortWire(record.wire, record.n), 8, "> ");
  // What a phrase does inside is told by the commands that follow.
  const to = record.shell === "phrase" ? "a phrase" : `to ${record.shell}`;
  return indented(record.text, 6, "> ") + wire + indented(`${to}${as}; ${effect}${attempt}`, 6) + destroys;
}

const longestWire = 400;

/** An encoded line of thousands of characters says nothing to a reader: its beginning does, and the record has it whole. */
function shortWire(wire: string, n: number): string {
  return wire.length <= longestWire
    ? wire
    : `${wire.slice(0, 160)}… (${wire.length} characters, whole in record ${n} of transcript.jsonl)`;
}

function hostKey(record: Of<"connected">): string {
  const trust = record.trustedBecause === undefined ? "" : `, trusted: ${record.trustedBecause}`;
  const through = record.through === undefined ? "" : indented(`through ${record.through.join(", ")}`, 6);
  const server =
    record.serverVersion === undefined
      ? ""
      : indented(
          `server ${record.serverVersion}${record.hostVersion === undefined ? "" : `, version ${record.hostVersion}`}`,
          6,
        );
  const weak =
    record.weak === undefined || record.weak.length === 0
      ? ""
      : indented(`WEAK algorithms: ${record.weak.join(", ")}`, 6);
  return (
    (record.hostKey === undefined ? "" : indented(`host key ${record.hostKey}${trust}`, 6)) + through + server + weak
  );
}

function ended(record: Of<"result">): string {
  if (record.unknown === true) return "OUTCOME UNKNOWN, the connection was lost";
  if (record.signal !== undefined) return `ended by ${record.signal}`;
  return record.exit === undefined ? "ended" : `exit status ${record.exit}`;
}

function ending(record: Of<"run-ended">): string {
  const counts = Object.entries(record.counts).map(([outcome, count]) => `${count} ${outcome}`);
  return `\n\n${rule("=")}\n${field("ended", moment(record.at))}${field("outcome", `${record.outcome}${because(record.reason)}`)}${field("counts", counts.join(", "))}${field("took", duration(record.durationMs))}`;
}

function nearest(line: string | undefined): string {
  return line === undefined ? "" : indented(`the nearest line: ${line}`, 8);
}

function on(record: NumberedEvent): string {
  return record.host === undefined ? "" : ` on ${safe(record.host)}`;
}

function place({ source }: NumberedEvent): string {
  return source === undefined ? "" : `   (${source.file}:${source.line})`;
}

function because(reason: string | undefined): string {
  return reason === undefined ? "" : ` (${safe(reason)})`;
}
