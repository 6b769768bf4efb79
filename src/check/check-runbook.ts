// From a file's name to a Program, with everything that is wrong on the way.
import { basename } from "node:path";
import { hereHost, readInventory } from "../inventory/read-inventory.ts";
import type { FileNode } from "../language/tree.ts";
import type { Diagnostic } from "../text/diagnostic.ts";
import type { LoadFailure } from "../text/load.ts";
import { textOf, type Source } from "../text/source.ts";
import { makePhraseIndex } from "../vocabulary/phrase-index.ts";
import { readVocabulary } from "../vocabulary/read-vocabulary.ts";
import type { Kind, Vocabulary } from "../vocabulary/vocabulary.ts";
import { walkFacts } from "./facts/walk-facts.ts";
import { withoutFollowUps } from "./files/follow-ups.ts";
import { inOrder } from "./files/in-order.ts";
import {
  bindDeclared,
  checkDefaults,
  hostDeclarations,
  readNeeds,
  readRoles,
  readRunbookLine,
  readSecrets,
} from "./files/declarations.ts";
import { readFiles, type Files } from "./files/read-files.ts";
import { nothingToRun } from "./findings/empty.ts";
import { checkWords } from "./names/fit.ts";
import { reportUnused } from "./names/bind.ts";
import { shippedPhrases } from "./files/shipped-phrases.ts";
import { doubts } from "./names/doubts.ts";
import { mostGuesses } from "./names/candidates.ts";
import { makeScope, type Scope } from "./names/scope.ts";
import type { Walk, World } from "./names/walk.ts";
import type { Program, Statement } from "./program.ts";
import { makeBodies, resolveKind } from "./statements/resolve-body.ts";
import { resolveBlock } from "./statements/resolve-block.ts";
import { resolveSteps } from "./statements/resolve-steps.ts";

export interface CheckGiven {
  /** The runbook; a vocabulary or an inventory alone is checked as such. */
  readonly path: string;
  readonly load: (path: string) => Source | LoadFailure;
  /** `--hosts FILE`; else `hosts.runbook` beside the runbook, if it is there. */
  readonly hostsFile?: string;
}

