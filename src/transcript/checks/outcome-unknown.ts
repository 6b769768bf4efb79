// Commands without a result: nobody knows whether they did their work.
import type { TranscriptRecord } from "../reader.ts";
import { shown } from "../shown.ts";
import { Check, type NamedCheck } from "../verification.ts";

/** Commands that wait for a result at one time; a run has as many as it has hosts. */
const mostOpen = 10_000;

/** Follows the records and keeps the commands that have no result yet. */
export class OutcomeUnknown {
  readonly #open = new Map<number, { readonly sentence: string; readonly host: string }>();
  #beyond = 0;

  add(record: TranscriptRecord): void {
    if (record.type === "command") {
      if (this.#open.size >= mostOpen) this.#beyond++;
      else this.#open.set(record.n, { sentence: copied(record.sentence), host: copied(record.host ?? "no host") });
    } else if (record.type === "result" && record.command !== undefined) {
      this.#open.delete(record.command);
    }
  }

  /** @param withheld how many records are withheld: a result may be among them */
  named(withheld: number): NamedCheck {
    const check = new Check("every command has its result");
    const perhaps = withheld > 0 ? " (its result may be among the withheld records)" : "";
    for (const [n, { sentence, host }] of this.#open) {
      check.add("said", `Outcome unknown: command ${n} on ${host} has no result${perhaps}: ${sentence}`, {
        file: "transcript.jsonl",
        record: n,
      });
    }
    if (this.#beyond > 0) check.add("said", `Outcome unknown: ${this.#beyond} more commands may have no result.`);
    return check.named("Every command has its result.");
  }
}

/** A short text of its own: a slice would keep the whole line in memory. */
function copied(text: string): string {
  return Buffer.from(shown(text)).toString();
}
