// The lines of kinds and of phrases (section 8), and the whole grammar, of which these are the last.
import type { IToken } from "chevrotain";
import type {
  DialogueLineNode,
  FactNode,
  KindLineNode,
  Name,
  PatternNode,
  PhraseBlockNode,
  PhraseWordNode,
  TextNode,
} from "../tree.ts";
import { DeclarationGrammar } from "./declaration-grammar.ts";
import { commandNode, insideEnd, tokenSpan } from "./nodes.ts";
import { patternParts, readSlot } from "./parts.ts";
import { Close, end, K, NameToken, Open, Quoted, RawCommand, Slot, StringToken, TextToken, Word } from "./tokens.ts";

/** A line directly under `phrase` or under one of its `on` blocks. */
export type PhraseLine =
  | { readonly type: "about"; readonly text: TextNode }
  | { readonly type: "kinds"; readonly kinds: readonly Name[]; readonly before: PhraseBlockNode["before"] }
  | { readonly type: "fact"; readonly fact: FactNode }
  | { readonly type: "changes-nothing" | "logs-in" }
  | { readonly type: "destroys"; readonly what: TextNode };

/** One rule a family of lines: the reader chooses the rule by a line's first word. */
export class LineGrammar extends DeclarationGrammar {
  constructor(skipValidations: boolean) {
    super(skipValidations);
    this.performSelfAnalysis();
  }

