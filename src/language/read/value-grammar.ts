// Values, types, patterns and conditions: what the lines of every form are made of.
import { EmbeddedActionsParser, EOF, type IParserErrorMessageProvider, type IToken, type TokenType } from "chevrotain";
import type { Fix } from "../../text/diagnostic.ts";
import type { Span } from "../../text/source.ts";
import type { ConditionNode, Name, PatternNode, SecretFromNode, TextNode, TypeNode, ValueNode } from "../tree.ts";
import { LazyLookahead } from "./lazy-lookahead.ts";
import { spanIn, type LineText } from "./line-text.ts";
import { commandNode, isName, nameOf, patternNode, textNode, tokenSpan } from "./nodes.ts";
import {
  allTokens,
  Comma,
  K,
  NameToken,
  RawCommand,
  Regex,
  StringToken,
  TextToken,
  Word,
  type LineToken,
  end,
} from "./tokens.ts";

/** Something that the grammar's form allows and its meaning doesn't. */
export interface Wrong {
  readonly span: Span;
  readonly message: string;
  readonly fixes: readonly Fix[];
}

/** Chevrotain's own words are never shown: an error's message is only what was wanted. */
const wanted: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected }) => label(expected),
  buildNotAllInputParsedMessage: () => "",
  buildNoViableAltMessage: ({ expectedPathsPerAlt }) => oneOf(expectedPathsPerAlt.flat()),
  buildEarlyExitMessage: ({ expectedIterationPaths }) => oneOf(expectedIterationPaths),
};

const noLine: LineText = { source: { path: "", text: "", lineStarts: [0] }, text: "", offset: 0, pieces: undefined };

/** The base of the line grammar. Each rule shows the line of runbook that it reads. */
export class ValueGrammar extends EmbeddedActionsParser {
  /** The line being read. */
  line: LineText = noLine;
  wrong: Wrong[] = [];

  /** @param skipValidations false only in the test that validates the grammar: validation costs start-up time */
  constructor(skipValidations: boolean) {
    super(allTokens, {
      maxLookahead: 1,
      recoveryEnabled: false,
      skipValidations,
      errorMessageProvider: wanted,
      lookaheadStrategy: new LazyLookahead(),
    });
  }

  /** Puts a line before the grammar; then one of the rules is called. */
  start(line: LineText, tokens: LineToken[]): void {
    this.input = tokens;
    this.line = line;
    this.wrong = [];
  }

  /** `server.pem`, `"a", {b}`, `sha256 of FILE` */
  readonly value = this.RULE("value", (): ValueNode => {
    const first = this.CONSUME(TextToken);
    let file: IToken | undefined;
    const more: IToken[] = [];
    this.OPTION(() => {
      this.CONSUME(K.of);
      file = this.CONSUME2(TextToken);
    });
    this.MANY(() => {
      this.CONSUME(Comma);
      more.push(this.CONSUME3(TextToken));
    });
    return this.ACTION(() => {
      const span = this.since(first);
      if (file !== undefined) {
        if (more[0] !== undefined) this.say(more[0], "A reading is of one file.");
        return { type: "reading", reading: this.name(first), file: this.text(file), span };
      }
      if (more.length === 0) return this.text(first);
      return { type: "list", items: [first, ...more].map((token) => this.text(token)), span };
    });
  });

  /** `word`, `list of word` */
  readonly plainType = this.RULE("plainType", (): TypeNode => {
    const lists: IToken[] = [];
    this.MANY({
      GATE: () => this.LA(2).tokenType === K.of,
      DEF: () => {
        lists.push(this.CONSUME(K.list));
        this.CONSUME(K.of);
      },
    });
    const token = this.CONSUME(NameToken);
    return this.ACTION(() => {
      if (lists[4] !== undefined) this.say(lists[4], "Lists of lists go four deep at most.");
      let type: TypeNode = { type: "named-type", names: [this.name(token)], span: this.span(token) };
      for (const list of lists.slice(0, 4).toReversed()) type = { type: "list-type", of: type, span: this.since(list) };
      return type;
    });
  });

