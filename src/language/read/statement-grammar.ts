// The first line of each statement (section 6). Blocks are built by `statements.ts`.
import type { IToken } from "chevrotain";
import type {
  CallNode,
  ConditionNode,
  Name,
  OnEachNode,
  OnNode,
  PatternNode,
  StatementNode,
  TextNode,
  TypeNode,
  ValueNode,
} from "../tree.ts";
import { ClauseGrammar } from "./clause-grammar.ts";
import { Colon, Comma, K, NameToken, Quoted, TextToken } from "./tokens.ts";

/** `if …`, `otherwise if …`, `otherwise`, `expect …` */
export interface Choice {
  readonly condition: ConditionNode | undefined;
}

export interface StepHeader {
  readonly title: TextNode;
  readonly on: OnNode | OnEachNode | undefined;
}

/** `confirm`, `by hand`, `note` …; `at` is said only in a clause. */
export interface WordsLine {
  readonly statement: StatementNode;
  readonly at: PatternNode | undefined;
}

export class StatementGrammar extends ClauseGrammar {
  /** `register client supreme ip 10.0.0.1`, `luna: verify` */
  readonly call = this.RULE("call", (): CallNode => {
    const first = this.LA(1);
    let vocabulary: IToken | undefined;
    this.OPTION({
      GATE: () => this.LA(2).tokenType === Colon,
      DEF: () => {
        vocabulary = this.CONSUME(NameToken);
        this.CONSUME(Colon);
      },
    });
    const words: IToken[] = [];
    this.AT_LEAST_ONE(() => words.push(this.CONSUME(TextToken)));
    return this.ACTION(() => {
      if (words[0] !== undefined && /^["']/.test(words[0].image))
        this.say(words[0], "A phrase begins with a plain word, and this is in quotes.");
      return {
        type: "call",
        vocabulary: this.optionalName(vocabulary),
        words: words.map((token) => this.text(token)),
        clauses: [],
        span: this.since(first),
      };
    });
  });

  /** `on web1 as root in /etc`, `on each h in all, 5 at a time, stop after 1 failure` */
  readonly on = this.RULE("on", (): OnNode | OnEachNode => {
    const first = this.CONSUME(K.on);
    let name: IToken | undefined;
    const host = this.OR({
      IGNORE_AMBIGUITIES: true,
      DEF: [
        {
          ALT: () => {
            this.CONSUME(K.each);
            name = this.CONSUME(NameToken);
            this.CONSUME(K.in);
            return this.CONSUME(TextToken);
          },
        },
        { ALT: () => this.CONSUME2(TextToken) },
      ],
    });
    let as: IToken | undefined;
    let folder: IToken | undefined;
    let atATime: IToken | undefined;
    let stopAfter: IToken | undefined;
    this.OPTION(() => {
      this.CONSUME(K.as);
      as = this.CONSUME3(TextToken);
    });
    this.OPTION2(() => {
      this.CONSUME2(K.in);
      folder = this.CONSUME4(TextToken);
    });
    this.MANY({
      GATE: () => name !== undefined,
      DEF: () => {
        this.CONSUME(Comma);
        this.OR2({
          IGNORE_AMBIGUITIES: true,
          DEF: [
            {
              ALT: () => {
                this.CONSUME(K.stop);
                this.CONSUME(K.after);
                stopAfter = this.CONSUME5(TextToken);
                this.OR3([{ ALT: () => this.CONSUME(K.failures) }, { ALT: () => this.CONSUME(K.failure) }]);
              },
            },
            {
              ALT: () => {
                atATime = this.CONSUME6(TextToken);
                this.CONSUME(K.at);
                this.CONSUME(K.a);
                this.CONSUME(K.time);
              },
            },
          ],
        });
      },
    });
    return this.ACTION((): OnNode | OnEachNode => {
      const where = { as: this.optionalText(as), in: this.optionalText(folder), block: [], span: this.since(first) };
      if (name === undefined) return { type: "on", host: this.text(host), ...where };
      return {
        type: "on-each",
        name: this.name(name),
        group: this.text(host),
        atATime: this.optionalText(atATime),
        stopAfter: this.optionalText(stopAfter),
        ...where,
      };
    });
  });

  /** `step "title" on HOST` */
  readonly step = this.RULE("step", (): StepHeader => {
    this.CONSUME(K.step);
    const title = this.CONSUME(Quoted);
    let on: OnNode | OnEachNode | undefined;
    this.OPTION(() => (on = this.SUBRULE(this.on)));
    return this.ACTION(() => ({ title: this.text(title), on }));
  });

  /** `let NAME = VALUE`, `ask NAME: TYPE "question"` */
  readonly binding = this.RULE("binding", (): StatementNode => {
    const first = this.LA(1);
    return this.OR<StatementNode>([
      {
        ALT: () => {
          this.CONSUME(K.let);
          const name = this.CONSUME(NameToken);
          this.CONSUME(K.equals);
          const value: ValueNode = this.SUBRULE(this.value);
          return this.ACTION(() => ({ type: "let", name: this.name(name), value, span: this.since(first) }));
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.ask);
          const name = this.CONSUME2(NameToken);
          this.CONSUME(Colon);
          const of: TypeNode = this.SUBRULE(this.type);
          const question = this.CONSUME(Quoted);
          return this.ACTION(() => ({
            type: "ask",
            name: this.name(name),
            of,
            question: this.text(question),
            span: this.since(first),
          }));
        },
      },
    ]);
  });

  /** `if CONDITION`, `otherwise if CONDITION`, `otherwise`, `expect CONDITION` */
  readonly choice = this.RULE("choice", (): Choice => {
    let condition: ConditionNode | undefined;
    this.OR([
      {
        ALT: () => {
          this.OR2([{ ALT: () => this.CONSUME(K.if) }, { ALT: () => this.CONSUME(K.expect) }]);
          condition = this.SUBRULE(this.condition);
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.otherwise);
          this.OPTION(() => {
            this.CONSUME2(K.if);
            condition = this.SUBRULE2(this.condition);
          });
        },
      },
    ]);
    return { condition };
  });