export interface Checked {
  /** There when nothing that was found is an error. */
  readonly program: Program | undefined;
  /** In the order of the text, the runbook's own first; each once. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads, resolves and checks a runbook. It goes on past the first mistake and never throws for what a file holds:
 * whatever is wrong is a finding.
 */
export function checkRunbook(given: CheckGiven): Checked {
  const found: Diagnostic[] = [];
  const report = (finding: Diagnostic): void => void found.push(finding);
  const files = readFiles(given, report);
  if (files === undefined) return { program: undefined, diagnostics: found };
  found.push(...files.parsed);
  const program = resolveProgram(files, report);
  const diagnostics = inOrder(withoutFollowUps(found), files.main.source);
  return { program: diagnostics.some(({ severity }) => severity === "error") ? undefined : program, diagnostics };
}

function resolveProgram(files: Files, report: (finding: Diagnostic) => void): Program {
  const { main } = files;
  const own = [...files.used, main];
  const read = readVocabularies([...files.shipped, ...files.inventory, ...own], report);
  const { index, diagnostics } = makePhraseIndex(read.vocabularies);
  for (const finding of diagnostics) report(finding);
  const inventory = readInventory(hostDeclarations(own, files.inventory), read.kinds);
  for (const finding of inventory.diagnostics) report(finding);
  const needs = readNeeds(main, read.kinds, report);
  const secrets = readSecrets(own, files.inventory, report);
  const runbook = readRunbookLine(main, report);
  const here = hereHost();

  const bodies = makeBodies(() => world);
  const scope = makeScope();
  bindDeclared(
    {
      needs,
      secrets,
      ownSecrets: new Set(main.declarations.flatMap((node) => (node.type === "secret" ? [node.name.text] : []))),
      inventory: inventory.inventory,
    },
    scope,
    report,
  );
  const hostsOfKind = hostsByKind(scope, read.kinds);
  const world: World = {
    kinds: read.kinds,
    inventory: inventory.inventory,
    roles: readRoles(main, report),
    vocabularies: read.vocabularies.map(({ name }) => name),
    phrases: index.phrases,
    findPhrases: (words, vocabulary) => index.find(words, vocabulary),
    nearestPhrases: (words) => index.nearest(words),
    findShipped: shippedPhrases(read.vocabularies),
    here,
    body: bodies.resolve,
    report,
    hostsOfKind,
    ...doubts(files.parsed, main.source),
    wrongLines: [],
    assumed: [],
    ended: [],
    guesses: { left: mostGuesses },
    calls: new Map(),
  };
  const walk: Walk = {
    world,
    scope,
    where: { placement: { host: { type: "here" }, as: undefined, in: undefined }, kinds: [here.kind], said: false },
    report,
    inPhrase: undefined,
    inFinally: false,
    block: resolveBlock,
  };
  checkDefaults(needs, walk);
  for (const line of runbook?.lines ?? []) if (line.type === "assume") checkWords(line.text, walk);
  const { steps, finally: last } = resolveSteps(main, walk);
  if (isNothing(main)) report(nothingToRun(main.source));
  else if (main.statements.length > 0)
    reportUnused(
      [...scope.all(), ...world.ended].filter(({ name }) => !world.doubtful.has(name)),
      walk,
    );
  for (const vocabulary of read.vocabularies)
    if (own.some(({ source }) => source === vocabulary.source))
      for (const phrase of vocabulary.phrases) for (const block of phrase.blocks) world.body(phrase, block);
  const openings = new Map<string, readonly Statement[]>();
  for (const kind of read.kinds.values()) {
    const opening = resolveKind(kind, world);
    if (opening.length > 0) openings.set(kind.name, opening);
  }

  const resolved = {
    ...headOf(main, runbook),
    sources: [
      main.source,
      ...files.used.map(({ source }) => source),
      ...files.inventory.map(({ source }) => source),
      ...files.shipped.map(({ source }) => source),
    ],
    needs,
    roles: world.roles,
    inventory: inventory.inventory,
    secrets,
    kinds: read.kinds,
    bodies: new Map([...bodies.all].map(([key, { body }]) => [key, body])),
    openings,
    steps,
    finally: last,
  };
  const factGround = { phrases: index.phrases, hostsOfKind, calls: world.calls };
  const program = { ...resolved, assumes: [...resolved.assumes, ...world.assumed] };
  walkFacts({ ...factGround, program, values: new Map(), wrongLines: world.wrongLines, report });
  return { ...resolved, factGround };
}

/** What the `runbook` declaration says; a file without one is a sketch, titled with its name. */
function headOf(
  main: FileNode,
  runbook: ReturnType<typeof readRunbookLine>,
): Pick<Program, "title" | "about" | "documents" | "version" | "owner" | "sketch" | "assumes"> {
  const texts = (type: string): readonly string[] =>
    runbook?.lines.filter((line) => line.type === type).map((line) => plainText(line.text)) ?? [];
  return {
    title:
      runbook === undefined ? basename(main.source.path).replace(/\.runbook(?:\.md)?$/, "") : plainText(runbook.title),
    about: texts("about"),
    documents: texts("source"),
    version: texts("version")[0],
    owner: texts("owner")[0],
    sketch: runbook === undefined,
    assumes:
      runbook?.lines
        .filter((line) => line.type === "assume")
        .map((line) => ({ parts: line.text.parts, span: line.span })) ?? [],
  };
}

function hostsByKind(scope: Scope, kinds: ReadonlyMap<string, Kind>): ReadonlyMap<string, readonly string[]> {
  const hosts = new Map<string, string[]>([...kinds.keys()].map((kind) => [kind, []]));
  for (const { name, type } of scope.all())
    if (type.type === "host") for (const kind of type.kinds ?? kinds.keys()) hosts.get(kind)?.push(name);
  return hosts;
}

function readVocabularies(
  files: readonly FileNode[],
  report: (finding: Diagnostic) => void,
): { readonly vocabularies: readonly Vocabulary[]; readonly kinds: ReadonlyMap<string, Kind> } {
  const vocabularies: Vocabulary[] = [];
  const kinds = new Map<string, Kind>();
  for (const file of files) {
    if (!file.declarations.some(({ type }) => type === "vocabulary" || type === "kind" || type === "phrase")) continue;
    const { vocabulary, diagnostics } = readVocabulary(file, kinds);
    for (const finding of diagnostics) report(finding);
    vocabularies.push(vocabulary);
    for (const kind of vocabulary.kinds) kinds.set(kind.name, kind);
  }
  return { vocabularies, kinds };
}

/** Whether a file has neither statements nor anything that another file could use. */
function isNothing(file: FileNode): boolean {
  return (
    file.statements.length === 0 &&
    file.declarations.every(({ type }) => type === "runbook" || type === "use" || type === "needs" || type === "role")
  );
}

function plainText(node: {
  readonly parts: readonly {
    readonly type: string;
    readonly span: { readonly source: Source; readonly start: number; readonly end: number };
  }[];
}): string {
  return node.parts
    .map((part) => ("text" in part && typeof part.text === "string" ? part.text : textOf(part.span)))
    .join("");
}
