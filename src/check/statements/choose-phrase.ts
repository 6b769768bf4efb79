// Which of a line's readings is meant, and where it happens: the current host's kind decides, else `luna: verify`.
import type { CallNode } from "../../language/tree.ts";
import { textOf } from "../../text/source.ts";
import type { Phrase, PhraseMatch } from "../../vocabulary/vocabulary.ts";
import { ambiguousHost } from "../findings/ambiguous-host.ts";
import { fallsToHere } from "../findings/falls-to-here.ts";
import { noHostOfKind } from "../findings/no-host.ts";
import { wrongKind } from "../findings/wrong-kind.ts";
import { ambiguousPhrase } from "../findings/ambiguous-phrase.ts";
import { use } from "../names/scope.ts";
import type { Walk, Where } from "../names/walk.ts";

export interface Chosen {
  readonly match: PhraseMatch;
  readonly where: Where;
}

/** Chooses among a line's readings, of which there is one at least; reports where nothing decides, and goes on with the first. */
export function choosePhrase(node: CallNode, matches: readonly PhraseMatch[], walk: Walk): Chosen {
  return walk.where.said ? chooseByKind(node, matches, walk) : chooseByHosts(node, matches, walk);
}

/** The kinds that a phrase works on; undefined: any. */
export function kindsOfPhrase(phrase: Phrase): readonly string[] | undefined {
  if (phrase.core !== undefined || phrase.blocks.some((block) => block.kinds === undefined)) return undefined;
  return [...new Set(phrase.blocks.flatMap((block) => block.kinds ?? []))];
}

/** Readings of different vocabularies: where two of one overlap, or of one and the core, their definitions say so. */
function apart(matches: readonly PhraseMatch[]): readonly PhraseMatch[] {
  return matches.filter(
    (match, index) => !matches.slice(0, index).some((earlier) => mayOverlap(earlier.phrase, match.phrase)),
  );
}

function mayOverlap(a: Phrase, b: Phrase): boolean {
  return a.vocabulary === b.vocabulary || a.core !== undefined || b.core !== undefined;
}

function chooseByKind(node: CallNode, matches: readonly PhraseMatch[], walk: Walk): Chosen {
  const { where } = walk;
  const { kinds } = where;
  const first = matches[0];
  if (first === undefined) throw new Error("a line without a reading is no call");
  if (kinds === undefined) return { match: first, where };
  const works = (match: PhraseMatch, kind: string): boolean => kindsOfPhrase(match.phrase)?.includes(kind) ?? true;
  const right = apart(matches.filter((match) => kinds.every((kind) => works(match, kind))));
  const [only] = right;
  if (only !== undefined) {
    if (right.length > 1)
      walk.report(
        ambiguousPhrase(
          node.span,
          right.map(({ phrase }) => phrase),
          textOf(node.span),
        ),
      );
    return { match: only, where };
  }
  const partly = apart(matches.filter((match) => kinds.some((kind) => works(match, kind))));
  if (partly.length > 1) {
    walk.report(
      ambiguousPhrase(
        node.span,
        partly.map(({ phrase }) => phrase),
        textOf(node.span),
      ),
    );
    return { match: partly[0] ?? first, where };
  }
  const match = partly[0] ?? first;
  const takes = kindsOfPhrase(match.phrase) ?? [];
  const wrong = kinds.find((kind) => !takes.includes(kind)) ?? "";
  const { host } = where.placement;
  const name = host.type === "here" ? "this machine" : host.name;
  walk.report(wrongKind(node.span, match.phrase, { host: name, kind: wrong, isSure: kinds.length === 1, takes }));
  return { match, where: { ...where, kinds: kinds.filter((kind) => takes.includes(kind)) } };
}

/** Outside `on`: the only host of the phrase's kinds; the core's phrases happen here. */
function chooseByHosts(node: CallNode, matches: readonly PhraseMatch[], walk: Walk): Chosen {
  const first = matches[0];
  if (first === undefined) throw new Error("a line without a reading is no call");
  const withHosts = matches.map((match) => ({ match, hosts: hostsFor(match.phrase, walk) }));
  const placed = withHosts.filter(({ hosts }) => hosts === "here" || hosts.length > 0);
  const several = placed.length === 0 ? withHosts : placed;
  const kept = apart(several.map(({ match }) => match));
  const meant = several.filter(({ match }) => kept.includes(match));
  if (meant.length > 1)
    walk.report(
      ambiguousPhrase(
        node.span,
        meant.map(({ match }) => match.phrase),
        textOf(node.span),
      ),
    );
  const { match, hosts } = meant[0] ?? { match: first, hosts: "here" as const };
  if (hosts === "here") return { match, where: walk.where };
  const [name] = hosts;
  if (name === undefined) return { match, where: fallToHere(node, match.phrase, walk) };
  if (hosts.length > 1) walk.report(ambiguousHost(node.span, match.phrase, hosts));
  const binding = walk.scope.find(name);
  if (binding !== undefined) use(binding);
  const kinds = binding?.type.type === "host" ? binding.type.kinds : undefined;
  const where: Where = {
    placement: { host: { type: "named", name }, as: undefined, in: undefined },
    kinds,
    said: true,
  };
  return hosts.length > 1
    ? { match, where: { ...where, kinds: kinds?.filter((kind) => kindsOfPhrase(match.phrase)?.includes(kind)) } }
    : chooseByKind(node, [match], { ...walk, where });
}

function hostsFor(phrase: Phrase, walk: Walk): readonly string[] | "here" {
  const kinds = kindsOfPhrase(phrase);
  if (kinds === undefined) return "here";
  const names = new Set<string>();
  for (const kind of kinds) for (const name of walk.world.hostsOfKind.get(kind) ?? []) names.add(name);
  return [...names];
}

function fallToHere(node: CallNode, phrase: Phrase, walk: Walk): Where {
  const kinds = kindsOfPhrase(phrase) ?? [];
  const here = walk.world.here.kind;
  const blocks = phrase.blocks.filter((block) => block.kinds?.includes(here) ?? true);
  if (blocks.length > 0 && blocks.every((block) => block.changesNothing))
    walk.report(fallsToHere(node.span, phrase, kinds));
  else
    walk.report(
      noHostOfKind(
        node.span,
        phrase,
        kinds,
        kinds.some((kind) => kind === "linux" || kind === "windows" || kind === "macos"),
      ),
    );
  return walk.where;
}
