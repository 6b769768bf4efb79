// How findings write lists and values, so that all of them do it alike.

/** `a`, `a and b`, `a, b and c`; of more than six, the first six and how many more there are. */
export function list(items: readonly string[], last: "and" | "or" = "and"): string {
  if (items.length > 7) return `${items.slice(0, 6).join(", ")} ${last} ${items.length - 6} more`;
  if (items.length < 2) return items.join("");
  return `${items.slice(0, -1).join(", ")} ${last} ${items.at(-1)}`;
}

/** A text of the runbook between quotes, cut where it is long. */
export function quoted(text: string): string {
  const flat = text.replaceAll(/\s+/g, " ");
  return `"${flat.length > 80 ? `${flat.slice(0, 77)}…` : flat}"`;
}

/** `an ip`, `a word`. */
export function a(word: string): string {
  return `${/^[aeiou]/i.test(word) ? "an" : "a"} ${word}`;
}

/** A fact between quotes, of the kind that it does not hold. */
export function delimited(text: string): string {
  return text.includes('"') && !text.includes("'") ? `'${text}'` : `"${text}"`;
}
