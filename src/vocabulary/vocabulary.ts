// What a vocabulary is, once its files are read: kinds of host and phrases, ready to be looked up.
import type {
  PhraseBlockNode,
  PhraseNode,
  ConditionNode,
  CommandNode,
  PatternNode,
  StatementNode,
  TextNode,
  FactNode,
} from "../language/tree.ts";
import type { Source, Span } from "../text/source.ts";

/** A type of the contract, resolved. `text` is the widest; a wider value may fill a narrower slot and is checked when known. */
export type Type =
  | { readonly type: "scalar"; readonly name: ScalarName }
  | { readonly type: "secret" }
  /** Any host; or one of these kinds. */
  | { readonly type: "host"; readonly kinds: readonly string[] | undefined }
  | { readonly type: "list"; readonly of: Type }
  | { readonly type: "group"; readonly kinds: readonly string[] }
  /** What `certificate of` and `capture each line` give. */
  | { readonly type: "record"; readonly fields: Readonly<Record<string, Type>> };

export type ScalarName =
  | "text"
  | "word"
  | "number"
  | "ip"
  | "address"
  | "hostname"
  | "path"
  | "duration"
  | "size"
  | "date";

export interface Vocabulary {
  readonly name: string;
  readonly title: string;
  readonly source: Source;
  readonly kinds: readonly Kind[];
  readonly phrases: readonly Phrase[];
}

/** A kind of host: how one talks to it. */
export interface Kind {
  readonly name: string;
  readonly title: string;
  readonly vocabulary: string;
  /** `sh`, `bash`, `cmd`, `powershell`; undefined where it has a dialogue. */
  readonly shell: ShellName | undefined;
  readonly dialogue: DialogueKind | undefined;
  readonly files: "sftp" | "scp" | "none";
  readonly version: { readonly command: CommandNode | undefined; readonly pattern: PatternNode } | undefined;
  readonly span: Span;
}

export type ShellName = "sh" | "bash" | "cmd" | "powershell" | "program";

export interface DialogueKind {
  readonly prompts: readonly PatternNode[];
  readonly verdict: PatternNode | undefined;
  readonly succeedsWhen: ConditionNode | undefined;
  readonly failsWhen: readonly PatternNode[];
  readonly pagers: readonly { readonly send: TextNode; readonly at: PatternNode }[];
  readonly cancels: readonly { readonly send: TextNode; readonly at: PatternNode }[];
  readonly elevate: CommandNode | undefined;
  readonly onOpening: readonly StatementNode[];
  /** Such as `"<value>"`; undefined: values are sent bare, and one with a blank is refused. */
  readonly quote: string | undefined;
  /** Characters that a value can't hold. */
  readonly refuse: string;
}

export interface Phrase {
  /** `luna: register client <name> ip <address>`: unique, and how messages name it (without the vocabulary). */
  readonly id: string;
  /** `register client <name> ip <address>` */
  readonly shown: string;
  readonly vocabulary: string;
  readonly about: string;
  readonly slots: readonly Slot[];
  readonly blocks: readonly PhraseBlock[];
  /** A phrase of the core whose work is in TypeScript (`src/run/core/`): its name there. */
  readonly core: "fetch" | "send" | undefined;
  readonly node: PhraseNode;
}

export interface Slot {
  readonly name: string;
  readonly type: Type;
  readonly optional: boolean;
}

/** The phrase on one kind (or several) of host, possibly before a version only. */
export interface PhraseBlock {
  /** Undefined: any kind (the core's). */
  readonly kinds: readonly string[] | undefined;
  readonly before: string | undefined;
  readonly facts: readonly FactNode[];
  readonly changesNothing: boolean;
  readonly destroys: TextNode | undefined;
  readonly logsIn: boolean;
  readonly node: PhraseBlockNode;
}

/** One reading of a line as a phrase. */
export interface PhraseMatch {
  readonly phrase: Phrase;
  /** Slot name → the word or string that fills it; optional slots left out are not there. */
  readonly slots: ReadonlyMap<string, TextNode>;
}
