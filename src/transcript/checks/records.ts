// One pass over transcript.jsonl: order, chain, first and last, commands without results, what is withheld. Memory: a few lines.
import type { EventOf } from "../../run/record-table.ts";
import { beforeFirst, linkOf, sha256 } from "../chain.ts";
import { isWithheld, splitLines, type Line, type TranscriptRecord } from "../reader.ts";
import { SealBuilder } from "../seal.ts";
import { shown } from "../shown.ts";
import { Check } from "../verification.ts";
import { OutcomeUnknown } from "./outcome-unknown.ts";
import { readStrictly, type StrictLine } from "./strict-line.ts";

const file = "transcript.jsonl";

/** A file that the records speak of. */
export interface NamedFile {
  readonly record: number;
  readonly path: string;
  readonly sha256: string;
  readonly bytes?: number;
}

/** `sources/1-name`, `evidence/host/1-name`: nothing that leads out of the folder. */
const storedPath = /^(?:sources|evidence\/[A-Za-z0-9_-][A-Za-z0-9._-]{0,120})\/[1-9][0-9]{0,9}-[A-Za-z0-9._-]{1,120}$/;

/** More files than any run keeps: what lies beyond is not remembered but found bad. */
const mostFiles = 100_000;
/** Hosts whose clocks are remembered. */
const mostHosts = 10_000;

/** What the one pass over the records leaves behind for the checks after it. */
export class RecordsPass {
  readonly order = new Check("records in order");
  readonly chain = new Check("chain unbroken");
  readonly ends = new Check("first and last record as they must be");
  readonly results = new OutcomeUnknown();
  readonly heads = new Check("head");
  readonly seal = new SealBuilder();
  readonly files = new Map<string, NamedFile>();
  readonly people: { readonly who: string; readonly role: string; readonly record: number }[] = [];
  started: EventOf<"run-started"> | undefined;
  last: TranscriptRecord | undefined;
  records = 0;
  withheld = 0;
  /** Bytes of a last line without its line feed. */
  tornBytes = 0;
  head = beforeFirst;
  /** The record whose head was asked for. */
  headAt: number | undefined;
  #lines = 0;
  #expected = 1;
  #lost = false;
  #ms = new Map<string, number>();
  readonly #digits: string | undefined;

  /** @param digits the first digits of a head to look for */
  constructor(digits: string | undefined) {
    this.#digits = digits;
  }

  /** Reads the whole file. */
  async read(chunks: AsyncIterable<Buffer>): Promise<void> {
    for await (const lines of splitLines(chunks)) for (const line of lines) this.#line(line);
  }

  #line(line: Line): void {
    if (line.type === "torn") {
      this.tornBytes = line.sizeBytes;
      return;
    }
    this.#lines++;
    const read = line.type === "too-long" ? { misfit: "It is longer than 1 MiB." } : readStrictly(line.bytes);
    const n = this.#order(read);
    this.#chain(n, read, line);
    this.records++;
    const { record } = read;
    if (record === undefined) {
      this.last = undefined;
      return;
    }
    this.seal.add(record);
    if (isWithheld(record)) {
      this.withheld++;
      this.last = undefined;
      if (n === 1) this.ends.add("bad", "The first record is withheld, which the first can't be.", { file, record: 1 });
      return;
    }
    this.last = record;
    this.#content(record);
  }

  #order(read: StrictLine): number {
    const n = read.n ?? this.#expected;
    const place = { file, record: n };
    if (read.misfit !== undefined)
      this.order.add("bad", `Line ${this.#lines} (record ${n}) is no record as it must be: ${read.misfit}`, place);
    if (n === this.#expected - 1)
      this.order.add("bad", `Record ${n} stands twice: line ${this.#lines} has its number again.`, place);
    else if (n > this.#expected) {
      const missing =
        n === this.#expected + 1
          ? `record ${this.#expected} is missing`
          : `records ${this.#expected} to ${n - 1} are missing`;
      this.order.add("bad", `Line ${this.#lines} is record ${n}, and ${missing} before it.`, place);
    } else if (n !== this.#expected) {
      this.order.add("bad", `Line ${this.#lines} is record ${n} where record ${this.#expected} must stand.`, place);
    }
    this.#expected = n + 1;
    return n;
  }

  #chain(n: number, read: StrictLine, line: Line): void {
    const place = { file, record: n };
    const before = this.head;
    if (read.prev === undefined) {
      this.chain.add("bad", `The chain can't be followed through record ${n}: it names no record before it.`, place);
      this.#lost = true;
      return;
    }
    if (!this.#lost && read.prev !== before) {
      const sentence =
        n === 1
          ? `Record 1 names a record before it (${read.prev}), and must name 64 zeros.`
          : `The chain breaks between records ${n - 1} and ${n}: record ${n} was chained to ${read.prev}, and what stands before it gives ${before}.`;
      this.chain.add("bad", sentence, place);
    }
    this.#lost = false;
    const hash = read.record !== undefined && isWithheld(read.record) ? read.record.withheld : sha256(line.bytes);
    this.head = linkOf(n, hash, read.prev);
    if (this.#digits !== undefined && this.head.startsWith(this.#digits)) this.headAt = n;
  }

  #content(record: TranscriptRecord): void {
    const { n, host } = record;
    const place = { file, record: n };
    const first = this.#lines === 1;
    if (first !== (record.type === "run-started")) {
      this.ends.add(
        "bad",
        first
          ? `The first record is "${record.type}" and must be "run-started".`
          : `Record ${n} is a second "run-started".`,
        place,
      );
    }
    if (this.seal.types.get("run-ended") === 1 && record.type !== "run-ended") {
      this.ends.add("bad", `Record ${n} stands after "run-ended", which must be the last.`, place);
    }
    const ms = this.#ms.get(host ?? "");
    if (ms !== undefined && record.ms < ms) {
      this.order.add(
        "bad",
        `Record ${n} lies before the one before it${host === undefined ? "" : ` on ${host}`}: ${record.ms} ms after ${ms} ms.`,
        place,
      );
    }
    if (ms !== undefined || (this.#ms.size < mostHosts && (host ?? "").length < 300))
      this.#ms.set(host ?? "", record.ms);
    this.results.add(record);
    if (record.type === "run-started" && first) {
      this.started = record;
      for (const source of record.sources) this.#names({ record: n, path: source.path, sha256: source.sha256 });
    }
    if (record.type === "evidence")
      this.#names({ record: n, path: record.path, sha256: record.sha256, bytes: record.bytes });
    if (
      (record.type === "confirmed" || record.type === "by-hand") &&
      record.role !== undefined &&
      this.people.length < 1000
    ) {
      this.people.push({ who: shown(record.who), role: shown(record.role), record: n });
    }
  }

  #names(named: NamedFile): void {
    const place = { file, record: named.record };
    if (!storedPath.test(named.path))
      this.order.add(
        "bad",
        `Record ${named.record} names a file "${shown(named.path)}", which can't be a file of a transcript.`,
        place,
      );
    else if (this.files.has(named.path))
      this.order.add("bad", `Record ${named.record} names ${named.path}, which an earlier record names too.`, place);
    else if (this.files.size >= mostFiles)
      this.order.add("bad", `Record ${named.record} names one file more than ${mostFiles}.`, place);
    else this.files.set(named.path, named);
  }
}
