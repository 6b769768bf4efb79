import { error, type Diagnostic, type Fix } from "../../text/diagnostic.ts";
import type { Span } from "../../text/source.ts";
import type { Phrase } from "../../vocabulary/vocabulary.ts";
import { list, quoted } from "./said.ts";

/** What a line that is no phrase was perhaps meant to be. */
export interface Meant {
  readonly phrase: Phrase | undefined;
  readonly keyword: string | undefined;
  readonly fix: Fix | undefined;
}

/** No phrase has this first word. */
export function noPhraseBegins(span: Span, word: string, meant: Meant, vocabularies: readonly string[]): Diagnostic {
  return error("unknown-phrase", span, `No phrase begins with ${quoted(word)}. ${wayOn(meant, vocabularies)}`, {
    fixes: meant.fix === undefined ? [] : [meant.fix],
  });
}

/** A phrase has this first word, but none fits the whole line. */
export function noPhraseFits(span: Span, line: string, meant: Meant, vocabularies: readonly string[]): Diagnostic {
  return error("unknown-phrase", span, `No phrase fits ${quoted(line)}. ${wayOn(meant, vocabularies)}`, {
    fixes: meant.fix === undefined ? [] : [meant.fix],
  });
}

/** A phrase of a vocabulary that comes with the program, and that the file does not use. */
export function phraseOfUnused(span: Span, line: string, phrase: Phrase): Diagnostic {
  return error(
    "unknown-phrase",
    span,
    `No phrase fits ${quoted(line)}, but the vocabulary ${phrase.vocabulary} has: ${phrase.shown}\nWrite at the beginning of the file: use ${phrase.vocabulary}`,
  );
}

/** `assume "…"` in column 1: what stands under a `runbook` line only. */
export function lineOfRunbook(span: Span, word: string): Diagnostic {
  return error(
    "misplaced",
    span,
    `"${word}" stands under a "runbook" line, and this line is not under one.\nWrite it below runbook "TITLE", indented by two blanks.`,
  );
}

function wayOn(meant: Meant, vocabularies: readonly string[]): string {
  if (meant.phrase !== undefined) return `The nearest is: ${meant.phrase.shown}  (${meant.phrase.vocabulary})`;
  if (meant.keyword !== undefined) return `The nearest word that begins a line is: ${meant.keyword}`;
  return `The vocabularies here are ${list(vocabularies)}. To send a command as it is, write: run COMMAND`;
}
