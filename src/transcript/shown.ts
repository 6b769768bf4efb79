// Text from a transcript, made safe for a terminal: nothing in a transcript may move a cursor or reorder a line.

/** The text with every control, bidi and unseen character as `\uXXXX`, cut to a length that fits a sentence. */
export function shown(text: string, longest = 200): string {
  const cut = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return cut.replaceAll(notShown, (found) => `\\u${(found.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`);
}

/** The same for text of several lines: line feeds and tabs stay, every other such character is written out. */
export function shownLines(text: string): string {
  return text.replaceAll(notShownInLines, (found) => `\\u${(found.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`);
}

const notShown = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const notShownInLines = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