  /** `shell sh`, `files by scp`, `version from P`; and what stands under `dialogue` */
  readonly kindLine = this.RULE("kindLine", (): KindLineNode | DialogueLineNode => {
    const first = this.LA(1);
    return this.OR<KindLineNode | DialogueLineNode>([
      {
        ALT: () => {
          this.CONSUME(K.dialogue);
          return this.ACTION(() => ({ type: "dialogue", lines: [], span: this.since(first) }));
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.shell);
          const shell = this.CONSUME(NameToken);
          return this.ACTION(() => ({ type: "shell", shell: this.name(shell), span: this.since(first) }));
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.files);
          this.CONSUME(K.by);
          const by = this.CONSUME2(NameToken);
          return this.ACTION(() => ({ type: "files", by: this.name(by), span: this.since(first) }));
        },
      },
      {
        // version from text "Luna SA <version>"; version from show version with "Software: <version>"
        ALT: () => {
          this.CONSUME(K.version);
          this.CONSUME(K.from);
          let command: IToken | undefined;
          this.OPTION(() => {
            command = this.CONSUME(RawCommand);
            this.CONSUME(K.with);
          });
          const pattern = this.SUBRULE(this.pattern);
          return this.ACTION(() => ({
            type: "version",
            command: command === undefined ? undefined : commandNode(this.line, command.startOffset, end(command)),
            pattern,
            span: this.since(first),
          }));
        },
      },
      {
        ALT: () => {
          const word = this.OR2([{ ALT: () => this.CONSUME(K.prompt) }, { ALT: () => this.CONSUME(K.verdict) }]);
          const pattern = this.SUBRULE2(this.pattern);
          return this.ACTION(() => ({
            type: word.tokenType === K.prompt ? "prompt" : "verdict",
            pattern,
            span: this.since(first),
          }));
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.succeeds);
          this.CONSUME(K.when);
          const condition = this.SUBRULE(this.condition);
          return this.ACTION(() => ({ type: "succeeds-when", condition, span: this.since(first) }));
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.fails);
          this.CONSUME2(K.when);
          const pattern: PatternNode = this.SUBRULE3(this.pattern);
          return this.ACTION(() => ({ type: "fails-when", pattern, span: this.since(first) }));
        },
      },
      {
        // page with " " at "--More--"; cancel with quit at "'quit'"
        ALT: () => {
          const word = this.OR3([{ ALT: () => this.CONSUME(K.page) }, { ALT: () => this.CONSUME(K.cancel) }]);
          this.CONSUME2(K.with);
          const value = this.CONSUME(TextToken);
          this.CONSUME(K.at);
          const at = this.SUBRULE4(this.pattern);
          return this.ACTION(() => ({
            type: word.tokenType === K.page ? "page" : "cancel",
            with: this.text(value),
            at,
            span: this.since(first),
          }));
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.elevate);
          this.CONSUME3(K.with);
          const command = this.CONSUME2(RawCommand);
          return this.ACTION(() => ({
            type: "elevate",
            command: commandNode(this.line, command.startOffset, end(command)),
            span: this.since(first),
          }));
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.on);
          this.CONSUME(K.opening);
          return this.ACTION(() => ({ type: "on-opening", block: [], span: this.since(first) }));
        },
      },
      {
        // quote with '"<value>"'; refuse '"'
        ALT: () => {
          let quote = false;
          this.OR4([
            {
              ALT: () => {
                this.CONSUME(K.quote);
                this.CONSUME4(K.with);
                quote = true;
              },
            },
            { ALT: () => this.CONSUME(K.refuse) },
          ]);
          const text = this.CONSUME(StringToken);
          return this.ACTION((): DialogueLineNode => {
            const inside = this.line.text.slice(text.startOffset + 1, insideEnd(text));
            const span = this.since(first);
            if (!quote) return { type: "refuse", characters: inside, span };
            return { type: "quote", form: inside, span };
          });
        },
      },
    ]);
  });

  /** `phrase register client <name: word> [ip <address: ip>]` */
  readonly shape = this.RULE("shape", (): readonly PhraseWordNode[] => {
    this.CONSUME(K.phrase);
    const words: PhraseWordNode[] = [];
    this.AT_LEAST_ONE(() =>
      this.OR([
        {
          ALT: () => {
            const open = this.CONSUME(Open);
            const inside: (PhraseWordNode & { readonly type: "word" | "slot" })[] = [];
            this.AT_LEAST_ONE2(() => {
              const token = this.OR2([{ ALT: () => this.CONSUME(Word) }, { ALT: () => this.CONSUME(Slot) }]);
              this.ACTION(() => inside.push(this.phraseWord(token)));
            });
            this.CONSUME(Close);
            this.ACTION(() => words.push({ type: "optional", words: inside, span: this.since(open) }));
          },
        },
        {
          ALT: () => {
            const token = this.CONSUME2(Word);
            this.ACTION(() => words.push(this.phraseWord(token)));
          },
        },
        {
          ALT: () => {
            const token = this.CONSUME2(Slot);
            this.ACTION(() => words.push(this.phraseWord(token)));
          },
        },
      ]),
    );
    return words;
  });

  /** `"What it does."`, `on KIND or KIND before 5.0`, `before "…"`, `after "…" in this session`, `changes nothing`, `logs in` */
  readonly phraseLine = this.RULE("phraseLine", (): PhraseLine => {
    const first = this.LA(1);
    return this.OR<PhraseLine>([
      {
        ALT: () => {
          const text = this.CONSUME(Quoted);
          return this.ACTION(() => ({ type: "about", text: this.text(text) }));
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.on);
          const kinds: IToken[] = [];
          this.AT_LEAST_ONE_SEP({ SEP: K.or, DEF: () => kinds.push(this.CONSUME(NameToken)) });
          let before: IToken | undefined;
          this.OPTION(() => {
            this.CONSUME(K.before);
            before = this.CONSUME(TextToken);
          });
          return this.ACTION(() => ({
            type: "kinds",
            kinds: kinds.map((token) => this.name(token)),
            before: this.optionalText(before),
          }));
        },
      },
      {
        ALT: () => {
          const type = this.OR2<"before" | "after" | "ends">([
            {
              ALT: () => {
                this.CONSUME2(K.before);
                return "before" as const;
              },
            },
            {
              ALT: () => {
                this.CONSUME(K.after);
                return "after" as const;
              },
            },
            {
              ALT: () => {
                this.CONSUME(K.ends);
                return "ends" as const;
              },
            },
          ]);
          const fact = this.CONSUME(StringToken);
          let session: IToken | undefined;
          this.OPTION2(() => {
            session = this.CONSUME(K.in);
            this.CONSUME(K.this);
            this.CONSUME(K.session);
          });
          return this.ACTION(() => {
            if (session !== undefined && type !== "after")
              this.say(session, 'Only what comes after a command can be so "in this session".');
            return {
              type: "fact",
              fact: {
                type,
                parts: patternParts(this.line, fact.startOffset + 1, insideEnd(fact)),
                inThisSession: session !== undefined,
                span: this.since(first),
              },
            };
          });
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.changes);
          this.CONSUME(K.nothing);
          return this.ACTION(() => ({ type: "changes-nothing" }));
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.destroys);
          const what = this.CONSUME2(Quoted);
          return this.ACTION(() => ({ type: "destroys", what: this.text(what) }));
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.logs);
          this.CONSUME2(K.in);
          return this.ACTION(() => ({ type: "logs-in" }));
        },
      },
    ]);
  });

  private phraseWord(token: IToken): PhraseWordNode & { readonly type: "word" | "slot" } {
    const span = tokenSpan(this.line, token);
    const slot = token.tokenType === Slot ? readSlot(this.line, token.startOffset, end(token)) : undefined;
    return slot === undefined ? { type: "word", text: token.image, span } : { type: "slot", ...slot, span };
  }
}

let grammar: LineGrammar | undefined;

/** The one instance, made when the first line is read: making it is most of what reading a short file costs. */
export function lineGrammar(): LineGrammar {
  grammar ??= new LineGrammar(true);
  return grammar;
}
