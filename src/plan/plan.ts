// A Plan: inputs bound, every phrase opened to its commands for its host's kind. Data only; `run` interprets it.
import type { PhraseBody, Program } from "../check/program.ts";
import type { Host } from "../inventory/inventory.ts";
import type {
  ClauseNode,
  CommandNode,
  ConditionNode,
  ScriptNode,
  SecretFromNode,
  TextNode,
  ValueNode,
} from "../language/tree.ts";
import type { Span } from "../text/source.ts";
import type { Kind, ShellName, Type } from "../vocabulary/vocabulary.ts";
import type { Value } from "./value.ts";

export interface Plan {
  readonly program: Program;
  readonly title: string;
  /** The inputs and declared secrets, in their order, with where each value came from. */
  readonly bindings: readonly Binding[];
  /** Every host that the plan may touch, `here` too, under the name by which it is known. */
  readonly hosts: ReadonlyMap<string, PlannedHost>;
  /** Names of `needs` (and others) → host names are `host` values in here. */
  readonly values: ReadonlyMap<string, Value>;
  /** Secrets to be read before anything runs; passwords of hosts too. */
  readonly secrets: readonly { readonly name: string; readonly from: SecretFromNode }[];
  readonly steps: readonly PlanStep[];
  readonly finally: readonly PlanItem[];
  /** What a dialogue is sent first (`on opening` of its kind), by host; hosts without one are not in it. */
  readonly openings: ReadonlyMap<string, readonly PlanItem[]>;
}

export interface Binding {
  readonly name: string;
  /** As shown; a secret's is its name. */
  readonly value: string;
  /** `--set`, `hosts.runbook`, `default`, `asked`, … */
  readonly from: string;
  readonly secret: boolean;
}

export interface PlannedHost {
  readonly host: Host;
  readonly kind: Kind;
}

export interface PlanStep {
  /** From 1. */
  readonly number: number;
  readonly title: TextNode | string;
  readonly items: readonly PlanItem[];
  readonly undo: readonly PlanItem[] | undefined;
  readonly narrative: string | undefined;
  readonly span: Span;
}

/** Where an item happens: a name in `Plan.hosts`, or the name of a value of type host that is known only then. */
export interface PlannedPlace {
  readonly host: string;
  readonly as: TextNode | undefined;
  readonly in: TextNode | undefined;
}

export type PlanItem =
  | PlanCall
  | PlanCommand
  | {
      readonly type: "on-each";
      readonly name: string;
      readonly atATime: number;
      readonly stopAfter: number;
      readonly runs: readonly { readonly host: string; readonly items: readonly PlanItem[] }[];
      readonly span: Span;
    }
  | {
      readonly type: "let";
      readonly name: string;
      readonly value: ValueNode;
      readonly place: PlannedPlace;
      readonly span: Span;
    }
  | { readonly type: "expect"; readonly condition: ConditionNode; readonly place: PlannedPlace; readonly span: Span }
  | {
      readonly type: "if";
      readonly branches: readonly {
        readonly condition: ConditionNode | undefined;
        readonly items: readonly PlanItem[];
        readonly span: Span;
      }[];
      readonly place: PlannedPlace;
      readonly span: Span;
    }
  | {
      readonly type: "for-each";
      readonly name: string;
      readonly list: ValueNode;
      readonly items: readonly PlanItem[];
      readonly span: Span;
    }
  | { readonly type: "ask"; readonly name: string; readonly of: Type; readonly question: TextNode; readonly span: Span }
  | {
      readonly type: "confirm" | "by-hand";
      readonly words: TextNode;
      readonly by: string | undefined;
      readonly span: Span;
    }
  | { readonly type: "note"; readonly words: TextNode; readonly span: Span }
  | { readonly type: "attach"; readonly file: TextNode; readonly place: PlannedPlace; readonly span: Span }
  | { readonly type: "wait"; readonly duration: TextNode; readonly span: Span }
  | { readonly type: "fail"; readonly reason: TextNode; readonly span: Span };

/** A phrase: its slots in the caller's names, and its bodies (one, unless the host's version decides at run time). */
export interface PlanCall {
  readonly type: "call";
  readonly phrase: string;
  readonly core: "fetch" | "send" | undefined;
  readonly slots: ReadonlyMap<string, { readonly value: TextNode; readonly type: Type }>;
  readonly place: PlannedPlace;
  readonly clauses: readonly ClauseNode[];
  /** In the order in which they are tried: the first whose `before` is undefined or above the host's version. */
  readonly bodies: readonly {
    readonly before: string | undefined;
    readonly body: PhraseBody;
    readonly items: readonly PlanItem[];
    readonly undo: readonly PlanItem[] | undefined;
  }[];
  readonly changesNothing: boolean;
  readonly destroys: TextNode | undefined;
  readonly unmet: readonly string[];
  readonly span: Span;
}

export interface PlanCommand {
  readonly type: "command";
  readonly command: CommandNode | ScriptNode;
  /** The shell that reads it, or `dialogue`. */
  readonly shell: ShellName | "dialogue";
  readonly place: PlannedPlace;
  readonly clauses: readonly ClauseNode[];
  readonly changesNothing: boolean;
  readonly destroys: TextNode | undefined;
  readonly logsIn: boolean;
  readonly span: Span;
}