  /** `windows or linux`, `group of linux`, `list of word` */
  readonly type = this.RULE("type", (): TypeNode => {
    let group: IToken | undefined;
    this.OPTION({
      GATE: () => this.LA(2).tokenType === K.of,
      DEF: () => {
        group = this.CONSUME(K.group);
        this.CONSUME(K.of);
      },
    });
    const first = this.SUBRULE(this.plainType);
    const more: IToken[] = [];
    this.MANY(() => {
      this.CONSUME(K.or);
      more.push(this.CONSUME(NameToken));
    });
    return this.ACTION(() => {
      if (group === undefined && more.length === 0) return first;
      if (first.type !== "named-type") {
        this.sayAt(first.span, "A list stands alone: list of TYPE, without a group and without `or`.");
        return first;
      }
      const names = [...first.names, ...more.map((token) => this.name(token))];
      if (group !== undefined) return { type: "group-type", kinds: names, span: this.since(group) };
      return { type: "named-type", names, span: { ...first.span, end: this.since(more[0] ?? this.LA(0)).end } };
    });
  });

  /** `"Size: <size: number>"`, `/^ok$/`, `{value}`: what stands after `line` or `text` */
  readonly target = this.RULE("target", (over: "line" | "text"): PatternNode => {
    const token = this.OR([
      { ALT: () => this.CONSUME(StringToken) },
      { ALT: () => this.CONSUME(Regex) },
      { ALT: () => this.CONSUME(Word) },
    ]);
    return this.ACTION(() => {
      const pattern = patternNode(this.line, token, over);
      if (pattern !== undefined) return pattern;
      const span = this.span(token);
      const fixed = token.image.includes('"') ? `'${token.image}'` : `"${token.image}"`;
      this.wrong.push({
        span,
        message: `A pattern stands in quotes.\nWrite ${fixed}`,
        fixes: [{ span, text: fixed, safe: true }],
      });
      return { type: "pattern", form: "string", over, parts: [], regex: "", span };
    });
  });

  /** `[line|text] P`: a text pattern where neither is said */
  readonly pattern = this.RULE("pattern", (): PatternNode => {
    let over: "line" | "text" = "text";
    const first = this.LA(1);
    this.OPTION(() => {
      this.OR([
        {
          ALT: () => {
            this.CONSUME(K.line);
            over = "line";
          },
        },
        { ALT: () => this.CONSUME(K.text) },
      ]);
    });
    const pattern = this.SUBRULE(this.target, { ARGS: [over] });
    return this.ACTION(() => ({ ...pattern, over, span: this.since(first) }));
  });

  /** `{a} is not b`, `{a} is an ip`, `not file /etc/x exists` */
  readonly comparison = this.RULE("comparison", (): ConditionNode => {
    let not: IToken | undefined;
    this.OPTION(() => (not = this.CONSUME(K.not)));
    const first = this.LA(1);
    const condition = this.OR({
      IGNORE_AMBIGUITIES: true,
      DEF: [
        {
          ALT: (): ConditionNode => {
            this.CONSUME(K.file);
            const path = this.CONSUME(TextToken);
            this.CONSUME(K.exists);
            return this.ACTION(() => ({ type: "file-exists", path: this.text(path), span: this.since(first) }));
          },
        },
        {
          ALT: (): ConditionNode => {
            const left = this.SUBRULE(this.value);
            let operator: "is" | "is not" | "<" | ">" | "contains" | "has" = "is";
            let of: TypeNode | undefined;
            let right: ValueNode | undefined;
            let pattern: PatternNode | undefined;
            this.OR2([
              {
                ALT: () => {
                  this.CONSUME(K.is);
                  this.OR3({
                    IGNORE_AMBIGUITIES: true,
                    DEF: [
                      {
                        ALT: () => {
                          this.OR4([{ ALT: () => this.CONSUME(K.a) }, { ALT: () => this.CONSUME(K.an) }]);
                          of = this.SUBRULE(this.plainType);
                        },
                      },
                      {
                        ALT: () => {
                          this.CONSUME2(K.not);
                          operator = "is not";
                          right = this.SUBRULE2(this.value);
                        },
                      },
                      { ALT: () => (right = this.SUBRULE3(this.value)) },
                    ],
                  });
                },
              },
              {
                ALT: () => {
                  this.OR5([
                    {
                      ALT: () => {
                        this.CONSUME(K.less);
                        operator = "<";
                      },
                    },
                    {
                      ALT: () => {
                        this.CONSUME(K.greater);
                        operator = ">";
                      },
                    },
                    {
                      ALT: () => {
                        this.CONSUME(K.contains);
                        operator = "contains";
                      },
                    },
                    {
                      ALT: () => {
                        this.CONSUME(K.has);
                        operator = "has";
                      },
                    },
                  ]);
                  right = this.SUBRULE4(this.value);
                },
              },
              {
                ALT: () => {
                  this.CONSUME(K.matches);
                  pattern = this.SUBRULE(this.pattern);
                },
              },
            ]);
            return this.ACTION((): ConditionNode => {
              const span = this.since(first);
              if (of !== undefined) return { type: "is-a", left, of, span };
              if (pattern !== undefined) return { type: "matches", left, pattern, span };
              return { type: "compare", operator, left, right: right ?? left, span };
            });
          },
        },
      ],
    });
    return this.ACTION(() => (not === undefined ? condition : { type: "not", condition, span: this.since(not) }));
  });

