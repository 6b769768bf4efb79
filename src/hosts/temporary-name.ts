// The name under which a file is written before it is put in place.
import { randomBytes } from "node:crypto";

/** A name in the same folder as `path`, so that a rename puts the file in place at once. `separators`: what ends a folder's name. */
export function temporaryBeside(path: string, separators: RegExp): string {
  const name = `.ordo-${randomBytes(8).toString("hex")}.tmp`;
  for (let at = path.length - 1; at >= 0; at--)
    if (separators.test(path[at] ?? "")) return path.slice(0, at + 1) + name;
  return name;
}
