// A line that is no phrase: what was perhaps meant.
import type { CallNode, TextNode } from "../../language/tree.ts";
import type { Fix } from "../../text/diagnostic.ts";
import { editDistance, nearest } from "../../text/nearest.ts";
import { join, lineAt, textOf, type Span } from "../../text/source.ts";
import type { Phrase } from "../../vocabulary/vocabulary.ts";
import { lineOfRunbook, noPhraseBegins, noPhraseFits, phraseOfUnused } from "../findings/unknown-phrase.ts";
import { unknownVocabulary } from "../findings/unknown-vocabulary.ts";
import type { Walk } from "../names/walk.ts";

const keywords = [
  "run",
  "on",
  "step",
  "let",
  "if",
  "otherwise",
  "expect",
  "for",
  "ask",
  "confirm",
  "by",
  "note",
  "attach",
  "wait",
  "fail",
  "finally",
  "use",
  "host",
  "needs",
  "group",
  "role",
  "secret",
  "runbook",
  "vocabulary",
  "kind",
  "phrase",
];

/** Reports a line that no phrase fits, with the nearest phrase or the nearest word that begins a form. */
export function reportUnknownPhrase(node: CallNode, walk: Walk): void {
  const { vocabularies } = walk.world;
  if (node.vocabulary !== undefined && !vocabularies.includes(node.vocabulary.text))
    return walk.report(unknownVocabulary(node.vocabulary.span, node.vocabulary.text, vocabularies));
  const [first] = node.words;
  const last = node.words.at(-1);
  if (first === undefined || last === undefined) return;
  // The parser said what is wrong with this line: that it is no phrase follows from it.
  if (walk.world.brokenLines.has(lineAt(node.span.source, node.span.start))) return rememberUnreadable(node.span, walk);
  const word = textOf(first.span);
  const elsewhere = node.vocabulary === undefined ? walk.world.findShipped(node.words) : undefined;
  if (elsewhere !== undefined)
    return walk.report(phraseOfUnused(join(first.span, last.span), textOf(join(first.span, last.span)), elsewhere));
  if (node.vocabulary === undefined && isLineOfRunbook(node.words)) {
    if (word === "assume") walk.world.assumed.push({ parts: last.parts, span: node.span });
    return walk.report(lineOfRunbook(first.span, word));
  }
  // A phrase costs as much as a few names to compare.
  const isGuessed = walk.world.guesses.left > 0;
  walk.world.guesses.left -= walk.world.phrases.length * 4;
  const near = isGuessed ? walk.world.nearestPhrases(node.words) : [];
  const phrase = near.find((one) => node.vocabulary === undefined || one.vocabulary === node.vocabulary.text);
  if (phrase !== undefined) walk.world.wrongLines.push({ span: node.span, phrase, statement: undefined });
  const keyword = nearest(word, keywords);
  const begins = walk.world.phrases.some((one) => firstWord(one) === word);
  if (begins) {
    const slip = phrase === undefined ? undefined : slipIn(node, phrase);
    return walk.report(
      noPhraseFits(
        slip?.span ?? join(first.span, last.span),
        textOf(join(first.span, last.span)),
        { phrase, keyword: undefined, fix: slip },
        vocabularies,
      ),
    );
  }
  const isKeyword =
    keyword !== undefined &&
    (phrase === undefined || editDistance(word, keyword) < editDistance(word, firstWord(phrase)));
  const meant = isKeyword
    ? keyword
    : phrase === undefined
      ? undefined
      : isNear(word, firstWord(phrase))
        ? firstWord(phrase)
        : undefined;
  const fix: Fix | undefined = meant === undefined ? undefined : { span: first.span, text: meant, safe: false };
  walk.report(
    noPhraseBegins(
      first.span,
      word,
      { phrase: isKeyword ? undefined : phrase, keyword: isKeyword ? keyword : undefined, fix },
      vocabularies,
    ),
  );
}

/** Remembers which phrase a line that could not be read may have been: what it gives is then not missed later. */
export function rememberUnreadable(span: Span, walk: Walk): void {
  if (walk.world.guesses.left <= 0) return;
  walk.world.guesses.left -= walk.world.phrases.length * 4;
  const words: TextNode[] = [];
  for (const found of textOf(span).slice(0, 300).matchAll(/\S+/g)) {
    const at = {
      source: span.source,
      start: span.start + found.index,
      end: span.start + found.index + found[0].length,
    };
    words.push({ type: "text", form: "word", parts: [{ type: "literal", text: found[0], span: at }], span: at });
  }
  const [phrase] = walk.world.nearestPhrases(words);
  if (phrase !== undefined) walk.world.wrongLines.push({ span, phrase, statement: undefined });
}

/** `assume "…"`: only a runbook's own lines have such a word and one text. */
function isLineOfRunbook(words: readonly TextNode[]): boolean {
  const [first, text, ...more] = words;
  return (
    first !== undefined &&
    more.length === 0 &&
    text !== undefined &&
    text.form !== "word" &&
    ["about", "assume", "owner", "source"].includes(textOf(first.span))
  );
}

function firstWord(phrase: Phrase): string {
  const [word] = phrase.node.shape;
  return word?.type === "word" ? word.text : "";
}

function isNear(word: string, other: string): boolean {
  return nearest(word, [other]) !== undefined;
}

/** The one literal word of the phrase that the line writes otherwise, if all else is alike in place. */
function slipIn(node: CallNode, phrase: Phrase): (Fix & { readonly span: Span }) | undefined {
  const shape = phrase.node.shape.flatMap((word) => (word.type === "optional" ? [] : [word]));
  if (shape.length !== node.words.length) return undefined;
  let slip: (Fix & { readonly span: Span }) | undefined;
  for (const [index, word] of shape.entries()) {
    const written = node.words[index];
    if (word.type !== "word" || written === undefined || textOf(written.span) === word.text) continue;
    if (slip !== undefined) return undefined;
    if (!isNear(textOf(written.span), word.text)) return undefined;
    slip = { span: written.span, text: word.text, safe: false };
  }
  return slip;
}
