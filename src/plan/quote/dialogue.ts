// Quoting for interactive shells: as the kind of host says, and never more than it says.
import type { DialogueKind } from "../../vocabulary/vocabulary.ts";
import {
  clip,
  isRefusal,
  joinLiterals,
  refuse,
  refuseDash,
  refuseEverywhere,
  type Piece,
  type Refusal,
} from "./pieces.ts";

/** How a kind's dialogue quotes: `quote with '"<value>"'` and `refuse '"'`. */
export type DialogueQuoting = Pick<DialogueKind, "quote" | "refuse">;

// oxlint-disable-next-line no-control-regex -- control characters are keys to an interactive shell
const keys = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

/** One argument for a dialogue: bare where it needs no quoting, else in the kind's form. */
export function quoteForDialogue(value: string, quoting: DialogueQuoting, shown = "This value"): string | Refusal {
  const refusal = refuseEverywhere(value, shown);
  if (refusal !== undefined) return refusal;
  if (keys.test(value))
    return refuse(
      `${shown} holds a line break or another control character, which an interactive shell would take for a key.`,
    );
  const refused = Array.from(value).find((character) => quoting.refuse.includes(character));
  if (refused !== undefined)
    return refuse(
      `${shown} is "${clip(value)}", and "${refused}" can't be given to this kind of host (its "refuse" line).`,
    );
  if (/^[A-Za-z0-9_.:/@-]+$/.test(value)) return value;
  if (quoting.quote === undefined)
    return refuse(
      `${shown} is "${clip(value)}", which would not stay one argument, and this kind of host has no way of quoting (no "quote with" line).`,
    );
  const [open = "", close = ""] = quoting.quote.split("<value>");
  const ends = Array.from(open + close).find((character) => value.includes(character));
  if (ends !== undefined)
    return refuse(`${shown} is "${clip(value)}", and ${ends} would end the quotes that this kind of host knows.`);
  return open + value + close;
}

/** The command's text with its values filled in; a word with a value is quoted as a whole. */
export function fillDialogue(pieces: readonly Piece[], quoting: DialogueQuoting): string | Refusal {
  const open = quoting.quote?.split("<value>")[0] ?? "";
  let out = "";
  let word: Piece[] = [];
  let quoted = false;
  const flush = (): string | Refusal => {
    const value = word.find((piece) => piece.type === "value");
    const text = word.map((piece) => piece.text).join("");
    const first = word.find((piece) => piece.text !== "");
    word = [];
    if (value === undefined) return text;
    return (first?.type === "value" ? refuseDash(first) : undefined) ?? quoteForDialogue(text, quoting, value.shown);
  };
  for (const piece of joinLiterals(pieces)) {
    if (piece.type === "literal" && keys.test(piece.text))
      return refuse(
        piece.text.includes("\t")
          ? "This line holds a tab, which an interactive shell takes for the key that completes a word. Write a blank."
          : "This line holds a control character, which an interactive shell would take for a key.",
      );
    if (piece.type === "value") {
      if (quoted)
        return refuse(
          `${piece.shown} stands inside quotes, where it could end them. Put the whole argument into a name first: let argument = "…${piece.shown}…", then {argument}.`,
        );
      word.push(piece);
      continue;
    }
    for (const part of piece.text.split(/( )/)) {
      if (part === " ") {
        const done = flush();
        if (isRefusal(done)) return done;
        out += done + part;
      } else if (part !== "") word.push({ type: "literal", text: part });
      if (open !== "" && part.split(open).length % 2 === 0) quoted = !quoted;
    }
  }
  const last = flush();
  return isRefusal(last) ? last : out + last;
}
