// The line that was probably meant, when a pattern finds nothing.

/** Only this much of an output's end is looked through: a failure is near it, and the screen must come at once. */
const mostCharacters = 200_000;

/** The line with most of the words (the later one of equals); undefined when none has any of them. */
export function nearestLine(words: readonly string[], output: string): string | undefined {
  const wanted = [...new Set(words.map((word) => word.toLowerCase()))].filter((word) => /[\p{L}\p{N}]/u.test(word));
  if (wanted.length === 0) return undefined;
  let best: string | undefined;
  let bestScore = 0;
  for (const line of output.slice(-mostCharacters).split("\n")) {
    const lower = line.toLowerCase();
    let score = 0;
    for (const word of wanted) if (lower.includes(word)) score += word.length;
    if (score > 0 && score >= bestScore) {
      best = line.trim();
      bestScore = score;
    }
  }
  return best;
}
