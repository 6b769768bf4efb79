// Among what the nearest of some names is looked for: a file with thousands of mistakes gets thousands of findings,
// and only the first of them a guess, so that the check stays as fast as the file is long.
import type { World } from "./walk.ts";

/** How many names are compared in one check; the first mistakes of any real file need a small part of it. */
export const mostGuesses = 300_000;

/** All of these names, while guesses are left; then none. */
export function candidates(names: Iterable<string>, world: World): readonly string[] {
  if (world.guesses.left <= 0) return [];
  const all = [...names];
  world.guesses.left -= all.length + 10;
  return all;
}
