// A quoted pattern: plain words, values that match only as a whole, and holes.
import type { HolePart, PatternNode, PatternPart, ValuePart } from "../../language/tree.ts";
import type { Diagnostic } from "../../text/diagnostic.ts";
import { error } from "../../text/diagnostic.ts";
import { isDiagnostic, readAs, typeFromNode, wordType } from "../types.ts";
import type { Kind, Type } from "../vocabulary.ts";
import { holeSource } from "./hole.ts";
import type { Matcher } from "./matcher.ts";

/** One piece of the pattern, blanks set apart, so that each piece knows what stands beside it. */
type Piece =
  | { readonly type: "literal"; readonly text: string }
  | { readonly type: "blank" }
  | { readonly type: "value"; readonly text: string | undefined }
  | { readonly type: "hole"; readonly hole: HolePart };

const noKinds: ReadonlyMap<string, Kind> = new Map();

/** Compiles a quoted pattern, or a `{value}`, whose text is literal. */
export function stringMatcher(
  pattern: PatternNode,
  fill: (value: ValuePart) => string | undefined,
): Matcher | Diagnostic {
  const pieces = trimmed(piecesOf(pattern.parts, fill), pattern.over);
  const holes: { name: string; group: string; type: Type }[] = [];
  const typed: { group: string; type: Type }[] = [];
  const names = new Set<string>();
  let source = "";
  for (const [index, piece] of pieces.entries()) {
    const before = pieces[index - 1];
    const after = pieces[index + 1];
    switch (piece.type) {
      case "literal":
        source += escape(piece.text);
        break;
      case "blank":
        source +=
          before === undefined ? String.raw`(?:^|\s)` : after === undefined ? String.raw`(?:\s|$)` : String.raw`\s+`;
        break;
      case "value":
        source += wholeValue(piece.text, { isGluedBefore: isSolid(before), isGluedAfter: isSolid(after) });
        break;
      case "hole": {
        const type = holeType(piece.hole);
        if (isDiagnostic(type)) return type;
        const group = `hole${index}`;
        source += `(?<${group}>${holeSource(type, { isGluedBefore: isSolid(before), isGluedAfter: isSolid(after), isLast: after === undefined })})`;
        typed.push({ group, type });
        const name = piece.hole.name;
        if (name === undefined) break;
        if (names.has(name.text)) {
          return error(
            "bound-twice",
            name.span,
            `The pattern has two holes <${name.text}>: a name is bound once. Give one of them another name, or write <_>.`,
          );
        }
        names.add(name.text);
        holes.push({ name: name.text, group, type });
        break;
      }
    }
  }
  const isEmpty = source === "";
  return {
    line: new RegExp(String.raw`^\s*${source}\s*$`, "u"),
    // An empty pattern is not everywhere: it is only in an output that holds nothing.
    text: new RegExp(isEmpty ? String.raw`^\s*$` : source, "gu"),
    holes,
    needle: needleOf(pieces),
    words: pieces.flatMap((piece) =>
      piece.type === "literal" ? [piece.text] : piece.type === "value" ? (piece.text ?? "").split(/\s+/) : [],
    ),
    accepts: (match) => typed.every(({ group, type }) => readAs(type, (match.groups?.[group] ?? "").trim()).ok),
  };
}

/** The type of a hole; the kinds of host are no types of a pattern, their names are words. */
function holeType(hole: HolePart): Type | Diagnostic {
  if (hole.holeType === undefined) return wordType;
  const type = typeFromNode(hole.holeType, noKinds);
  if (!isDiagnostic(type)) return type;
  return error(
    "unknown-type",
    hole.holeType.span,
    "A hole in a pattern is text, word, number, ip, address, hostname, path, duration, size, date, secret, or a list of one of them.",
  );
}

function piecesOf(parts: readonly PatternPart[], fill: (value: ValuePart) => string | undefined): readonly Piece[] {
  return parts.flatMap((part): readonly Piece[] => {
    switch (part.type) {
      case "hole":
        return [{ type: "hole", hole: part }];
      case "value":
        return [{ type: "value", text: fill(part) }];
      case "literal":
        return part.text
          .split(/(\s+)/)
          .filter((text) => text !== "")
          .map((text): Piece => (text.trim() === "" ? { type: "blank" } : { type: "literal", text }));
    }
  });
}

// Blanks at a line's ends are ignored, the pattern's as well.
function trimmed(pieces: readonly Piece[], over: "line" | "text"): readonly Piece[] {
  if (over === "text") return pieces;
  let from = 0;
  let to = pieces.length;
  while (pieces[from]?.type === "blank") from++;
  while (to > from && pieces[to - 1]?.type === "blank") to--;
  return pieces.slice(from, to);
}

function isSolid(piece: Piece | undefined): boolean {
  return piece !== undefined && piece.type !== "blank";
}

/**
 * A value, only as a whole: `web1` is not in `web10`, `my-web1` or `web1.example.com`, but in `web1.` at a sentence's end;
 * 10.0.0.1 is not in 10.0.0.10 or 110.0.0.1, `/srv/a` not in `/srv/a/b`. Where the pattern's own text is glued to it,
 * that text says what stands there.
 */
function wholeValue(
  text: string | undefined,
  sides: { readonly isGluedBefore: boolean; readonly isGluedAfter: boolean },
): string {
  const joints = `.${text?.includes(":") === true ? ":" : ""}${text?.includes("/") === true ? "/" : ""}${text?.includes("\\") === true ? "\\\\" : ""}${text?.includes("@") === true ? "@" : ""}`;
  const before = sides.isGluedBefore ? "" : String.raw`(?<![\p{L}\p{M}\p{N}_\-])(?<![\p{L}\p{M}\p{N}_\-][${joints}])`;
  const after = sides.isGluedAfter ? "" : String.raw`(?![\p{L}\p{M}\p{N}_\-])(?![${joints}][\p{L}\p{M}\p{N}_\-])`;
  if (text === undefined) return String.raw`${before}\S+${after}`;
  const body = text
    .split(/(\s+)/)
    .filter((piece) => piece !== "")
    .map((piece) => (piece.trim() === "" ? String.raw`\s+` : escape(piece)))
    .join("");
  // A value without text stands only where nothing does.
  return body === ""
    ? sides.isGluedBefore || sides.isGluedAfter
      ? ""
      : String.raw`(?<!\S)(?!\S)`
    : `${before}${body}${after}`;
}

function needleOf(pieces: readonly Piece[]): string {
  let best = "";
  for (const piece of pieces) {
    const texts =
      piece.type === "literal" ? [piece.text] : piece.type === "value" ? (piece.text ?? "").split(/\s+/) : [];
    for (const text of texts) if (text.length > best.length) best = text;
  }
  return best;
}

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}
