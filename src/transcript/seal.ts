// seal.json: what the whole transcript comes to. Every field follows from the records, so `verify` makes it anew and compares.
import type { EventOf, NumberedEvent } from "../run/record-table.ts";
import type { Fields } from "../run/record-shape.ts";
import { integer, list, map, object, oneOf, optional, text, type ShapedFields } from "../run/record-shape.ts";
import type { Withheld } from "./chain.ts";
import { escapeUnseen } from "./record-line.ts";

/** The fields of seal.json, in the order in which they are written. */
export const sealFields = {
  format: oneOf("ordo seal 1"),
  run: text,
  records: integer,
  types: map(integer),
  head: text,
  outcome: text,
  at: text,
  signers: list(object({ name: text, role: text, key: optional(text) })),
  files: list(object({ path: text, sha256: text })),
} as const satisfies Fields;

export type Seal = ShapedFields<typeof sealFields>;

/** Collects from the records, one after the other, what the seal says. */
export class SealBuilder {
  #records = 0;
  readonly #types = new Map<string, number>();
  #started: EventOf<"run-started"> | undefined;
  #last: NumberedEvent | Withheld | undefined;

  add(record: NumberedEvent | Withheld): void {
    this.#records++;
    this.#last = record;
    if ("withheld" in record) return;
    this.#types.set(record.type, (this.#types.get(record.type) ?? 0) + 1);
    if (record.type === "run-started" && this.#started === undefined) this.#started = record;
  }

  /** How many of each type were seen, those withheld left out. */
  get types(): ReadonlyMap<string, number> {
    return this.#types;
  }

  /**
   * The seal; undefined when the first record is not `run-started` or the last not `run-ended`: nothing else can be sealed.
   */
  seal(head: string, files: Seal["files"]): Seal | undefined {
    const [started, last] = [this.#started, this.#last];
    if (started === undefined || last === undefined || "withheld" in last || last.type !== "run-ended")
      return undefined;
    return {
      format: "ordo seal 1",
      run: started.run,
      records: this.#records,
      // By name, so that the same records give the same bytes.
      types: Object.fromEntries([...this.#types].toSorted(([a], [b]) => (a < b ? -1 : 1))),
      head,
      outcome: last.outcome,
      at: last.at,
      signers: started.signers ?? [],
      files,
    };
  }

  /** The bytes of seal.json. Throws when nothing can be sealed yet. */
  text(head: string, files: Seal["files"]): string {
    const seal = this.seal(head, files);
    if (seal === undefined)
      throw new Error("Only a transcript that begins with run-started and ends with run-ended can be sealed.");
    return sealText(seal);
  }
}

/** A seal as the bytes of seal.json. */
export function sealText(seal: Seal): string {
  return `${escapeUnseen(JSON.stringify(seal, undefined, 2))}\n`;
}
