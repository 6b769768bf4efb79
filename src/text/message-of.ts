/** What a caught value says: an error's message, else the value as text. */
export function messageOf(problem: unknown): string {
  return problem instanceof Error ? problem.message : String(problem);
}
