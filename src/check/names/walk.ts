// What every part of the check is given while it walks the statements: the world of the file, the names that are bound,
// and where things happen.
import type { Host, Inventory } from "../../inventory/inventory.ts";
import type { StatementNode } from "../../language/tree.ts";
import type { Diagnostic } from "../../text/diagnostic.ts";
import type { Span } from "../../text/source.ts";
import type { Kind, Phrase, PhraseBlock, PhraseMatch, ShellName, Type } from "../../vocabulary/vocabulary.ts";
import type { TextNode } from "../../language/tree.ts";
import type { CallStatement, PhraseBody, Placement, Statement } from "../program.ts";
import type { Doubts } from "./doubts.ts";
import type { Binding, Scope } from "./scope.ts";

/** What holds for the whole check. */
export interface World extends Doubts {
  readonly kinds: ReadonlyMap<string, Kind>;
  readonly inventory: Inventory;
  readonly roles: ReadonlyMap<string, string>;
  /** Names of vocabularies whose phrases may be called. */
  readonly vocabularies: readonly string[];
  readonly phrases: readonly Phrase[];
  readonly findPhrases: (words: readonly TextNode[], vocabulary: string | undefined) => readonly PhraseMatch[];
  readonly nearestPhrases: (words: readonly TextNode[]) => readonly Phrase[];
  /** A phrase of a shipped vocabulary that the file does not use. */
  readonly findShipped: (words: readonly TextNode[]) => Phrase | undefined;
  /** The machine that runs the runbook. */
  readonly here: Host;
  readonly body: (phrase: Phrase, block: PhraseBlock) => BodyFacts | "recursive";
  readonly report: (finding: Diagnostic) => void;
  /** The hosts that the file or the inventory names, by kind. */
  readonly hostsOfKind: ReadonlyMap<string, readonly string[]>;
  /** Lines with a finding of their own: what they need is not asked, and what they might give is taken as given. */
  readonly wrongLines: WrongLine[];
  /** What an `assume` says that stands in the wrong place: its line has a finding, and what it gives is not missed. */
  readonly assumed: { readonly parts: TextNode["parts"]; readonly span: Span }[];
  /** How many names may still be compared with one that is unknown. */
  readonly guesses: { left: number };
  /** Names of the runbook that ended before its end. */
  readonly ended: Binding[];
  /** For each call: the kinds that its host may have, and its `unmet`, which the walk through the facts fills. */
  readonly calls: Map<CallStatement, { readonly kinds: readonly string[] | undefined; readonly unmet: string[] }>;
}

/** A line that could be this phrase, had it been written right. */
export interface WrongLine {
  readonly span: Span;
  readonly phrase: Phrase;
  /** The statement, where one came of it. */
  readonly statement: Statement | undefined;
}

/** Where statements happen. */
export interface Where {
  readonly placement: Placement;
  /** The kinds that its host may have; undefined where any. */
  readonly kinds: readonly string[] | undefined;
  /** Whether an `on` said it: outside, a phrase finds its own host. */
  readonly said: boolean;
}

/** What is known of a phrase's body for those who call it. */
export interface BodyFacts {
  readonly body: PhraseBody;
  /** The names that it binds at its end, for `capture NAME`. */
  readonly binds: ReadonlyMap<string, Type>;
  /** Slots whose value begins an argument of a command: one that begins with `-` would be read as an option. */
  readonly beginsArgument: ReadonlySet<string>;
  /** Slots whose value stands in a command. */
  readonly inCommand: ReadonlySet<string>;
  readonly hasAlreadySo: boolean;
}

/** The phrase's block whose body is walked, and what is learnt of it on the way. */
export interface InPhrase {
  readonly phrase: Phrase;
  readonly block: PhraseBlock;
  readonly beginsArgument: Set<string>;
  readonly inCommand: Set<string>;
  hasAlreadySo: boolean;
}

export interface Walk {
  readonly world: World;
  readonly scope: Scope;
  readonly where: Where;
  readonly report: (finding: Diagnostic) => void;
  /** The phrase whose body this is; undefined in the runbook itself. */
  readonly inPhrase: InPhrase | undefined;
  /** Whether this is the block of `finally`: what a step bound may never have been. */
  readonly inFinally: boolean;
  /** Walks a block: given here, so that the statements that hold blocks need not know all statements. */
  readonly block: (nodes: readonly StatementNode[], walk: Walk) => Resolved;
}

/** Statements, resolved; and whether what follows them is never reached. */
export interface Resolved {
  readonly statements: readonly Statement[];
  readonly stops: Span | undefined;
}

/** The shells that read a command here: one for each kind that the host may have, `dialogue` for a dialogue. */
export function shellsAt(walk: Walk): readonly { readonly kind: Kind; readonly shell: ShellName | "dialogue" }[] {
  const names = walk.where.kinds ?? [];
  const found: { kind: Kind; shell: ShellName | "dialogue" }[] = [];
  for (const name of names) {
    const kind = walk.world.kinds.get(name);
    if (kind !== undefined)
      found.push({ kind, shell: kind.dialogue === undefined ? (kind.shell ?? "sh") : "dialogue" });
  }
  return found;
}