  /** `A and B and C`, `A or B`, never both */
  readonly condition = this.RULE("condition", (): ConditionNode => {
    const first = this.LA(1);
    const conditions = [this.SUBRULE(this.comparison)];
    const joints: IToken[] = [];
    this.MANY(() => {
      joints.push(this.OR([{ ALT: () => this.CONSUME(K.and) }, { ALT: () => this.CONSUME(K.or) }]));
      conditions.push(this.SUBRULE2(this.comparison));
    });
    return this.ACTION((): ConditionNode => {
      const [joint] = joints;
      const [only] = conditions;
      if (joint === undefined && only !== undefined) return only;
      const other = joints.find((token) => token.image !== joint?.image);
      if (other !== undefined)
        this.say(
          other,
          'One condition is joined by "and" or by "or", never by both: readers disagree on which goes first.\nPut one of them on an "if" of its own, inside the other.',
        );
      return { type: joint?.image === "or" ? "any" : "all", conditions, span: this.since(first) };
    });
  });

  /** What follows `from`: `env VAR`, `prompt`, `file PATH`, `command …` */
  readonly secretFrom = this.RULE("secretFrom", (): SecretFromNode => {
    const first = this.LA(1);
    return this.OR<SecretFromNode>([
      {
        ALT: () => {
          this.CONSUME(K.env);
          const variable = this.CONSUME(NameToken);
          return this.ACTION(() => ({
            type: "env",
            variable: this.name(variable, /^[A-Za-z_][A-Za-z0-9_]*$/),
            span: this.since(first),
          }));
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.prompt);
          return this.ACTION(() => ({ type: "prompt", span: this.since(first) }));
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.file);
          const path = this.CONSUME(TextToken);
          return this.ACTION(() => ({ type: "file", path: this.text(path), span: this.since(first) }));
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.command);
          const raw = this.CONSUME(RawCommand);
          return this.ACTION(() => ({
            type: "command",
            command: commandNode(this.line, raw.startOffset, end(raw)),
            span: this.since(first),
          }));
        },
      },
    ]);
  });

  /** A token's own span. */
  protected span(token: IToken): Span {
    return tokenSpan(this.line, token);
  }

  /** From a token to the last one read. */
  protected since(first: IToken): Span {
    return spanIn(this.line, first.startOffset, end(this.LA(0)));
  }

  protected text(token: IToken): TextNode {
    return textNode(this.line, token);
  }

  protected optionalText(token: IToken | undefined): TextNode | undefined {
    return token === undefined ? undefined : this.text(token);
  }

  /** A name; a token that has no name's form is said, and kept as it is. */
  protected name(token: IToken, form?: RegExp): Name {
    if (form === undefined ? !isName(token.image) : !form.test(token.image))
      this.say(
        token,
        `"${token.image}" is no name: a name has letters, digits, "_"${form === undefined ? ', "-"' : ""}, and begins with a letter.`,
      );
    return nameOf(this.line, token);
  }

  protected optionalName(token: IToken | undefined): Name | undefined {
    return token === undefined ? undefined : this.name(token);
  }

  protected say(token: IToken, message: string): void {
    this.sayAt(this.span(token), message);
  }

  protected sayAt(span: Span, message: string): void {
    this.wrong.push({ span, message, fixes: [] });
  }
}

function label(type: TokenType): string {
  return type === EOF ? "the line's end" : (type.LABEL ?? type.name);
}

function oneOf(paths: readonly (readonly TokenType[])[]): string {
  const labels = [...new Set(paths.flatMap((path) => (path[0] === undefined ? [] : [label(path[0])])))];
  return labels.length > 1 ? `${labels.slice(0, -1).join(", ")} or ${labels.at(-1)}` : (labels[0] ?? "something else");
}
