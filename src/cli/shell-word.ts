// Paths as the operator types them in the next command.
import { isAbsolute } from "node:path";

/** A folder as the next command can name it: in quotes where a shell would split it. */
export function shellWord(path: string): string {
  if (/^[A-Za-z0-9_./:@%+=,-]+$/.test(path)) return path;
  return `'${path.replaceAll("'", `'\\''`)}'`;
}

/** A path as short as it can be said from the current folder. */
export function shortPath(path: string): string {
  const here = `${process.cwd()}/`;
  return isAbsolute(path) && path.startsWith(here) ? path.slice(here.length) : path;
}
