// The syntax tree: plain read-only data, told apart by `type`, with a span on every node.
// It says what was written, not what it means: names are looked up, phrases found and types compared by `check`.
import type { Source, Span } from "../text/source.ts";

/** A name as written: ASCII letters, digits, `_`, `-`. */
export interface Name {
  readonly text: string;
  readonly span: Span;
}

// ---------------------------------------------------------------- values

/** `server.pem`, `"My Company"`, `{name}.pem`, or a text of several lines. */
export interface TextNode {
  readonly type: "text";
  readonly form: "word" | "string" | "lines";
  readonly parts: readonly TextPart[];
  readonly span: Span;
}

export type TextPart = LiteralPart | ValuePart;

/** Text that stands for itself; escapes such as `{\name}` are resolved. */
export interface LiteralPart {
  readonly type: "literal";
  readonly text: string;
  readonly span: Span;
}

/** `{name}` or `{name.field}`. */
export interface ValuePart {
  readonly type: "value";
  readonly name: Name;
  readonly fields: readonly Name[];
  readonly span: Span;
}

/** `a, b, {c}` */
export interface ListNode {
  readonly type: "list";
  readonly items: readonly TextNode[];
  readonly span: Span;
}

/** `sha256 of FILE`, `certificate of FILE` */
export interface ReadingNode {
  readonly type: "reading";
  readonly reading: Name;
  readonly file: TextNode;
  readonly span: Span;
}

export type ValueNode = TextNode | ListNode | ReadingNode;

/** `word`, `list of word`, `group of linux`, `windows or linux` */
export type TypeNode =
  | { readonly type: "named-type"; readonly names: readonly Name[]; readonly span: Span }
  | { readonly type: "list-type"; readonly of: TypeNode; readonly span: Span }
  | { readonly type: "group-type"; readonly kinds: readonly Name[]; readonly span: Span };

// ---------------------------------------------------------------- patterns and conditions

/** A quoted pattern, a `/regex/` or a `{value}`. */
export interface PatternNode {
  readonly type: "pattern";
  readonly form: "string" | "regex" | "value";
  /** `line` matches a whole line, `text` anywhere. */
  readonly over: "line" | "text";
  /** For `string` and `value`. */
  readonly parts: readonly PatternPart[];
  /** The source between the slashes, for `regex`. */
  readonly regex: string;
  readonly span: Span;
}

export type PatternPart = LiteralPart | ValuePart | HolePart;

/** `<name>`, `<name: type>`, `<_>` (name undefined: not kept). */
export interface HolePart {
  readonly type: "hole";
  readonly name: Name | undefined;
  readonly holeType: TypeNode | undefined;
  readonly span: Span;
}

export type ConditionNode =
  | {
      readonly type: "compare";
      readonly operator: "is" | "is not" | "<" | ">" | "contains" | "has";
      readonly left: ValueNode;
      readonly right: ValueNode;
      readonly span: Span;
    }
  | { readonly type: "matches"; readonly left: ValueNode; readonly pattern: PatternNode; readonly span: Span }
  | { readonly type: "is-a"; readonly left: ValueNode; readonly of: TypeNode; readonly span: Span }
  | { readonly type: "file-exists"; readonly path: TextNode; readonly span: Span }
  | { readonly type: "not"; readonly condition: ConditionNode; readonly span: Span }
  | { readonly type: "all" | "any"; readonly conditions: readonly ConditionNode[]; readonly span: Span };

// ---------------------------------------------------------------- commands

/** What follows `run`, raw to the line's end; continued lines are joined by one blank. */
export interface CommandNode {
  readonly type: "command";
  readonly parts: readonly TextPart[];
  readonly span: Span;
}

/** `run """`: sent as it is, less its first line's indentation. Braces are text. */
export interface ScriptNode {
  readonly type: "script";
  readonly text: string;
  readonly span: Span;
}

// ---------------------------------------------------------------- clauses

