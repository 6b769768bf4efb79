// The part of PowerShell's grammar that the lab reads: pipelines, assignments, if, try, throw, exit; values and their members.

/** Something that has a value. */
export type Expression =
  | { readonly type: "text"; readonly parts: readonly (string | Expression)[] }
  | { readonly type: "number"; readonly value: number }
  | { readonly type: "variable"; readonly name: string }
  | { readonly type: "pipeline"; readonly pipeline: Pipeline }
  | {
      readonly type: "member";
      readonly of: Expression;
      readonly name: string;
      readonly args: readonly Expression[] | undefined;
    }
  | { readonly type: "not"; readonly of: Expression }
  | { readonly type: "compare"; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly type: "list"; readonly items: readonly Expression[] }
  /** `-Name`, as an argument. */
  | { readonly type: "parameter"; readonly name: string };

/** A command with its arguments, or a value alone. */
export type Stage =
  | { readonly type: "command"; readonly name: Expression; readonly args: readonly Expression[] }
  | { readonly type: "value"; readonly value: Expression };

export type Pipeline = readonly Stage[];

export type Statement =
  | { readonly type: "pipeline"; readonly pipeline: Pipeline }
  | { readonly type: "assign"; readonly name: string; readonly pipeline: Pipeline }
  | { readonly type: "exit"; readonly value: Expression | undefined }
  | { readonly type: "throw"; readonly value: Expression | undefined }
  | {
      readonly type: "if";
      readonly cases: readonly { readonly condition: Pipeline; readonly block: readonly Statement[] }[];
      readonly otherwise: readonly Statement[];
    }
  | { readonly type: "try"; readonly block: readonly Statement[]; readonly caught: readonly Statement[] };

/** What the lab's PowerShell can't read; the place is the rest of the script from there. */
export class UnreadScript extends Error {}

/** Reads a script. Throws `UnreadScript` where it goes beyond the lab. */
export function parsePowershell(script: string): readonly Statement[] {
  return new Parser(script).block(false);
}

