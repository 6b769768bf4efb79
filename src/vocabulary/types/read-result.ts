// What comes of reading a text as a type.

/** `number` is what it counts as in comparisons: itself, milliseconds, bytes, or days since 1970-01-01. */
export type ReadResult =
  | { readonly ok: true; readonly text: string; readonly number?: number }
  /** One sentence in the writer's own words, which says why and what would do. */
  | { readonly ok: false; readonly problem: string };

export function isRead(text: string, number?: number): ReadResult {
  return number === undefined ? { ok: true, text } : { ok: true, text, number };
}

export function isNot(problem: string): ReadResult {
  return { ok: false, problem };
}
