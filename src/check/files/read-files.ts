// Every file that a runbook stands on: what its `use` lines name, the inventory, and what that uses.
import { dirname, isAbsolute, join, normalize } from "node:path";
import { parseFile } from "../../language/parse-file.ts";
import type { DeclarationNode, FileNode } from "../../language/tree.ts";
import type { Diagnostic } from "../../text/diagnostic.ts";
import { isLoadFailure, type LoadFailure } from "../../text/load.ts";
import { makeSource, type Source, type Span } from "../../text/source.ts";
import { readCompiled } from "../../vocabulary/compiled.ts";
import { shippedNames, shippedVocabularyText } from "../../vocabulary/shipped.ts";
import { unreadableFile } from "../findings/unreadable-file.ts";
import { circularUse } from "../findings/circular-use.ts";
import { unknownFile } from "../findings/unknown-file.ts";
import { unknownVocabulary } from "../findings/unknown-vocabulary.ts";
import { useOfSteps } from "../findings/use-of-steps.ts";

export interface Files {
  readonly main: FileNode;
  /** The files that the runbook uses by path, each after those that it uses itself. */
  readonly used: readonly FileNode[];
  /** The inventory's file and those that it uses by path, the inventory last. */
  readonly inventory: readonly FileNode[];
  /** Vocabularies that come with the program, the core first. */
  readonly shipped: readonly FileNode[];
  /** What was found while parsing, by file. */
  readonly parsed: readonly Diagnostic[];
}

export interface FilesGiven {
  readonly path: string;
  readonly load: (path: string) => Source | LoadFailure;
  readonly hostsFile?: string;
}

/** Reads the runbook and everything that it names; undefined where the runbook itself gives no text. */
export function readFiles(given: FilesGiven, report: (finding: Diagnostic) => void): Files | undefined {
  const source = given.load(given.path);
  if (isLoadFailure(source)) {
    report(unreadableFile(nowhere(given.path), source.problem));
    return undefined;
  }
  const parsed: Diagnostic[] = [];
  const reader = makeReader(given.load, report, parsed);
  const main = reader.parse(source);
  reader.skip(given.path);
  // The core itself can be checked, too.
  if (!declares(main, "core")) reader.takeShipped("core");
  reader.takeUses(main, [given.path], "runbook");
  takeInventory(given, reader, report);
  return { main, used: reader.used.runbook, inventory: reader.used.inventory, shipped: reader.shipped, parsed };
}

type For = "runbook" | "inventory";

interface Reader {
  readonly used: { readonly [owner in For]: FileNode[] };
  readonly shipped: FileNode[];
  readonly parse: (source: Source) => FileNode;
  /** Says that a file is read already: an inventory may use the file that is checked. */
  readonly skip: (path: string) => void;
  readonly takeShipped: (name: string) => boolean;
  readonly takeUses: (file: FileNode, way: readonly string[], owner: For) => void;
}

function makeReader(load: FilesGiven["load"], report: (finding: Diagnostic) => void, parsed: Diagnostic[]): Reader {
  const used: Reader["used"] = { runbook: [], inventory: [] };
  const shipped: FileNode[] = [];
  const done = new Set<string>();

  const parse = (source: Source): FileNode => {
    const { file, diagnostics } = parseFile(source);
    parsed.push(...diagnostics);
    return file;
  };

  const takeShipped = (name: string): boolean => {
    if (done.has(`use ${name}`)) return true;
    const file = shippedFile(name);
    if (file === undefined) return false;
    done.add(`use ${name}`);
    parsed.push(...file.diagnostics);
    for (const { what } of usesOf(file.file)) if ("text" in what) takeShipped(what.text);
    shipped.push(file.file);
    return true;
  };

  const takeUses = (file: FileNode, way: readonly string[], owner: For): void => {
    for (const { what, span } of usesOf(file)) {
      if ("text" in what) {
        if (!declares(file, what.text) && !takeShipped(what.text))
          report(
            unknownVocabulary(
              what.span,
              what.text,
              shippedNames().filter((name) => name !== "core"),
            ),
          );
        continue;
      }
      const said = what.parts.map((part) => (part.type === "literal" ? part.text : "")).join("");
      const path = isAbsolute(said) ? said : join(dirname(file.source.path), said);
      takeFile(path, what.span, { way, owner, line: span });
    }
  };

  const takeFile = (
    path: string,
    span: Span,
    from: { readonly way: readonly string[]; readonly owner: For; readonly line: Span },
  ): void => {
    const at = from.way.findIndex((step) => normalize(step) === normalize(path));
    if (at !== -1) return report(circularUse(from.line, [...from.way.slice(at), path]));
    if (done.has(normalize(path))) return;
    done.add(normalize(path));
    const source = load(path);
    if (isLoadFailure(source)) return report(unknownFile(span, source.problem));
    const file = parse(source);
    const [first] = file.statements;
    if (first !== undefined) report(useOfSteps(span, path, first.span));
    takeUses(file, [...from.way, path], from.owner);
    used[from.owner].push(file);
  };

  return { used, shipped, parse, skip: (path) => void done.add(normalize(path)), takeShipped, takeUses };
}

/** `--hosts FILE`, else `hosts.runbook` beside the runbook, if it is there. */
function takeInventory(given: FilesGiven, reader: Reader, report: (finding: Diagnostic) => void): void {
  const path = given.hostsFile ?? join(dirname(given.path), "hosts.runbook");
  if (normalize(path) === normalize(given.path)) return;
  const source = given.load(path);
  if (isLoadFailure(source)) {
    if (given.hostsFile !== undefined || !source.missing) report(unreadableFile(nowhere(path), source.problem));
    return;
  }
  const file = reader.parse(source);
  const [first] = file.statements;
  if (first !== undefined) report(useOfSteps(first.span, path, first.span));
  reader.takeUses(file, [path], "inventory");
  reader.used.inventory.push(file);
}

const cache = new Map<string, { readonly file: FileNode; readonly diagnostics: readonly Diagnostic[] }>();

/** A vocabulary of the program, parsed once a process. */
export function shippedFile(
  name: string,
): { readonly file: FileNode; readonly diagnostics: readonly Diagnostic[] } | undefined {
  const known = cache.get(name);
  if (known !== undefined) return known;
  const text = shippedVocabularyText(name);
  if (text === undefined) return undefined;
  const source = makeSource(text.path, text.text);
  const made =
    text.compiled === undefined ? parseFile(source) : { file: readCompiled(text.compiled, source), diagnostics: [] };
  cache.set(name, made);
  return made;
}

function usesOf(file: FileNode): readonly (DeclarationNode & { readonly type: "use" })[] {
  return file.declarations.filter((node): node is DeclarationNode & { readonly type: "use" } => node.type === "use");
}

function declares(file: FileNode, vocabulary: string): boolean {
  return file.declarations.some((node) => node.type === "vocabulary" && node.name.text === vocabulary);
}

function nowhere(path: string): Span {
  return { source: makeSource(path, ""), start: 0, end: 0 };
}