  /** `for each NAME in LIST` */
  readonly forEach = this.RULE("forEach", (): { name: Name; list: ValueNode } => {
    this.CONSUME(K.for);
    this.CONSUME(K.each);
    const name = this.CONSUME(NameToken);
    this.CONSUME(K.in);
    const list = this.SUBRULE(this.value);
    return this.ACTION(() => ({ name: this.name(name), list }));
  });

  /** `confirm "…" by ROLE`, `by hand "…"`, `note "…"`, `attach FILE`, `wait 10s`, `fail "…"`, `finally`, `undo` */
  readonly wordsLine = this.RULE("wordsLine", (): WordsLine => {
    const first = this.LA(1);
    let by: IToken | undefined;
    let at: PatternNode | undefined;
    const make = this.OR<(span: StatementNode["span"]) => StatementNode>([
      {
        ALT: () => {
          const confirm = this.OR2([
            { ALT: () => this.CONSUME(K.confirm) },
            {
              ALT: () => {
                const token = this.CONSUME(K.by);
                this.CONSUME(K.hand);
                return token;
              },
            },
          ]);
          const words = this.CONSUME(Quoted);
          this.OPTION(() => {
            this.CONSUME2(K.by);
            by = this.CONSUME(NameToken);
          });
          this.OPTION2(() => {
            this.CONSUME(K.at);
            at = this.SUBRULE(this.pattern);
          });
          return (span) => ({
            type: confirm.tokenType === K.confirm ? "confirm" : "by-hand",
            words: this.text(words),
            by: this.optionalName(by),
            span,
          });
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.note);
          const words = this.CONSUME2(Quoted);
          return (span) => ({ type: "note", words: this.text(words), span });
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.attach);
          const file = this.CONSUME(TextToken);
          return (span) => ({ type: "attach", file: this.text(file), span });
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.wait);
          const duration = this.CONSUME2(TextToken);
          return (span) => ({ type: "wait", duration: this.text(duration), span });
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.fail);
          const reason = this.CONSUME3(Quoted);
          return (span) => ({ type: "fail", reason: this.text(reason), span });
        },
      },
      {
        ALT: () => {
          this.OR3([{ ALT: () => this.CONSUME(K.finally) }, { ALT: () => this.CONSUME(K.undo) }]);
          return (span) => ({ type: "finally", block: [], span });
        },
      },
    ]);
    return this.ACTION(() => ({ statement: make(this.since(first)), at }));
  });
}
