// Quoting for cmd.exe, whose line is read twice: by cmd (percent signs, carets) and by the program (backslashes, quotes).
import { clip, refuse, refuseDash, refuseEverywhere, type Piece, type Refusal, type ValuePiece } from "./pieces.ts";
import { fillWords, type LineLexer, type ValueWord } from "./words.ts";

/**
 * One argument as MSVCRT, CommandLineToArgvW and .NET read it: in quotes, `\` doubled where it stands before a quote.
 * Never `""` for an inner quote: the two standard parsers disagree about it.
 */
export function crtArg(value: string): string {
  return `"${value.replace(/(\\*)"/g, String.raw`$1$1\"`).replace(/(\\+)$/, "$1$1")}"`;
}

/**
 * One argument of an .exe for a line that cmd reads with command extensions (the default) and without delayed expansion:
 * every character that cmd could read is careted, so it never enters its quote mode; `%` is followed by an empty
 * substring of %cd%, so that no pair of them names a variable.
 */
export function cmdArg(value: string): string {
  return crtArg(value).replace(/[^A-Za-z0-9_./:\\-]/gu, (c) => (c === "%" ? "%%cd:~,%" : `^${c}`));
}

/** What cmd can't carry, or undefined. */
export function refuseForCmd(value: string, shown = "This value"): Refusal | undefined {
  if (/[\r\n]/.test(value))
    return refuse(`${shown} holds a line break, and cmd cuts a line there. Use "using program" or PowerShell.`);
  return refuseEverywhere(value, shown);
}

/**
 * One argument of a batch file, whose arguments are read again inside it (CVE-2024-24576): only what survives that.
 */
export function batchArg(value: string, shown = "This value"): string | Refusal {
  const refusal = refuseForCmd(value, shown);
  if (refusal !== undefined) return refusal;
  if (/["%!^&|<>()]/.test(value) || value.endsWith("\\"))
    return refuse(
      `${shown} is "${clip(value)}", and a batch file reads its arguments a second time: one of " % ! ^ & | < > ( ) or a backslash at the end would change there. Call the program itself instead of the batch file.`,
    );
  return `"${value}"`;
}

/** Whether a program's name is that of a batch file. */
export function isBatchFile(file: string): boolean {
  return /\.(bat|cmd)$/i.test(file.replace(/"/g, "").trimEnd());
}

/** The command's text with its values filled in, whole words quoted, or why that can't be done. */
export function fillCmd(pieces: readonly Piece[]): string | Refusal {
  return fillWords(pieces, new CmdLexer(), quoteWord);
}

function isBare(value: string): boolean {
  return /^[A-Za-z0-9_./:\\-]+$/.test(value);
}

/** Commands of cmd itself (they have no argument list), and those that read their line a second time. */
const ownReaders = new Set(
  (
    "assoc break call cd chdir cls cmd cmd.exe color copy date del dir dpath echo else endlocal erase exit for ftype goto if " +
    "keys md mkdir mklink move path pause popd prompt pushd rd rem ren rename rmdir set setlocal shift start time title type ver verify vol"
  ).split(" "),
);

function quoteWord({ pieces, text, value, command, previous }: ValueWord): string | Refusal {
  const refusal = refuseForCmd(text, value.shown) ?? refuseDashAtStart(pieces);
  if (refusal !== undefined) return refusal;
  for (const piece of pieces) {
    const special = piece.type === "literal" ? /["%^&<>()!]/.exec(piece.text) : null;
    if (special !== null)
      return refuse(
        `The word around ${value.shown} is quoted as a whole, and "${special[0]}" in it would become plain text. Put the whole word into a name first: let argument = "…${value.shown}…", then {argument}.`,
      );
  }
  if (isBare(text)) return text;
  if (/[<>]$/.test(previous))
    return refuse(
      `${value.shown} is "${clip(value.text)}", and cmd reads the file name after "${previous}" in its own way. Use a name without blanks, or capture the output in the runbook.`,
    );
  const name = (command ?? "").replace(/^@/, "").toLowerCase();
  if (command === undefined)
    return /["]|\\$/.test(text)
      ? refuse(
          `${value.shown} is the program's name here, and "${clip(text)}" can't be one: a path holds no quote and ends in no backslash.`,
        )
      : cmdArg(text);
  if (ownReaders.has(name))
    return refuse(
      `${value.shown} is "${clip(value.text)}", and "${name}" belongs to cmd, which reads its line in its own way: no quoting is sure to keep this one argument. Use PowerShell with -LiteralPath, "using program", or send and fetch for files.`,
    );
  if (isBatchFile(name)) return batchArg(text, value.shown);
  if (/^findstr(\.exe)?$/.test(name) && /["\\]/.test(text))
    return refuse(
      `findstr reads " and \\ in its arguments a second time, so ${value.shown} ("${clip(value.text)}") would change. Look for it with "expect text" in the runbook.`,
    );
  if (/^msiexec(\.exe)?$/.test(name) && text.includes("="))
    return refuse(
      `msiexec wants quotes inside a word such as NAME="value", so ${value.shown} ("${clip(value.text)}") can't be given this way.`,
    );
  return cmdArg(text);
}

function refuseDashAtStart(pieces: readonly Piece[]): Refusal | undefined {
  const first = pieces.find((piece) => piece.text !== "");
  return first?.type === "value" ? refuseDash(first) : undefined;
}

/** cmd's phases: percent signs pair up before anything else, then `"` switches quoting and `^` escapes outside it. */
class CmdLexer implements LineLexer {
  #quoted = false;
  #escape = false;
  #line = "";
  /** Inside quotes as the program's own reader sees it, for which carets are gone. */
  #argumentQuoted = false;
  #backslashes = 0;
  #justClosed = false;
  #unclear = false;

  take(c: string): { endsWord: boolean; beginsCommand: boolean } {
    this.#line += c;
    if (c !== "^" || this.#escape || this.#quoted) this.#asArgument(c);
    if (this.#escape) {
      this.#escape = false;
      return { endsWord: false, beginsCommand: false };
    }
    if (c === '"') this.#quoted = !this.#quoted;
    if (this.#quoted) return { endsWord: false, beginsCommand: false };
    if (c === "^") this.#escape = true;
    return { endsWord: /[ \t);|,&(]/.test(c), beginsCommand: /[|&(]/.test(c) };
  }

  refuseHere(value: ValuePiece): string | undefined {
    if (this.#unclear)
      return `${value.shown} stands after two quotes that touch, which programs read in two ways. Put the whole argument into a name first: let argument = "…${value.shown}…", then {argument}.`;
    if (this.#quoted || this.#argumentQuoted)
      return `${value.shown} stands inside quotes, where it could end them. Put the whole argument into a name first: let argument = "…${value.shown}…", then {argument}.`;
    if (this.#escape) return `The "^" right before ${value.shown} would change how it is quoted.`;
    if (this.#line.replace(/%[A-Za-z_][\w()]*(:[^%]*)?%/g, "").includes("%"))
      return `${value.shown} stands after a "%" that is no part of a variable's name (%NAME%): cmd could take it for the beginning of one that ends inside the value.`;
    return undefined;
  }

  #asArgument(c: string): void {
    if (c === '"' && this.#backslashes % 2 === 0) {
      if (this.#justClosed) this.#unclear = true;
      this.#justClosed = this.#argumentQuoted;
      this.#argumentQuoted = !this.#argumentQuoted;
    } else this.#justClosed = false;
    this.#backslashes = c === "\\" ? this.#backslashes + 1 : 0;
  }
}
