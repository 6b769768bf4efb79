// The clauses: what is indented under a phrase or a `run` (section 7).
import type { IToken } from "chevrotain";
import type { ClauseNode, PatternNode, RetryLimit, ValueNode } from "../tree.ts";
import { K, Lines, NameToken, Quoted, Regex, StringToken, TextToken } from "./tokens.ts";
import { ValueGrammar } from "./value-grammar.ts";

export class ClauseGrammar extends ValueGrammar {
  /** `expect no line "x"`, `expect exit 0 or 3`, `expect nothing`, `expect {a} is b` */
  readonly expectClause = this.RULE("expectClause", (): ClauseNode => {
    const first = this.CONSUME(K.expect);
    return this.OR<ClauseNode>({
      IGNORE_AMBIGUITIES: true,
      DEF: [
        {
          ALT: () => {
            let no = false;
            this.OPTION(() => {
              this.CONSUME(K.no);
              no = true;
            });
            const pattern = this.overPattern(1);
            return this.ACTION(() => ({ type: "expect-pattern", no, pattern, span: this.since(first) }));
          },
        },
        {
          ALT: () => {
            this.CONSUME(K.exit);
            const statuses = [this.CONSUME(TextToken)];
            this.MANY(() => {
              this.CONSUME(K.or);
              statuses.push(this.CONSUME2(TextToken));
            });
            return this.ACTION(() => ({
              type: "expect-exit",
              statuses: statuses.map((token) => {
                if (!/^\d{1,10}$/.test(token.image))
                  this.say(
                    token,
                    `An exit status is a number, and "${token.image}" is none.\nWrite expect exit 0 or 3`,
                  );
                return { value: Number.parseInt(token.image, 10) || 0, span: this.span(token) };
              }),
              span: this.since(first),
            }));
          },
        },
        {
          ALT: () => {
            this.CONSUME(K.nothing);
            return this.ACTION(() => ({ type: "expect-nothing", span: this.since(first) }));
          },
        },
        {
          GATE: () => this.isAlone(),
          ALT: () => {
            const token = this.CONSUME(StringToken);
            return this.ACTION(() => this.patternWithoutOver(first, token));
          },
        },
        {
          ALT: () => {
            const condition = this.SUBRULE(this.condition);
            return this.ACTION(() => ({ type: "expect-condition", condition, span: this.since(first) }));
          },
        },
      ],
    });
  });

  /** `capture line "<a>"`, `capture each line "<a>" as NAME`, `capture output as NAME`, `capture NAME as NAME` */
  readonly captureClause = this.RULE("captureClause", (): ClauseNode => {
    const first = this.CONSUME(K.capture);
    return this.OR<ClauseNode>({
      IGNORE_AMBIGUITIES: true,
      DEF: [
        {
          ALT: () => {
            const pattern = this.overPattern(1);
            return this.ACTION(() => ({ type: "capture-pattern", pattern, span: this.since(first) }));
          },
        },
        {
          ALT: () => {
            this.CONSUME(K.each);
            const pattern = this.overPattern(2);
            this.CONSUME(K.as);
            const as = this.CONSUME(NameToken);
            return this.ACTION(() => ({ type: "capture-each", pattern, as: this.name(as), span: this.since(first) }));
          },
        },
        {
          ALT: () => {
            this.CONSUME(K.output);
            this.CONSUME2(K.as);
            const as = this.CONSUME2(NameToken);
            return this.ACTION(() => ({ type: "capture-output", as: this.name(as), span: this.since(first) }));
          },
        },
        {
          ALT: () => {
            const name = this.CONSUME3(NameToken);
            let as: IToken | undefined;
            this.OPTION(() => {
              this.CONSUME3(K.as);
              as = this.CONSUME4(NameToken);
            });
            return this.ACTION(() => ({
              type: "capture-name",
              name: this.name(name),
              as: this.optionalName(as),
              span: this.since(first),
            }));
          },
        },
      ],
    });
  });

