// The lines of declarations (section 5), of kinds and of phrases (section 8).
import type { IToken } from "chevrotain";
import type {
  DeclarationNode,
  DialogueLineNode,
  HostLineNode,
  HostNode,
  KindLineNode,
  Name,
  PatternNode,
  PhraseWordNode,
  RunbookNode,
  SecretFromNode,
  TextNode,
  ValueNode,
} from "../tree.ts";
import { commandNode, insideEnd, tokenSpan } from "./nodes.ts";
import { patternParts, readSlot } from "./parts.ts";
import { StatementGrammar } from "./statement-grammar.ts";
import {
  Close,
  Colon,
  Comma,
  K,
  NameToken,
  Open,
  Quoted,
  RawCommand,
  Slot,
  StringToken,
  TextToken,
  Word,
  end,
} from "./tokens.ts";
import type { PhraseBlockNode, FactNode } from "../tree.ts";

/** `role NAME "title"`, `runbook "title"`, `about "…"` */
export interface TitleLine {
  readonly name: Name | undefined;
  readonly text: TextNode | undefined;
}

/** A line directly under `phrase` or under one of its `on` blocks. */
export type PhraseLine =
  | { readonly type: "about"; readonly text: TextNode }
  | { readonly type: "kinds"; readonly kinds: readonly Name[]; readonly before: PhraseBlockNode["before"] }
  | { readonly type: "fact"; readonly fact: FactNode }
  | { readonly type: "changes-nothing" | "logs-in" }
  | { readonly type: "destroys"; readonly what: TextNode };

export class LineGrammar extends StatementGrammar {
  constructor(skipValidations: boolean) {
    super(skipValidations);
    this.performSelfAnalysis();
  }

