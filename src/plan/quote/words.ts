// The words of a line for shells that quote whole words (cmd, PowerShell): a word with a value is handed to the quoter.
import { refuse, type LiteralPiece, type Piece, type Refusal, type ValuePiece } from "./pieces.ts";

/** A word that holds a value: what it says, and what stands around it. */
export interface ValueWord {
  readonly pieces: readonly Piece[];
  /** Text and values together. */
  readonly text: string;
  readonly value: ValuePiece;
  /** The command's name in this part of the line; undefined: this word is it. */
  readonly command: string | undefined;
  /** The word before it, "" for none. */
  readonly previous: string;
}

/** How one shell reads a line, character by character, as far as words go. */
export interface LineLexer {
  /** Takes one character; says whether it ends a word (outside quotes) and begins a new command. */
  take(character: string, rest: string): { readonly endsWord: boolean; readonly beginsCommand: boolean };
  /** Why no value can stand where the lexer is now. */
  refuseHere(value: ValuePiece): string | undefined;
}

const gluedEnds = ")|;,";

/**
 * Fills a line whose words with values are quoted whole. A word ends at a blank or one of `) ; | ,`; a value right
 * beside one of these is refused: nobody could say which word it belongs to.
 */
export function fillWords(
  pieces: readonly Piece[],
  lexer: LineLexer,
  quoteWord: (word: ValueWord) => string | Refusal,
): string | Refusal {
  let out = "";
  let word: Piece[] = [];
  let command: string | undefined;
  let previous = "";
  let boundary = " ";
  const flush = (end: string): Refusal | undefined => {
    const value = word.find((piece) => piece.type === "value");
    const text = word.map((piece) => piece.text).join("");
    if (value === undefined) out += text;
    else {
      if (
        (word[0]?.type === "value" && gluedEnds.includes(boundary)) ||
        (word.at(-1)?.type === "value" && gluedEnds.includes(end))
      )
        return refuse(
          `${value.shown} touches "${gluedEnds.includes(end) && word.at(-1)?.type === "value" ? end : boundary}", which ends a word of this shell. Write a blank between them.`,
        );
      const quoted = quoteWord({ pieces: word, text, value, command, previous });
      if (typeof quoted !== "string") return quoted;
      out += quoted;
    }
    if (word.length > 0) {
      command ??= text;
      previous = text;
    }
    word = [];
    boundary = end;
    return undefined;
  };
  for (const piece of pieces) {
    if (piece.type === "value") {
      const reason = lexer.refuseHere(piece);
      if (reason !== undefined) return refuse(reason);
      word.push(piece);
      continue;
    }
    for (let at = 0; at < piece.text.length; at++) {
      const character = piece.text[at] ?? "";
      const { endsWord, beginsCommand } = lexer.take(character, piece.text.slice(at));
      if (!endsWord) {
        pushCharacter(word, character);
        continue;
      }
      const refusal = flush(character);
      if (refusal !== undefined) return refusal;
      out += character;
      if (beginsCommand) command = undefined;
    }
  }
  return flush(" ") ?? out;
}

function pushCharacter(word: Piece[], character: string): void {
  const last = word.at(-1);
  if (last?.type === "literal") word[word.length - 1] = { type: "literal", text: last.text + character };
  else word.push({ type: "literal", text: character } satisfies LiteralPiece);
}
