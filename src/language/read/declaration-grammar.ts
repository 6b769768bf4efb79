// The lines of declarations (section 5).
import type { IToken } from "chevrotain";
import type { DeclarationNode, HostLineNode, HostNode, Name, SecretFromNode, TextNode, ValueNode } from "../tree.ts";
import { StatementGrammar } from "./statement-grammar.ts";
import { Colon, Comma, K, NameToken, Quoted, StringToken, TextToken } from "./tokens.ts";

/** `role NAME "title"`, `runbook "title"`, `about "…"` */
export interface TitleLine {
  readonly name: Name | undefined;
  readonly text: TextNode | undefined;
}

export class DeclarationGrammar extends StatementGrammar {
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
}
