// The dialogues of a step: one for each host and account, opened when first needed and closed at the step's end.
import { HostFailure, type Connection, type Session } from "../../hosts/connection.ts";
import type { DialogueKind } from "../../vocabulary/vocabulary.ts";
import type { Output } from "../events/output-pieces.ts";
import type { RunEvent } from "../record-table.ts";

/** An open dialogue. One command at a time. */
export interface OpenDialogue {
  readonly host: string;
  readonly connection: Connection;
  readonly session: Session;
  readonly rules: DialogueKind;
  /** The command that runs in it, where output and answers belong; undefined between two. */
  current: { readonly output: Output; readonly context: Pick<RunEvent, "step" | "source" | "command"> } | undefined;
  /** What comes while no command runs: the greeting, and what a host says unasked. */
  readonly between: Output;
  /** A command's outcome or a question was left open in it: it takes no further line. */
  isSpent: boolean;
}

/** Opens a dialogue: connects, reads to the first prompt, sends what the kind sends first. */
export type OpenDialogueHow = (host: string, account: string | undefined) => Promise<OpenDialogue>;

/** Whether a dialogue can take a line after what may have happened since the last one; rejects where something else must be done first. */
export type IsUsable = (dialogue: OpenDialogue) => Promise<boolean>;

export class StepSessions {
  readonly #open: OpenDialogueHow;
  readonly #isUsable: IsUsable;
  readonly #dialogues = new Map<string, { readonly host: string; readonly opened: Promise<OpenDialogue> }>();

  constructor(open: OpenDialogueHow, isUsable: IsUsable) {
    this.#open = open;
    this.#isUsable = isUsable;
  }

  /**
   * Gives the step's dialogue to `use`; a spent or lost one is opened anew. A step's statements come one after the other (hosts
   * side by side have sessions of their own), so nobody else types into it. Rejects with what opening rejects with.
   */
  async withDialogue<T>(
    host: string,
    account: string | undefined,
    use: (dialogue: OpenDialogue) => Promise<T>,
  ): Promise<T> {
    const key = `${host}\n${account ?? ""}`;
    try {
      return await use(await this.#get(key, host, account));
    } catch (problem) {
      if (problem instanceof HostFailure) await this.#drop(key);
      throw problem;
    }
  }

  /** Closes every dialogue; `ended` is told each host whose dialogue was closed. */
  async close(ended: (host: string) => Promise<void>): Promise<void> {
    const all = [...this.#dialogues.values()];
    this.#dialogues.clear();
    await Promise.all(
      all.map(async ({ host, opened }) => {
        const dialogue = await opened.catch(() => undefined);
        if (dialogue === undefined) return;
        await dialogue.session.close().catch(() => undefined); // it is over either way
        dialogue.between.end();
        await ended(host);
      }),
    );
  }

  async #get(key: string, host: string, account: string | undefined): Promise<OpenDialogue> {
    const standing = await this.#dialogues.get(key)?.opened.catch(() => undefined);
    if (standing !== undefined && !standing.isSpent && standing.connection.alive) {
      if (await this.#isUsable(standing)) return standing;
    }
    if (standing !== undefined) {
      await standing.session.close().catch(() => undefined); // its successor is opened either way
      standing.between.end();
    }
    const opened = this.#open(host, account);
    this.#dialogues.set(key, { host, opened });
    return await opened;
  }

  async #drop(key: string): Promise<void> {
    const entry = this.#dialogues.get(key);
    this.#dialogues.delete(key);
    const dialogue = await entry?.opened.catch(() => undefined);
    await dialogue?.session.close().catch(() => undefined); // lost already
    dialogue?.between.end();
  }
}
