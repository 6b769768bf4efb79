// The words that begin a form of the language: no phrase begins with one of them.

/** Of declarations, statements, clauses and facts, in this order (sections 5, 6, 7 and 8 of the contract). */
const reserved: ReadonlySet<string> = new Set(
  [
    "runbook use needs role host group secret vocabulary kind phrase",
    "run on step let expect if otherwise for ask confirm by note attach wait fail finally undo",
    "capture already fails answer input within idle retry using as in with hide changes destroys may",
    "before after ends",
  ].flatMap((words) => words.split(" ")),
);

export function isReservedWord(word: string): boolean {
  return reserved.has(word);
}