  /** One clause. */
  readonly clause = this.RULE("clause", (): ClauseNode => {
    const first = this.LA(1);
    return this.OR<ClauseNode>([
      { ALT: () => this.SUBRULE(this.expectClause) },
      { ALT: () => this.SUBRULE(this.captureClause) },
      {
        // already so when "…"; already so when file PATH exists
        ALT: () => {
          this.CONSUME(K.already);
          this.CONSUME(K.so);
          this.CONSUME(K.when);
          const make = this.OR2<(span: ClauseNode["span"]) => ClauseNode>({
            IGNORE_AMBIGUITIES: true,
            DEF: [
              {
                GATE: () => this.isAlone() || isPatternStart(this.LA(1)),
                ALT: () => {
                  const pattern = this.SUBRULE(this.pattern);
                  return (span) => ({ type: "already-so-pattern", pattern, span });
                },
              },
              {
                ALT: () => {
                  const condition = this.SUBRULE(this.condition);
                  return (span) => ({ type: "already-so-condition", condition, span });
                },
              },
            ],
          });
          return this.ACTION(() => make(this.since(first)));
        },
      },
      {
        // fails when "…" because "…"
        ALT: () => {
          this.CONSUME(K.fails);
          this.CONSUME2(K.when);
          const pattern = this.SUBRULE2(this.pattern);
          let because: IToken | undefined;
          this.OPTION(() => {
            this.CONSUME(K.because);
            because = this.CONSUME(Quoted);
          });
          return this.ACTION(() => ({
            type: "fails-when",
            pattern,
            because: this.optionalText(because),
            span: this.since(first),
          }));
        },
      },
      {
        // answer proceed to "delete client"
        ALT: () => {
          this.CONSUME(K.answer);
          const value = this.CONSUME(TextToken);
          this.CONSUME(K.to);
          const to = this.SUBRULE3(this.pattern);
          return this.ACTION(() => ({ type: "answer", value: this.text(value), to, span: this.since(first) }));
        },
      },
      {
        // by hand "insert the blue PED key" at "Insert"
        ALT: () => {
          this.CONSUME(K.by);
          this.CONSUME(K.hand);
          const instruction = this.CONSUME2(Quoted);
          this.CONSUME(K.at);
          const at = this.SUBRULE4(this.pattern);
          return this.ACTION(() => ({
            type: "by-hand-at",
            instruction: this.text(instruction),
            at,
            span: this.since(first),
          }));
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.input);
          const value = this.CONSUME2(TextToken);
          return this.ACTION(() => ({ type: "input", value: this.text(value), span: this.since(first) }));
        },
      },
      {
        // within 10m; idle 30s
        ALT: () => {
          const limit = this.OR3([{ ALT: () => this.CONSUME(K.within) }, { ALT: () => this.CONSUME(K.idle) }]);
          const duration = this.CONSUME3(TextToken);
          return this.ACTION(() => ({
            type: limit.tokenType === K.idle ? "idle" : "within",
            duration: this.text(duration),
            span: this.since(first),
          }));
        },
      },
      {
        // retry 3 times every 5s; retry for 1m every 5s
        ALT: () => {
          this.CONSUME(K.retry);
          let times: IToken | undefined;
          let duration: IToken | undefined;
          this.OR4({
            IGNORE_AMBIGUITIES: true,
            DEF: [
              {
                ALT: () => {
                  this.CONSUME(K.for);
                  duration = this.CONSUME4(TextToken);
                },
              },
              {
                ALT: () => {
                  times = this.CONSUME5(TextToken);
                  this.CONSUME(K.times);
                },
              },
            ],
          });
          this.CONSUME(K.every);
          const every = this.CONSUME6(TextToken);
          return this.ACTION(() => {
            const limit: RetryLimit =
              duration === undefined
                ? { type: "times", count: this.text(times ?? every) }
                : { type: "for", duration: this.text(duration) };
            return { type: "retry", limit, every: this.text(every), span: this.since(first) };
          });
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.using);
          const shell = this.CONSUME(NameToken);
          return this.ACTION(() => ({ type: "using", shell: this.name(shell), span: this.since(first) }));
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.as);
          const user = this.CONSUME7(TextToken);
          return this.ACTION(() => ({ type: "as", user: this.text(user), span: this.since(first) }));
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.in);
          const folder = this.CONSUME8(TextToken);
          return this.ACTION(() => ({ type: "in", folder: this.text(folder), span: this.since(first) }));
        },
      },
      {
        // with NAME = VALUE
        ALT: () => {
          this.CONSUME(K.with);
          const name = this.CONSUME2(NameToken);
          this.CONSUME(K.equals);
          const value: ValueNode = this.SUBRULE(this.value);
          return this.ACTION(() => ({
            type: "with",
            name: this.name(name, /^[A-Za-z_][A-Za-z0-9_]*$/),
            value,
            span: this.since(first),
          }));
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.hide);
          this.CONSUME(K.output);
          return this.ACTION(() => ({ type: "hide-output", span: this.since(first) }));
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.changes);
          this.CONSUME(K.nothing);
          return this.ACTION(() => ({ type: "changes-nothing", span: this.since(first) }));
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.destroys);
          const what = this.CONSUME3(Quoted);
          return this.ACTION(() => ({ type: "destroys", what: this.text(what), span: this.since(first) }));
        },
      },
      {
        // may fail because "…"
        ALT: () => {
          this.CONSUME(K.may);
          this.CONSUME(K.fail);
          let because: IToken | undefined;
          this.OPTION2(() => {
            this.CONSUME2(K.because);
            because = this.CONSUME4(Quoted);
          });
          return this.ACTION(() => ({
            type: "may-fail",
            because: this.optionalText(because),
            span: this.since(first),
          }));
        },
      },
    ]);
  });

  /** `line P` or `text P`, one of which must be said. */
  private overPattern(index: 1 | 2): PatternNode {
    const first = this.LA(1);
    let over: "line" | "text" = "text";
    this.or(index + 7, [
      {
        ALT: () => {
          this.consume(index, K.line);
          over = "line";
        },
      },
      { ALT: () => this.consume(index, K.text) },
    ]);
    const pattern = this.subrule(index, this.target, { ARGS: [over] });
    return this.ACTION(() => ({ ...pattern, span: this.since(first) }));
  }

  /** Whether one token is left. */
  protected isAlone(): boolean {
    return this.LA(2).tokenType.name === "EOF";
  }

  /** `expect "ok"`: whether a whole line or a part is meant must be said. */
  private patternWithoutOver(first: IToken, token: IToken): ClauseNode {
    const span = this.span(token);
    this.wrong.push({
      span,
      message: `It is not said whether this is a whole line or part of the output.\nWrite expect line ${token.image} or expect text ${token.image}`,
      fixes: [
        { span, text: `line ${token.image}`, safe: false },
        { span, text: `text ${token.image}`, safe: false },
      ],
    });
    return {
      type: "expect-pattern",
      no: false,
      pattern: { type: "pattern", form: "string", over: "text", parts: [], regex: "", span },
      span: this.since(first),
    };
  }
}

function isPatternStart(token: IToken): boolean {
  return (
    token.tokenType === K.line || token.tokenType === K.text || token.tokenType === Regex || token.tokenType === Lines
  );
}