class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  block(isInner: boolean): readonly Statement[] {
    const statements: Statement[] = [];
    for (;;) {
      this.#skip(/(?:[\s;]|#[^\n]*)*/y);
      if (this.#at >= this.#text.length) {
        if (isInner) this.#fail();
        return statements;
      }
      if (isInner && this.#take("}")) return statements;
      statements.push(this.#statement());
    }
  }

  #statement(): Statement {
    if (this.#word("exit")) return { type: "exit", value: this.#optionalValue() };
    if (this.#word("throw")) return { type: "throw", value: this.#optionalValue() };
    if (this.#word("if")) return this.#if();
    if (this.#word("try")) {
      const block = this.#braces();
      this.#blanks();
      const caught = this.#word("catch") ? this.#braces() : [];
      this.#blanks();
      if (this.#word("finally")) this.#braces();
      return { type: "try", block, caught };
    }
    const assigned = this.#match(/((?:\$[\w:]+|\[[\w.]+\]::\w+)(?:\s*=\s*\$[\w:]+)*)\s*=(?!=)\s*/y);
    if (assigned !== undefined) {
      const name = (assigned[1] ?? "").split("=")[0]?.trim() ?? "";
      return { type: "assign", name: name.replace(/^\$/, ""), pipeline: this.#pipeline() };
    }
    return { type: "pipeline", pipeline: this.#pipeline() };
  }

  #if(): Statement {
    const cases: { condition: Pipeline; block: readonly Statement[] }[] = [];
    for (;;) {
      this.#expect("(");
      const condition = this.#pipeline();
      this.#expect(")");
      cases.push({ condition, block: this.#braces() });
      this.#blanks();
      if (this.#word("elseif")) continue;
      return { type: "if", cases, otherwise: this.#word("else") ? this.#braces() : [] };
    }
  }

  #braces(): readonly Statement[] {
    this.#expect("{");
    return this.block(true);
  }

  #pipeline(): Pipeline {
    const stages: Stage[] = [this.#stage()];
    for (;;) {
      this.#skip(/[ \t]*/y);
      if (this.#text.startsWith("||", this.#at) || !this.#take("|")) return stages;
      this.#blanks();
      stages.push(this.#stage());
    }
  }

  #stage(): Stage {
    this.#skip(/[ \t]*/y);
    const isCalled = this.#match(/[&.][ \t]+|&(?=['"$(])/y) !== undefined;
    const next = this.#text[this.#at] ?? "";
    if (
      !isCalled &&
      (/['"$([!]/.test(next) ||
        /^-not\b/i.test(this.#text.slice(this.#at)) ||
        /^\d+(?![\w.-])/.test(this.#text.slice(this.#at)))
    ) {
      return { type: "value", value: this.#comparison() };
    }
    const name = this.#argument();
    const args: Expression[] = [];
    for (;;) {
      this.#skip(/(?:[ \t]|`\r?\n)*/y);
      if (this.#at >= this.#text.length || /[\n\r;|)}]/.test(this.#text[this.#at] ?? ""))
        return { type: "command", name, args };
      if (this.#match(/[2*]?>\s*(?:\$null|&1)/y) !== undefined) continue;
      args.push(this.#argumentList());
    }
  }

  #argumentList(): Expression {
    const items = [this.#argument()];
    while (this.#match(/[ \t]*,[ \t]*/y) !== undefined) items.push(this.#argument());
    const [only] = items;
    return items.length === 1 && only !== undefined ? only : { type: "list", items };
  }

  #comparison(): Expression {
    if (this.#match(/(?:!|-not\b)[ \t]*/iy) !== undefined) return { type: "not", of: this.#comparison() };
    const left = this.#value();
    const operator = this.#match(/[ \t]*-(eq|ne|like|notlike|match|notmatch|gt|lt|ge|le|and|or)\b[ \t]*/iy);
    if (operator === undefined) return left;
    const isJoining = /^(?:and|or)$/i.test(operator[1] ?? "");
    const right = isJoining ? this.#comparison() : this.#value();
    const compared: Expression = { type: "compare", operator: (operator[1] ?? "").toLowerCase(), left, right };
    const joined = isJoining ? undefined : this.#match(/[ \t]*-(and|or)\b[ \t]*/iy);
    if (joined === undefined) return compared;
    return { type: "compare", operator: (joined[1] ?? "").toLowerCase(), left: compared, right: this.#comparison() };
  }

  /** A value where an expression stands. */
  #value(): Expression {
    const number = this.#match(/-?\d+(?:\.\d+)?(?![\w.])/y);
    if (number !== undefined) return { type: "number", value: Number(number[0]) };
    return this.#members(this.#primary() ?? this.#fail());
  }

  /** A word where an argument stands: bare, quoted, or a value. */
  #argument(): Expression {
    const parameter = this.#match(/-([A-Za-z]\w*):?(?=[\s;|)}]|$)/y);
    if (parameter !== undefined) return { type: "parameter", name: (parameter[1] ?? "").toLowerCase() };
    // Only a number that is written as it would be printed: a program's argument 08 stays 08.
    const number = this.#match(/(?:0|[1-9]\d*)(?=[\s;|(){},]|$)/y);
    if (number !== undefined) return { type: "number", value: Number(number[0]) };
    const primary = this.#primary();
    if (primary !== undefined) return this.#members(primary);
    const parts: (string | Expression)[] = [];
    for (;;) {
      const bare = this.#match(/(?:[^\s;|(){}'"`$,]|`.)+/y);
      if (bare !== undefined) parts.push(bare[0].replaceAll(/`(.)/g, "$1"));
      else {
        const inner = parts.length > 0 ? this.#primary() : undefined;
        if (inner === undefined) break;
        parts.push(inner);
      }
    }
    return parts.length === 0 ? this.#fail() : { type: "text", parts };
  }

  #primary(): Expression | undefined {
    const single = this.#match(/'((?:[^']|'')*)'/y);
    if (single !== undefined) return { type: "text", parts: [(single[1] ?? "").replaceAll("''", "'")] };
    if (this.#take('"')) return this.#quoted();
    const variable = this.#match(/\$(?:\{([^}]+)\}|((?:\w+:)?\w+))|\$(\?)/y);
    if (variable !== undefined) return { type: "variable", name: variable[1] ?? variable[2] ?? variable[3] ?? "" };
    if (this.#match(/[$@]?\(/y) !== undefined) {
      this.#blanks();
      const pipeline = this.#pipeline();
      this.#expect(")");
      return { type: "pipeline", pipeline };
    }
    // [Console]::OutputEncoding and its like: only ever set, never looked at.
    const typeName = this.#match(/\[[\w.]+\](?:::\w+)?/y);
    if (typeName === undefined) return undefined;
    // A cast: every value of the lab's can stand for its text already.
    const cast = typeName[0].endsWith("]") ? this.#primary() : undefined;
    const type: Expression = { type: "text", parts: [typeName[0]] };
    if (cast !== undefined) return cast;
    return this.#take("(") ? { type: "member", of: type, name: "()", args: this.#callArguments() } : type;
  }

  #quoted(): Expression {
    const parts: (string | Expression)[] = [];
    for (;;) {
      const piece = this.#match(/(?:[^"`$]|`[\s\S]|""|\$(?![\w{(]))+/y);
      if (piece !== undefined) parts.push(unescape(piece[0]));
      else if (this.#take('"')) return { type: "text", parts };
      else parts.push(this.#primary() ?? this.#fail());
    }
  }

  #members(of: Expression): Expression {
    let value = of;
    for (let name = this.#match(/\.(\w+)/y); name !== undefined; name = this.#match(/\.(\w+)/y)) {
      let args: readonly Expression[] | undefined;
      if (this.#take("(")) args = this.#callArguments();
      value = { type: "member", of: value, name: (name[1] ?? "").toLowerCase(), args };
    }
    return value;
  }

  #callArguments(): readonly Expression[] {
    const args: Expression[] = [];
    this.#blanks();
    while (!this.#take(")")) {
      args.push(this.#comparison());
      this.#skip(/[\s,]*/y);
    }
    return args;
  }

  #optionalValue(): Expression | undefined {
    this.#skip(/[ \t]*/y);
    return this.#at >= this.#text.length || /[\n\r;}]/.test(this.#text[this.#at] ?? "")
      ? undefined
      : this.#comparison();
  }

  #word(word: string): boolean {
    return this.#match(new RegExp(`${word}(?![\\w-])`, "iy")) !== undefined;
  }

  #expect(text: string): void {
    this.#blanks();
    if (!this.#take(text)) this.#fail();
  }

  #take(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #blanks(): void {
    this.#skip(/\s*/y);
  }

  #skip(pattern: RegExp): void {
    this.#match(pattern);
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match === null) return undefined;
    this.#at += match[0].length;
    return match;
  }

  #fail(): never {
    throw new UnreadScript(this.#text.slice(this.#at, this.#at + 40).split("\n")[0] ?? "");
  }
}

function unescape(text: string): string {
  return text.replaceAll(/`([\s\S])|""/g, (_whole, character: string | undefined) => {
    if (character === undefined) return '"';
    return character === "n" ? "\n" : character === "t" ? "\t" : character === "r" ? "\r" : character;
  });
}