export type ClauseNode =
  | { readonly type: "expect-pattern"; readonly no: boolean; readonly pattern: PatternNode; readonly span: Span }
  | {
      readonly type: "expect-exit";
      readonly statuses: readonly { readonly value: number; readonly span: Span }[];
      readonly span: Span;
    }
  | { readonly type: "expect-nothing"; readonly span: Span }
  | { readonly type: "expect-condition"; readonly condition: ConditionNode; readonly span: Span }
  | { readonly type: "capture-pattern"; readonly pattern: PatternNode; readonly span: Span }
  | { readonly type: "capture-each"; readonly pattern: PatternNode; readonly as: Name; readonly span: Span }
  | { readonly type: "capture-output"; readonly as: Name; readonly span: Span }
  | { readonly type: "capture-name"; readonly name: Name; readonly as: Name | undefined; readonly span: Span }
  | { readonly type: "already-so-pattern"; readonly pattern: PatternNode; readonly span: Span }
  | { readonly type: "already-so-condition"; readonly condition: ConditionNode; readonly span: Span }
  | {
      readonly type: "fails-when";
      readonly pattern: PatternNode;
      readonly because: TextNode | undefined;
      readonly span: Span;
    }
  | { readonly type: "answer"; readonly value: TextNode; readonly to: PatternNode; readonly span: Span }
  | { readonly type: "by-hand-at"; readonly instruction: TextNode; readonly at: PatternNode; readonly span: Span }
  | { readonly type: "input"; readonly value: TextNode; readonly span: Span }
  | { readonly type: "within" | "idle"; readonly duration: TextNode; readonly span: Span }
  | { readonly type: "retry"; readonly limit: RetryLimit; readonly every: TextNode; readonly span: Span }
  | { readonly type: "using"; readonly shell: Name; readonly span: Span }
  | { readonly type: "as"; readonly user: TextNode; readonly span: Span }
  | { readonly type: "in"; readonly folder: TextNode; readonly span: Span }
  | { readonly type: "with"; readonly name: Name; readonly value: ValueNode; readonly span: Span }
  | { readonly type: "hide-output"; readonly span: Span }
  | { readonly type: "changes-nothing"; readonly span: Span }
  | { readonly type: "destroys"; readonly what: TextNode; readonly span: Span }
  | { readonly type: "may-fail"; readonly because: TextNode | undefined; readonly span: Span };

/** `retry N times` or `retry for D`. */
export type RetryLimit =
  | { readonly type: "times"; readonly count: TextNode }
  | { readonly type: "for"; readonly duration: TextNode };

// ---------------------------------------------------------------- statements

/**
 * Every statement: `span` is its first line (without indentation and comment), `block` statements are inside.
 * The sentence that people see is the text of `span`.
 */
export type StatementNode =
  | CallNode
  | RunNode
  | OnNode
  | OnEachNode
  | StepNode
  | LetNode
  | { readonly type: "expect"; readonly condition: ConditionNode; readonly span: Span }
  | IfNode
  | ForEachNode
  | {
      readonly type: "ask";
      readonly name: Name;
      readonly of: TypeNode;
      readonly question: TextNode;
      readonly span: Span;
    }
  | { readonly type: "confirm"; readonly words: TextNode; readonly by: Name | undefined; readonly span: Span }
  | { readonly type: "by-hand"; readonly words: TextNode; readonly by: Name | undefined; readonly span: Span }
  | { readonly type: "note"; readonly words: TextNode; readonly span: Span }
  | { readonly type: "attach"; readonly file: TextNode; readonly span: Span }
  | { readonly type: "wait"; readonly duration: TextNode; readonly span: Span }
  | { readonly type: "fail"; readonly reason: TextNode; readonly span: Span }
  | { readonly type: "finally"; readonly block: readonly StatementNode[]; readonly span: Span }
  /** A line that could not be read: its findings were given; what is beneath it was still read. */
  | { readonly type: "unreadable"; readonly block: readonly StatementNode[]; readonly span: Span };

