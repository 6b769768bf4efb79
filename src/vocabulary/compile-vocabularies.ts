// What the build runs: each shipped vocabulary's tree beside its text.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseFile } from "../language/parse-file.ts";
import { makeSource } from "../text/source.ts";
import { writeCompiled } from "./compiled.ts";

/** Writes `NAME.json` beside each `NAME.runbook` of the folder. A vocabulary with a finding is a mistake of the program: throws. */
export function compileVocabularies(folder: string): void {
  for (const name of readdirSync(folder).filter((file) => file.endsWith(".runbook"))) {
    const { file, diagnostics } = parseFile(makeSource(name, readFileSync(join(folder, name), "utf8")));
    if (diagnostics[0] !== undefined) throw new Error(`${name}: ${diagnostics[0].message}`);
    writeFileSync(join(folder, name.replace(/\.runbook$/, ".json")), writeCompiled(file));
  }
}
