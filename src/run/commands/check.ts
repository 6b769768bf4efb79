// One check of a verdict: plain data, as the records keep it.

export interface Check {
  readonly what: string;
  readonly expected: string;
  readonly seen: string;
  readonly held: boolean;
  /** The line of the output that is most like what was expected, where it did not hold. */
  readonly nearest?: string;
}

/** One sentence about a check that does not hold. */
export function sentenceOf(check: Check): string {
  return `Expected ${check.expected}, and saw ${check.seen}.`;
}