  /** `runbook "title"` and its lines; `role`, `vocabulary`, `kind` with a name and a title */
  readonly titleLine = this.RULE("titleLine", (): TitleLine => {
    let name: IToken | undefined;
    let text: IToken | undefined;
    this.OR([
      {
        ALT: () => {
          this.OR2([
            { ALT: () => this.CONSUME(K.role) },
            { ALT: () => this.CONSUME(K.vocabulary) },
            { ALT: () => this.CONSUME(K.kind) },
          ]);
          name = this.CONSUME(NameToken);
          this.OPTION(() => (text = this.CONSUME(Quoted)));
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.runbook);
          text = this.CONSUME2(Quoted);
        },
      },
      {
        ALT: () => {
          this.OR3([
            { ALT: () => this.CONSUME(K.about) },
            { ALT: () => this.CONSUME(K.source) },
            { ALT: () => this.CONSUME(K.owner) },
            { ALT: () => this.CONSUME(K.assume) },
          ]);
          text = this.CONSUME3(Quoted);
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.version);
          text = this.CONSUME(TextToken);
        },
      },
    ]);
    return this.ACTION(() => ({ name: this.optionalName(name), text: this.optionalText(text) }));
  });

  /** `use NAME`, `needs NAME: TYPE = DEFAULT`, `group NAME: HOST, HOST`, `secret NAME from …` */
  readonly declaration = this.RULE("declaration", (): DeclarationNode => {
    const first = this.LA(1);
    return this.OR<DeclarationNode>([
      {
        ALT: () => {
          this.CONSUME(K.use);
          const what = this.OR2([{ ALT: () => this.CONSUME(NameToken) }, { ALT: () => this.CONSUME(StringToken) }]);
          return this.ACTION(() => {
            const file = what.tokenType === StringToken;
            if (!file && /[./\\]/.test(what.image)) {
              const span = this.span(what);
              this.wrong.push({
                span,
                message: `A file's path stands in quotes.\nWrite use "${what.image}"`,
                fixes: [{ span, text: `"${what.image}"`, safe: true }],
              });
              return { type: "use", what: this.text(what), file: true, span: this.since(first) };
            }
            return { type: "use", what: file ? this.text(what) : this.name(what), file, span: this.since(first) };
          });
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.needs);
          const name = this.CONSUME2(NameToken);
          this.CONSUME(Colon);
          const of = this.SUBRULE(this.type);
          let value: ValueNode | undefined;
          this.OPTION(() => {
            this.CONSUME(K.equals);
            value = this.SUBRULE(this.value);
          });
          return this.ACTION(() => ({
            type: "needs",
            name: this.name(name),
            of,
            default: value,
            span: this.since(first),
          }));
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.group);
          const name = this.CONSUME3(NameToken);
          this.CONSUME2(Colon);
          const members: IToken[] = [];
          this.AT_LEAST_ONE_SEP({ SEP: Comma, DEF: () => members.push(this.CONSUME4(NameToken)) });
          return this.ACTION(() => ({
            type: "group",
            name: this.name(name),
            members: members.map((token) => this.name(token)),
            span: this.since(first),
          }));
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.secret);
          const name = this.CONSUME5(NameToken);
          this.CONSUME(K.from);
          const from = this.SUBRULE(this.secretFrom);
          return this.ACTION(() => ({ type: "secret", name: this.name(name), from, span: this.since(first) }));
        },
      },
    ]);
  });

  /** `host NAME: KIND at ADDRESS` */
  readonly host = this.RULE("host", (): HostNode => {
    const first = this.CONSUME(K.host);
    const name = this.CONSUME(NameToken);
    this.CONSUME(Colon);
    const kind = this.CONSUME2(NameToken);
    this.CONSUME(K.at);
    const at = this.CONSUME(TextToken);
    return this.ACTION(() => ({
      type: "host",
      name: this.name(name),
      kind: this.name(kind),
      at: this.text(at),
      lines: [],
      span: this.since(first),
    }));
  });

  /** `user NAME`, `port 22`, `host key "SHA256:…"`, `password from prompt` … */
  readonly hostLine = this.RULE("hostLine", (): HostLineNode => {
    const first = this.LA(1);
    return this.OR<HostLineNode>([
      {
        ALT: () => {
          const type = this.OR2<"user" | "port" | "key" | "version">([
            {
              ALT: () => {
                this.CONSUME(K.user);
                return "user" as const;
              },
            },
            {
              ALT: () => {
                this.CONSUME(K.port);
                return "port" as const;
              },
            },
            {
              ALT: () => {
                this.CONSUME(K.key);
                return "key" as const;
              },
            },
            {
              ALT: () => {
                this.CONSUME(K.version);
                return "version" as const;
              },
            },
          ]);
          const value = this.CONSUME(TextToken);
          return this.ACTION(() => ({ type, value: this.text(value), span: this.since(first) }));
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.host);
          this.CONSUME2(K.key);
          const value = this.CONSUME2(TextToken);
          return this.ACTION(() => ({ type: "host-key", value: this.text(value), span: this.since(first) }));
        },
      },
      {
        ALT: () => {
          let sudo = false;
          this.OPTION(() => {
            this.CONSUME(K.sudo);
            sudo = true;
          });
          this.CONSUME(K.password);
          this.CONSUME(K.from);
          const from: SecretFromNode = this.SUBRULE(this.secretFrom);
          return this.ACTION(() => ({ type: sudo ? "sudo-password" : "password", from, span: this.since(first) }));
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.via);
          const host = this.CONSUME(NameToken);
          return this.ACTION(() => ({ type: "via", host: this.name(host), span: this.since(first) }));
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.allow);
          this.CONSUME(K.weak);
          this.CONSUME(K.algorithms);
          const names: IToken[] = [];
          this.AT_LEAST_ONE(() => {
            names.push(this.CONSUME3(TextToken));
            this.OPTION2(() => this.CONSUME(Comma));
          });
          return this.ACTION(() => ({
            type: "allow-weak-algorithms",
            names: names.map((token) => this.text(token)),
            span: this.since(first),
          }));
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.by);
          this.CONSUME(K.system);
          this.CONSUME(K.ssh);
          return this.ACTION(() => ({ type: "by-system-ssh", span: this.since(first) }));
        },
      },
    ]);
  });

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
            if (!inside.includes("<value>"))
              this.say(
                text,
                "This says how a value is quoted, and <value> stands for the value in it.\nWrite quote with '\"<value>\"'",
              );
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
    return this.ACTION(() => {
      const [first] = words;
      if (first !== undefined && first.type !== "word")
        this.sayAt(first.span, "A phrase begins with a plain word, by which its lines are found.");
      return words;
    });
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

/** What `runbook` lines are called. */
export type RunbookLine = RunbookNode["lines"][number];
