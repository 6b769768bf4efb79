// The vocabularies that come with the program: read by name when one is used.
import { existsSync, readFileSync, readdirSync } from "node:fs";

export interface ShippedVocabulary {
  readonly path: string;
  readonly text: string;
  /** Its tree, where the program was built (`compiled.ts`). */
  readonly compiled: string | undefined;
}

/**
 * The text of a shipped vocabulary and the path that messages show for it; undefined where none has that name.
 * Throws only when a file of the program itself can't be read.
 */
export function shippedVocabularyText(name: string): ShippedVocabulary | undefined {
  if (!/^[A-Za-z][A-Za-z0-9_-]*$/.test(name)) return undefined;
  const file = new URL(`${name}.runbook`, folder());
  if (!existsSync(file)) return undefined;
  const compiled = new URL(`${name}.json`, folder());
  return {
    path: `vocabularies/${name}.runbook`,
    text: readFileSync(file, "utf8"),
    compiled: existsSync(compiled) ? readFileSync(compiled, "utf8") : undefined,
  };
}

/** The names of all of them, the core's first. */
export function shippedNames(): readonly string[] {
  const names = readdirSync(folder())
    .filter((file) => file.endsWith(".runbook"))
    .map((file) => file.slice(0, -".runbook".length))
    .toSorted();
  return ["core", ...names.filter((name) => name !== "core")];
}

// `vocabularies` stands beside the bundled file in dist/, and beside this file's folder in src/.
function folder(): URL {
  const beside = new URL("./vocabularies/", import.meta.url);
  return existsSync(beside) ? beside : new URL("../vocabularies/", import.meta.url);
}