/** A line of a vocabulary or of the core: `register client supreme ip 10.0.0.1`, `luna: verify`. */
export interface CallNode {
  readonly type: "call";
  /** `luna` in `luna: verify`. */
  readonly vocabulary: Name | undefined;
  readonly words: readonly TextNode[];
  readonly clauses: readonly ClauseNode[];
  readonly span: Span;
}

export interface RunNode {
  readonly type: "run";
  readonly command: CommandNode | ScriptNode;
  readonly clauses: readonly ClauseNode[];
  readonly span: Span;
}

export interface OnNode {
  readonly type: "on";
  readonly host: TextNode;
  readonly as: TextNode | undefined;
  readonly in: TextNode | undefined;
  readonly block: readonly StatementNode[];
  readonly span: Span;
}

export interface OnEachNode {
  readonly type: "on-each";
  readonly name: Name;
  readonly group: TextNode;
  readonly as: TextNode | undefined;
  readonly in: TextNode | undefined;
  /** Undefined: one at a time. */
  readonly atATime: TextNode | undefined;
  readonly stopAfter: TextNode | undefined;
  readonly block: readonly StatementNode[];
  readonly span: Span;
}

export interface StepNode {
  readonly type: "step";
  readonly title: TextNode;
  /** The header's `on HOST [as USER] [in DIR]` or `on each …`, with an empty block of its own. */
  readonly on: OnNode | OnEachNode | undefined;
  readonly block: readonly StatementNode[];
  readonly undo: readonly StatementNode[] | undefined;
  /** The prose before the step, in a literate runbook. */
  readonly narrative: string | undefined;
  readonly span: Span;
}

export interface LetNode {
  readonly type: "let";
  readonly name: Name;
  readonly value: ValueNode;
  readonly span: Span;
}

/** `if`, its `otherwise if`s, and `otherwise`. */
export interface IfNode {
  readonly type: "if";
  readonly branches: readonly {
    /** Undefined: `otherwise`. */
    readonly condition: ConditionNode | undefined;
    readonly block: readonly StatementNode[];
    readonly span: Span;
  }[];
  readonly span: Span;
}

export interface ForEachNode {
  readonly type: "for-each";
  readonly name: Name;
  readonly list: ValueNode;
  readonly block: readonly StatementNode[];
  readonly span: Span;
}

// ---------------------------------------------------------------- declarations

export type DeclarationNode =
  | RunbookNode
  | { readonly type: "use"; readonly what: Name | TextNode; readonly file: boolean; readonly span: Span }
  | {
      readonly type: "needs";
      readonly name: Name;
      readonly of: TypeNode;
      readonly default: ValueNode | undefined;
      readonly span: Span;
    }
  | { readonly type: "role"; readonly name: Name; readonly title: TextNode | undefined; readonly span: Span }
  | HostNode
  | { readonly type: "group"; readonly name: Name; readonly members: readonly Name[]; readonly span: Span }
  | { readonly type: "secret"; readonly name: Name; readonly from: SecretFromNode; readonly span: Span }
  | { readonly type: "vocabulary"; readonly name: Name; readonly title: TextNode | undefined; readonly span: Span }
  | KindNode
  | PhraseNode;

export interface RunbookNode {
  readonly type: "runbook";
  readonly title: TextNode;
  readonly lines: readonly {
    readonly type: "about" | "source" | "version" | "owner" | "assume";
    readonly text: TextNode;
    readonly span: Span;
  }[];
  readonly span: Span;
}

export interface HostNode {
  readonly type: "host";
  readonly name: Name;
  readonly kind: Name;
  /** The word `here` means this machine. */
  readonly at: TextNode;
  readonly lines: readonly HostLineNode[];
  readonly span: Span;
}

export type HostLineNode =
  | { readonly type: "user" | "port" | "key" | "version" | "host-key"; readonly value: TextNode; readonly span: Span }
  | { readonly type: "password" | "sudo-password"; readonly from: SecretFromNode; readonly span: Span }
  | { readonly type: "via"; readonly host: Name; readonly span: Span }
  | { readonly type: "allow-weak-algorithms"; readonly names: readonly TextNode[]; readonly span: Span }
  | { readonly type: "by-system-ssh"; readonly span: Span };

