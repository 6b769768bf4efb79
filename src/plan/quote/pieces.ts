// What a command is made of before it is quoted: text as written, and values that are known by now.

/** A part of a command line. */
export type Piece = LiteralPiece | ValuePiece;

export interface LiteralPiece {
  readonly type: "literal";
  readonly text: string;
}

export interface ValuePiece {
  readonly type: "value";
  readonly text: string;
  /** `{name}` as written, for messages. */
  readonly shown: string;
  /** A number, or a text whose slot says so: it may begin an argument with `-`. */
  readonly mayBeginWithDash: boolean;
}

/** Why a value can't be carried: a whole sentence, and what to write instead. */
export interface Refusal {
  readonly type: "refused";
  readonly reason: string;
}

/** Makes a refusal. */
export function refuse(reason: string): Refusal {
  return { type: "refused", reason };
}

/** Whether a quoter refused. */
export function isRefusal(result: unknown): result is Refusal {
  return typeof result === "object" && result !== null && "type" in result && result.type === "refused";
}

/** What no layer to any host carries: NUL and halves of characters. Undefined: nothing stands against it. */
export function refuseEverywhere(value: string, shown = "This value"): Refusal | undefined {
  if (value.includes("\0")) return refuse(`${shown} holds a NUL character, which no command can carry.`);
  if (/\p{Surrogate}/u.test(value))
    return refuse(`${shown} holds half of a character (a lone surrogate), which can't be written as UTF-8.`);
  return undefined;
}

/** A value at the beginning of an argument that the program would take for an option. */
export function refuseDash(piece: ValuePiece): Refusal | undefined {
  if (!piece.text.startsWith("-") || piece.mayBeginWithDash || /^-\d+(\.\d+)?$/.test(piece.text)) return undefined;
  return refuse(
    `${piece.shown} is "${clip(piece.text)}": it would begin an argument with "-", and the program would take it for an option. Write text before it (such as "./"), or give the name the type text if that is meant.`,
  );
}

/** At most 60 characters on one line, for a message. */
export function clip(text: string): string {
  const flat = text.replace(/[\p{Cc}]/gu, "\ufffd");
  return flat.length > 60 ? `${flat.slice(0, 59)}…` : flat;
}

/** Pieces with joined neighbours: no empty literals, no two literals side by side. */
export function joinLiterals(pieces: readonly Piece[]): Piece[] {
  const out: Piece[] = [];
  for (const piece of pieces) {
    const last = out.at(-1);
    if (piece.type === "literal" && piece.text === "") continue;
    if (piece.type === "literal" && last?.type === "literal")
      out[out.length - 1] = { type: "literal", text: last.text + piece.text };
    else out.push(piece);
  }
  return out;
}
