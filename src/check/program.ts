// A Program is resolved: phrases found, hosts placed, names known to be bound. Nothing after this looks a name up
// in a file; values are looked up by name in the environment of the run.
import type { Inventory } from "../inventory/inventory.ts";
import type {
  ClauseNode,
  CommandNode,
  ConditionNode,
  PatternPart,
  ScriptNode,
  SecretFromNode,
  TextNode,
  TypeNode,
  ValueNode,
} from "../language/tree.ts";
import type { Source, Span } from "../text/source.ts";
import type { Kind, Phrase, PhraseBlock, Type } from "../vocabulary/vocabulary.ts";

export interface Program {
  readonly title: string;
  readonly about: readonly string[];
  readonly documents: readonly string[];
  readonly version: string | undefined;
  readonly owner: string | undefined;
  /** A file without a `runbook` declaration: an unmet `before` is a warning there. */
  readonly sketch: boolean;
  readonly assumes: readonly { readonly parts: readonly PatternPart[]; readonly span: Span }[];
  /** Every file that was read, the runbook first: what the transcript keeps byte for byte. */
  readonly sources: readonly Source[];
  readonly needs: readonly Need[];
  readonly roles: ReadonlyMap<string, string>;
  readonly inventory: Inventory;
  readonly secrets: ReadonlyMap<string, { readonly name: string; readonly from: SecretFromNode; readonly span: Span }>;
  readonly kinds: ReadonlyMap<string, Kind>;
  /** Resolved bodies of every phrase that the runbook may call, by `bodyKey(phrase, block)`. */
  readonly bodies: ReadonlyMap<string, PhraseBody>;
  /** The statements of each kind's `on opening`. */
  readonly openings: ReadonlyMap<string, readonly Statement[]>;
  readonly steps: readonly Step[];
  readonly finally: readonly Statement[];
  readonly factGround: FactGround;
}

/** What facts are followed by, kept to follow them again when the inputs are bound. */
export interface FactGround {
  readonly phrases: readonly Phrase[];
  readonly hostsOfKind: ReadonlyMap<string, readonly string[]>;
  /** For each call: the kinds that its host may have (undefined: any), and where its unmet facts are kept. */
  readonly calls: ReadonlyMap<
    CallStatement,
    { readonly kinds: readonly string[] | undefined; readonly unmet: string[] }
  >;
}

export interface Need {
  readonly name: string;
  readonly type: Type;
  readonly default: ValueNode | undefined;
  readonly span: Span;
}

export interface Step {
  readonly title: TextNode | string;
  /** The step's own statements; a statement outside any `step` is a step titled with its text. */
  readonly statements: readonly Statement[];
  readonly undo: readonly Statement[] | undefined;
  readonly narrative: string | undefined;
  readonly span: Span;
}

/** Where something happens, and as whom: resolved from `on`, the phrase's kinds, or `here`. */
export interface Placement {
  /** `here`, or a name: a host of the inventory, a `needs`, an `on each` name, a slot, or `host` in a phrase's body. */
  readonly host: { readonly type: "here" } | { readonly type: "named"; readonly name: string };
  readonly as: TextNode | undefined;
  readonly in: TextNode | undefined;
}

export type Statement =
  | CallStatement
  | RunStatement
  | {
      readonly type: "on-each";
      readonly name: string;
      readonly group: string;
      readonly atATime: TextNode | undefined;
      readonly stopAfter: TextNode | undefined;
      readonly block: readonly Statement[];
      readonly span: Span;
    }
  | {
      readonly type: "let";
      readonly name: string;
      readonly value: ValueNode;
      readonly placement: Placement;
      readonly span: Span;
    }
  | { readonly type: "expect"; readonly condition: ConditionNode; readonly placement: Placement; readonly span: Span }
  | {
      readonly type: "if";
      readonly branches: readonly {
        readonly condition: ConditionNode | undefined;
        readonly block: readonly Statement[];
        readonly span: Span;
      }[];
      readonly placement: Placement;
      readonly span: Span;
    }
  | {
      readonly type: "for-each";
      readonly name: string;
      readonly list: ValueNode;
      readonly block: readonly Statement[];
      readonly span: Span;
    }
  | {
      readonly type: "ask";
      readonly name: string;
      readonly of: Type;
      readonly typeNode: TypeNode;
      readonly question: TextNode;
      readonly span: Span;
    }
  | {
      readonly type: "confirm" | "by-hand";
      readonly words: TextNode;
      readonly by: string | undefined;
      readonly span: Span;
    }
  | { readonly type: "note"; readonly words: TextNode; readonly span: Span }
  | { readonly type: "attach"; readonly file: TextNode; readonly placement: Placement; readonly span: Span }
  | { readonly type: "wait"; readonly duration: TextNode; readonly span: Span }
  | { readonly type: "fail"; readonly reason: TextNode; readonly span: Span };

export interface CallStatement {
  readonly type: "call";
  readonly phrase: Phrase;
  /** Slot name → what fills it, in the caller's names. */
  readonly slots: ReadonlyMap<string, TextNode>;
  readonly placement: Placement;
  readonly clauses: readonly ClauseNode[];
  /** Facts that this line needs and that nothing before it gives (a sketch's warnings): the likely cause if it fails. */
  readonly unmet: readonly string[];
  readonly span: Span;
}

export interface RunStatement {
  readonly type: "run";
  readonly command: CommandNode | ScriptNode;
  readonly placement: Placement;
  readonly clauses: readonly ClauseNode[];
  readonly span: Span;
}

export interface PhraseBody {
  readonly phrase: Phrase;
  readonly block: PhraseBlock;
  readonly statements: readonly Statement[];
  readonly undo: readonly Statement[] | undefined;
}

/** The key of a phrase's body for one of its blocks. */
export function bodyKey(phrase: Phrase, block: PhraseBlock): string {
  return `${phrase.id}#${phrase.blocks.indexOf(block)}`;
}