/** Where a secret comes from: `env VAR`, `prompt`, `file PATH`, `command …`. */
export type SecretFromNode =
  | { readonly type: "env"; readonly variable: Name; readonly span: Span }
  | { readonly type: "prompt"; readonly span: Span }
  | { readonly type: "file"; readonly path: TextNode; readonly span: Span }
  | { readonly type: "command"; readonly command: CommandNode; readonly span: Span };

export interface KindNode {
  readonly type: "kind";
  readonly name: Name;
  readonly title: TextNode | undefined;
  readonly lines: readonly KindLineNode[];
  readonly span: Span;
}

export type KindLineNode =
  | { readonly type: "dialogue"; readonly lines: readonly DialogueLineNode[]; readonly span: Span }
  | { readonly type: "shell"; readonly shell: Name; readonly span: Span }
  | { readonly type: "files"; readonly by: Name; readonly span: Span }
  /** `version from P` (what it says at login), or `version from COMMAND with P`. */
  | {
      readonly type: "version";
      readonly command: CommandNode | undefined;
      readonly pattern: PatternNode;
      readonly span: Span;
    };

export type DialogueLineNode =
  | { readonly type: "prompt" | "verdict" | "fails-when"; readonly pattern: PatternNode; readonly span: Span }
  | { readonly type: "succeeds-when"; readonly condition: ConditionNode; readonly span: Span }
  | { readonly type: "page" | "cancel"; readonly with: TextNode; readonly at: PatternNode; readonly span: Span }
  | { readonly type: "elevate"; readonly command: CommandNode; readonly span: Span }
  | { readonly type: "on-opening"; readonly block: readonly StatementNode[]; readonly span: Span }
  /** The string as written, `<value>` standing where the value goes. */
  | { readonly type: "quote"; readonly form: string; readonly span: Span }
  | { readonly type: "refuse"; readonly characters: string; readonly span: Span };

export interface PhraseNode {
  readonly type: "phrase";
  /** Literal words, slots, and `[optional words]`. */
  readonly shape: readonly PhraseWordNode[];
  readonly about: TextNode | undefined;
  readonly blocks: readonly PhraseBlockNode[];
  readonly span: Span;
}

export type PhraseWordNode =
  | { readonly type: "word"; readonly text: string; readonly span: Span }
  | { readonly type: "slot"; readonly name: Name; readonly slotType: TypeNode | undefined; readonly span: Span }
  | {
      readonly type: "optional";
      readonly words: readonly (PhraseWordNode & { readonly type: "word" | "slot" })[];
      readonly span: Span;
    };

/** One `on KIND [or KIND] [before VERSION]` block of a phrase; of two blocks for a kind, the one whose version is narrower counts. */
export interface PhraseBlockNode {
  readonly kinds: readonly Name[];
  /** `on luna before 5.0`; undefined: every version. */
  readonly before: TextNode | undefined;
  readonly facts: readonly FactNode[];
  readonly changesNothing: Span | undefined;
  readonly destroys: TextNode | undefined;
  readonly logsIn: Span | undefined;
  readonly body: readonly StatementNode[];
  readonly undo: readonly StatementNode[] | undefined;
  readonly span: Span;
}

/** `before "…"`, `after "…" [in this session]`, `ends "…"`; `<_>` in before and ends is anything. */
export interface FactNode {
  readonly type: "before" | "after" | "ends";
  readonly parts: readonly PatternPart[];
  readonly inThisSession: boolean;
  readonly span: Span;
}

/** A whole file. `declarations` and `statements` in the order of the text. */
export interface FileNode {
  readonly source: Source;
  readonly declarations: readonly DeclarationNode[];
  readonly statements: readonly StatementNode[];
  /** Comments and blank lines are the formatter's business: it reads the source again. */
  readonly literate: boolean;
}
