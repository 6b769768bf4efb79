// Quoting for sh and bash: a value is put in '…' wherever it stands; the lexer below knows where it may not stand.
import {
  clip,
  joinLiterals,
  refuse,
  refuseDash,
  refuseEverywhere,
  type Piece,
  type Refusal,
  type ValuePiece,
} from "./pieces.ts";

/** One argument for sh: bare where nothing in it means anything to a shell, else in '…'. */
export function quoteForSh(value: string): string | Refusal {
  return refuseEverywhere(value) ?? (isBare(value) ? value : singleQuoted(value));
}

/** The text in '…', for a POSIX shell (`'` is written `'\''`). NUL is the caller's to refuse. */
export function singleQuoted(value: string): string {
  return `'${value.replaceAll("'", String.raw`'\''`)}'`;
}

/**
 * One argument for a login shell of any make (bash, dash, zsh, mksh, fish, tcsh): `\`, `'` and `!` stand outside the
 * quotes, as `\c`. Measured on eight shells: only tcsh changes it, where it holds a line feed.
 */
export function quotedForAnyShell(value: string): string {
  if (/^[A-Za-z0-9_./-]+$/.test(value)) return value;
  return value === ""
    ? "''"
    : value.replace(/[^\\'!]+|[\\'!]/g, (run) => (/^[\\'!]$/.test(run) ? `\\${run}` : `'${run}'`));
}

/** The command's text with its values filled in, each inside one argument, or why that can't be done. */
export function fillSh(pieces: readonly Piece[], shell: "sh" | "bash"): string | Refusal {
  const joined = joinLiterals(pieces);
  const lexer = new ShLexer(joined.some((piece) => piece.type === "literal" && /\bcase\b/.test(piece.text)));
  const arithmeticTest =
    shell === "bash" &&
    joined.some((p) => p.type === "literal" && /\[\[.*-(eq|ne|lt|le|gt|ge)\b/.test(literalText(joined)));
  let out = "";
  for (const [index, piece] of joined.entries()) {
    if (piece.type === "literal") {
      lexer.read(piece.text);
      out += piece.text;
      continue;
    }
    const refusal =
      refuseEverywhere(piece.text, piece.shown) ??
      lexer.refuseHere(piece) ??
      (lexer.atWordStart ? refuseDash(piece) : undefined);
    if (refusal !== undefined) return refusal;
    if (arithmeticTest && !/^-?\d+$/.test(piece.text))
      return refuse(
        `${piece.shown} is "${clip(piece.text)}", and bash would calculate it inside [[ … ]]: use [ … ] there, or compare in the runbook with "expect".`,
      );
    const before = joined[index - 1];
    const after = joined[index + 1];
    const alone = neighbourIsPlain(before, "end") && neighbourIsPlain(after, "start");
    const bare = alone && isBare(piece.text);
    out += bare ? piece.text : singleQuoted(piece.text);
    lexer.readValue(piece.text);
  }
  return out;
}

/** The text of all literals, values standing as a blank. */
function literalText(pieces: readonly Piece[]): string {
  return pieces.map((piece) => (piece.type === "literal" ? piece.text : " ")).join("");
}

/** Words of the shell's grammar: as values they are quoted, so that they stay words. */
const reserved = new Set(
  "if then else elif fi do done case esac while until for in select function time coproc".split(" "),
);

function isBare(value: string): boolean {
  return /^[A-Za-z0-9_./:@][A-Za-z0-9_./:@+,-]*$/.test(value) && !reserved.has(value);
}

/** Whether what stands beside a value lets it stay bare: a blank, the line's end, or a character without a meaning. */
function neighbourIsPlain(piece: Piece | undefined, side: "start" | "end"): boolean {
  if (piece === undefined) return true;
  if (piece.type === "value") return false;
  const character = side === "start" ? piece.text[0] : piece.text.at(-1);
  // `name=` before a value is an assignment's name; after one it would make the value that.
  return character === undefined || (side === "end" ? /[ \tA-Za-z0-9_./:@=-]/ : /[ \tA-Za-z0-9_./:@-]/).test(character);
}

type Frame = "paren" | "single" | "double" | "brace" | "brace-in-double" | "arithmetic" | "backtick";

/** Reads a line as sh does, as far as is needed to know what a value would be inside of. */
class ShLexer {
  readonly #frames: Frame[] = [];
  readonly #hasCase: boolean;
  #escape = false;
  #comment = false;
  #unclear: string | undefined;
  #last = "";
  atWordStart = true;

  constructor(hasCase: boolean) {
    this.#hasCase = hasCase;
  }

  read(text: string): void {
    this.#last = text.at(-1) ?? "";
    for (let at = 0; at < text.length; at++) at += this.#character(text, at);
  }

  readValue(text: string): void {
    this.#last = "";
    if (text !== "") this.atWordStart = false;
  }

  refuseHere(piece: ValuePiece): Refusal | undefined {
    const name = piece.shown;
    const remedy = `Put the whole argument into a name first: let argument = "…${name}…", then {argument}.`;
    if (this.#escape) return refuse(`The backslash right before ${name} would change how it is quoted. ${remedy}`);
    if (this.#last === "$") return refuse(`The "$" right before ${name} would change how it is quoted. ${remedy}`);
    if (this.#comment) return refuse(`${name} stands in a comment of the shell (after "#"). Take it out.`);
    if (this.#unclear !== undefined)
      return refuse(`${name} stands after ${this.#unclear}, where shells differ in what they read. ${remedy}`);
    // What is around counts too: shells read backticks and arithmetic twice, whatever is inside of them.
    if (this.#frames.includes("backtick"))
      return refuse(`${name} stands inside backticks, where it can't be quoted. Write $( … ) instead.`);
    if (this.#frames.includes("arithmetic"))
      return refuse(
        `${name} stands inside an arithmetic expression, where the shell would evaluate it. Calculate with a variable given by "with".`,
      );
    const top = this.#frames.at(-1);
    if (top === "single" || top === "double" || this.#frames.includes("brace-in-double"))
      return refuse(`${name} stands inside quotes, where it could end them. ${remedy}`);
    return undefined;
  }

  /** Takes the character at `at`; returns how many more it took. */
  #character(text: string, at: number): number {
    const c = text[at] ?? "";
    const top = this.#frames.at(-1);
    const startsWord = this.atWordStart;
    if (this.#comment) return 0;
    if (top === "single") {
      if (c === "'") this.#frames.pop();
      return 0;
    }
    this.atWordStart = top !== "double" && /[ \t;&|()<>]/.test(c);
    if (this.#escape) {
      this.#escape = false;
      this.atWordStart = false;
      return 0;
    }
    if (c === "\\") this.#escape = true;
    else if (c === "`") this.#toggleBacktick();
    else if (text.startsWith("$((", at)) return this.#push("arithmetic", 2);
    else if (text.startsWith("$[", at)) this.#unclear = '"$["';
    else if (text.startsWith("$(", at)) {
      this.atWordStart = true;
      return this.#push("paren", 1);
    } else if (text.startsWith("${", at)) return this.#push(top === "double" ? "brace-in-double" : "brace", 1);
    else if (top === "double") {
      if (c === '"') this.#frames.pop();
    } else if (top === "arithmetic") return this.#inArithmetic(text, at);
    else if (top === "brace-in-double") {
      if (c === "}") this.#frames.pop();
      else if (c === "'" || c === '"') this.#unclear = "quotes inside ${…}";
    } else this.#plain(c, { text, at, startsWord });
    return 0;
  }

  #plain(c: string, place: { readonly text: string; readonly at: number; readonly startsWord: boolean }): void {
    const top = this.#frames.at(-1);
    if (c === "'") {
      if (place.text[place.at - 1] === "$") this.#unclear = "$'…'";
      this.#frames.push("single");
    } else if (c === '"') this.#frames.push("double");
    else if (c === "#" && place.startsWord && top !== "brace") this.#comment = true;
    else if (c === "}" && top === "brace") this.#frames.pop();
    else if (c === "(" && place.text[place.at + 1] === "(") this.#frames.push("arithmetic");
    else if (c === "(") this.#frames.push("paren");
    else if (c === ")" && top === "paren") {
      this.#frames.pop();
      if (this.#hasCase) this.#unclear = '"case" inside parentheses';
    }
  }

  #inArithmetic(text: string, at: number): number {
    const c = text[at];
    if (c === "(") this.#frames.push("arithmetic");
    else if (c === ")") {
      this.#frames.pop();
      // `$((` and `((` were one frame each: their second parenthesis goes with it.
      if (text[at + 1] === ")" && this.#frames.at(-1) !== "arithmetic") return 1;
    } else if (c === "'" || c === '"') this.#unclear = "quotes inside $((…))";
    return 0;
  }

  #toggleBacktick(): void {
    if (this.#frames.at(-1) === "backtick") this.#frames.pop();
    else if (this.#frames.includes("backtick")) this.#unclear = "backticks inside quotes";
    else this.#frames.push("backtick");
  }

  #push(frame: Frame, more: number): number {
    this.#frames.push(frame);
    return more;
  }
}
