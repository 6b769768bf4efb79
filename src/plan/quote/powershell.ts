// Quoting for PowerShell, and the one way by which anything reaches Windows: -EncodedCommand, which no layer can change.
import { clip, refuse, refuseDash, refuseEverywhere, type Piece, type Refusal, type ValuePiece } from "./pieces.ts";
import { fillWords, type LineLexer, type ValueWord } from "./words.ts";

/**
 * A text as PowerShell reads it literally; the four typographic quotes end a '…' too, and are doubled like `'`.
 * NUL is the caller's to refuse.
 */
export function powershellLiteral(value: string): string {
  return `'${value.replace(/['\u2018\u2019\u201a\u201b]/g, "$&$&")}'`;
}

/** The command's text with its values filled in, whole words quoted, or why that can't be done. */
export function fillPowershell(pieces: readonly Piece[]): string | Refusal {
  return fillWords(pieces, new PowershellLexer(), quoteWord);
}

/** What stands before the base64: no profile, no questions, no CLIXML on standard input. */
const prefix =
  "powershell.exe -NoLogo -NoProfile -NonInteractive -ExecutionPolicy Bypass -InputFormat None -EncodedCommand ";

/**
 * The longest script in UTF-16 units: cmd (the login shell unless someone changed it) cuts a line at 8,191 characters.
 */
export const longestPowershellScript = 2900;

/** The line for ssh's exec that runs `script` in Windows PowerShell. */
export function encodedCommandLine(script: string): string | Refusal {
  if (script.length > longestPowershellScript)
    return refuse(
      `This command is ${script.length} characters long with what carries it, and Windows takes ${longestPowershellScript} on a command line. Send it as a file and run that, or split it.`,
    );
  return prefix + Buffer.from(script, "utf16le").toString("base64");
}

/** What a PowerShell command is given: its text, its folder and its environment. */
export interface PowershellCommand {
  readonly text: string;
  readonly folder: string | undefined;
  readonly environment: ReadonlyMap<string, string>;
}

/**
 * The script around a command: UTF-8 output, no progress bars, an end at the first error of a cmdlet, and the exit
 * code of the last program. Errors are written as plain text: on a pipe PowerShell would write them as CLIXML.
 */
export function powershellScript({ text, folder, environment }: PowershellCommand): string {
  const before = [
    ...[...environment].map(([name, value]) => `$env:${name}=${powershellLiteral(value)}`),
    ...(folder === undefined ? [] : [`Set-Location -LiteralPath ${powershellLiteral(folder)}`]),
  ];
  return [
    "$ErrorActionPreference='Stop';$ProgressPreference='SilentlyContinue'",
    "try{[Console]::OutputEncoding=$OutputEncoding=New-Object Text.UTF8Encoding $false}catch{}",
    "$global:LASTEXITCODE=0;try{",
    ...before,
    text,
    "}catch{[Console]::Error.WriteLine([string]$_);exit 1}",
    "exit $LASTEXITCODE",
  ].join("\n");
}

function quoteWord({ pieces, text, value, command }: ValueWord): string | Refusal {
  const first = pieces.find((piece) => piece.text !== "");
  const refusal = refuseEverywhere(text, value.shown) ?? (first?.type === "value" ? refuseDash(first) : undefined);
  if (refusal !== undefined) return refusal;
  for (const piece of pieces) {
    const special = piece.type === "literal" ? /['"`$(){}&<>\u2018-\u201e]/.exec(piece.text) : null;
    if (special !== null)
      return refuse(
        `The word around ${value.shown} is quoted as a whole, and "${special[0]}" in it would become plain text. Put the whole word into a name first: let argument = "…${value.shown}…", then {argument}.`,
      );
  }
  if (command === undefined)
    return refuse(
      `${value.shown} stands where PowerShell expects a command's name, and a quoted word is only a text there. Write "& ${value.shown}", or "using program".`,
    );
  const cmdlet = /^[A-Za-z]+-[A-Za-z][A-Za-z0-9]*$/.test(command) || command.startsWith("$");
  if (cmdlet && /^-[A-Za-z]+:$/.test(pieces[0]?.type === "literal" ? pieces[0].text : ""))
    return refuse(
      `The word around ${value.shown} is quoted as a whole, and a quoted "${pieces[0]?.text}" names no parameter. Write a blank instead of the colon.`,
    );
  if (!cmdlet && (text === "" || text.includes('"') || text === "--%" || (/\s/.test(text) && text.endsWith("\\"))))
    return refuse(
      `${value.shown} is "${clip(value.text)}", and Windows PowerShell hands ${text === "" ? "an empty argument" : "it"} to a program changed (inner quotes, empty arguments and a backslash at the end are lost before version 7.3). Add "using program".`,
    );
  return powershellLiteral(text);
}

/** PowerShell's line, as far as words, quotes and comments go. */
class PowershellLexer implements LineLexer {
  #inside: "" | "'" | '"' | "#" | "<#" = "";
  #escape = false;
  #previous = " ";
  #unclear: string | undefined;

  take(c: string, rest: string): { endsWord: boolean; beginsCommand: boolean } {
    const atWordStart = /[\s(){};|,&]/.test(this.#previous);
    const inWord = { endsWord: false, beginsCommand: false };
    const previous = this.#previous;
    this.#previous = c;
    if (this.#escape) {
      this.#escape = false;
      return inWord;
    }
    const single = /['\u2018-\u201b]/.test(c);
    const double = /["\u201c-\u201e]/.test(c);
    if (this.#inside === "#") return inWord;
    if (this.#inside === "<#") {
      if (previous === "#" && c === ">") this.#inside = "";
      return inWord;
    }
    if (this.#inside === "'") {
      if (single) this.#inside = "";
      return inWord;
    }
    if (c === "`") this.#escape = true;
    if (this.#inside === '"') {
      if (double) this.#inside = "";
      if (rest.startsWith("$(")) this.#unclear = '"$(" inside quotes';
      return inWord;
    }
    if (single) this.#inside = "'";
    else if (double) this.#inside = '"';
    else if (c === "#" && atWordStart) this.#inside = "#";
    else if (rest.startsWith("<#")) this.#inside = "<#";
    else if (rest.startsWith("--%") && atWordStart) this.#unclear = '"--%"';
    return { endsWord: /[\s);|,]/.test(c), beginsCommand: /[|;]/.test(c) };
  }

  refuseHere(value: ValuePiece): string | undefined {
    const remedy = `Put the whole argument into a name first: let argument = "…${value.shown}…", then {argument}.`;
    if (this.#escape) return `The backtick right before ${value.shown} would change how it is quoted. ${remedy}`;
    if (this.#unclear !== undefined)
      return `${value.shown} stands after ${this.#unclear}, where no quoting is sure. ${remedy}`;
    this.#previous = "v";
    switch (this.#inside) {
      case "'":
      case '"':
        return `${value.shown} stands inside quotes, where it could end them. ${remedy}`;
      case "#":
      case "<#":
        return `${value.shown} stands in a comment of PowerShell. Take it out.`;
      case "":
        return undefined;
    }
  }
}
