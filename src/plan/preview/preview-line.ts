// What a preview is made of: plain data, which `ordo plan --json` writes as it is.
import type { Certainty } from "../walk-plan.ts";
import type { PreviewCommand } from "./preview-command.ts";

export interface PreviewStep {
  /** Undefined: `finally`. */
  readonly number: number | undefined;
  readonly title: string;
  readonly lines: readonly PreviewLine[];
  /** Whether the step has an `undo` of its own. */
  readonly hasUndo: boolean;
}

/** One thing that will happen, and the runbook's sentence that asks for it. */
export type PreviewLine = PreviewCommand | PreviewCopy | PreviewOther;

/** A file from host to host, relayed by the runner. */
interface PreviewCopy extends PreviewBase {
  readonly type: "copy";
  readonly text: string;
}

/** What needs a person, what it destroys, what is compared, waited for, noted. */
interface PreviewOther extends PreviewBase {
  readonly type: "confirm" | "by-hand" | "ask" | "destroys" | "check" | "note" | "attach" | "wait" | "fail" | "on-each";
  readonly text: string;
}

export interface PreviewBase {
  readonly sentence: string;
  readonly file: string;
  readonly line: number;
  readonly host?: string;
  readonly certainty: Certainty;
}
