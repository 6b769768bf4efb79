import { parseFile } from "../language/parse-file.ts";
import { isLoadFailure, loadFile } from "../text/load.ts";
import { makeSource } from "../text/source.ts";
import { readVocabulary } from "../vocabulary/read-vocabulary.ts";
import { shippedNames, shippedVocabularyText } from "../vocabulary/shipped.ts";
import { showType } from "../vocabulary/types.ts";
import type { Phrase, Vocabulary } from "../vocabulary/vocabulary.ts";
import { exitStatus, type ExitStatus } from "./exit-status.ts";
import { printFindings } from "./findings.ts";
import type { Output } from "./output.ts";

/** `ordo phrases [WORDS]`: the phrases that hold all the words, with what they do and on which kinds of host. */
export function phrasesCommand(
  words: readonly string[],
  options: { readonly use?: readonly string[]; readonly json?: true },
  output: Output,
): ExitStatus {
  const vocabularies: Vocabulary[] = [];
  for (const name of shippedNames()) {
    const shipped = shippedVocabularyText(name);
    if (shipped !== undefined)
      vocabularies.push(readVocabulary(parseFile(makeSource(shipped.path, shipped.text)).file).vocabulary);
  }
  for (const path of options.use ?? []) {
    const source = loadFile(path);
    if (isLoadFailure(source)) {
      output.err(source.problem);
      return exitStatus.usage;
    }
    const { file, diagnostics } = parseFile(source);
    const read = readVocabulary(file);
    printFindings([...diagnostics, ...read.diagnostics], output);
    vocabularies.push(read.vocabulary);
  }
  const wanted = words.map((word) => word.toLowerCase());
  const found = vocabularies
    .flatMap(({ phrases }) => phrases)
    .filter((phrase) => wanted.every((word) => searchable(phrase).includes(word)));
  if (found.length === 0) {
    output.err(
      words.length === 0
        ? "There are no phrases."
        : `No phrase holds ${words.map((word) => `"${word}"`).join(" and ")}. "ordo phrases" lists all.`,
    );
    return exitStatus.notSo;
  }
  for (const phrase of found) output.out(options.json ? phraseJson(phrase) : phraseLines(phrase, output));
  return exitStatus.ok;
}

function searchable(phrase: Phrase): string {
  return `${phrase.vocabulary} ${phrase.shown} ${phrase.about}`.toLowerCase();
}

function kindsOf(phrase: Phrase): string[] {
  const kinds = phrase.blocks.flatMap((block) =>
    (block.kinds ?? ["any host"]).map((kind) => (block.before === undefined ? kind : `${kind} before ${block.before}`)),
  );
  return [...new Set(kinds)];
}

function phraseLines(phrase: Phrase, output: Output): string {
  const nothing = phrase.blocks.every((block) => block.changesNothing);
  const destroys = phrase.blocks.some((block) => block.destroys !== undefined);
  const more = [nothing ? "changes nothing" : "", destroys ? "destroys" : ""].filter((word) => word !== "");
  return [
    output.outPaint.bold(phrase.shown),
    ...(phrase.about === "" ? [] : [`    ${phrase.about}`]),
    output.outPaint.dim(
      `    ${phrase.vocabulary}: on ${kindsOf(phrase).join(", ")}${more.length > 0 ? `; ${more.join(", ")}` : ""}`,
    ),
  ].join("\n");
}

function phraseJson(phrase: Phrase): string {
  return JSON.stringify({
    phrase: phrase.shown,
    vocabulary: phrase.vocabulary,
    about: phrase.about,
    slots: phrase.slots.map(({ name, type, optional }) => ({ name, type: showType(type), optional })),
    kinds: kindsOf(phrase),
    changesNothing: phrase.blocks.every((block) => block.changesNothing),
    destroys: phrase.blocks.some((block) => block.destroys !== undefined),
  });
}
