// A file's vocabulary: its kinds of host and its phrases, with what is wrong in their definitions.
import type { DeclarationNode, FileNode, KindNode, PhraseNode } from "../language/tree.ts";
import type { Diagnostic } from "../text/diagnostic.ts";
import { error } from "../text/diagnostic.ts";
import { readKind } from "./reading/read-kind.ts";
import { readPhrase } from "./reading/read-phrase.ts";
import type { Kind, Phrase, Vocabulary } from "./vocabulary.ts";

/** What a file defines, and the findings in its definitions; what has a finding is kept as far as it can be read. */
export interface ReadVocabulary {
  /** Of the file's own name and empty, where the file holds no kind and no phrase. */
  readonly vocabulary: Vocabulary;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads the kinds and phrases of a file.
 * @param known the kinds of the core and of the vocabularies that the file uses; undefined: kinds that the file does
 * not declare itself are not judged (for a list of phrases, not for a check)
 */
export function readVocabulary(file: FileNode, known?: ReadonlyMap<string, Kind>): ReadVocabulary {
  const diagnostics: Diagnostic[] = [];
  const declared = file.declarations.filter(isVocabulary);
  const kindNodes = file.declarations.filter(isKind);
  const phraseNodes = file.declarations.filter(isPhrase);
  const [first, second] = declared;
  const stray = kindNodes[0] ?? phraseNodes[0];
  if (second !== undefined && first !== undefined) {
    diagnostics.push(
      error(
        "second-vocabulary",
        second.span,
        `A file holds one vocabulary, and this one is ${first.name.text} already. Put ${second.name.text} into a file of its own.`,
        {
          notes: [{ message: "It is declared here.", span: first.span }],
        },
      ),
    );
  }
  if (first === undefined && stray !== undefined) {
    diagnostics.push(
      error(
        "no-vocabulary",
        stray.span,
        `A ${stray.type} belongs to a vocabulary, and this file declares none. Write "vocabulary NAME" above it.`,
      ),
    );
  }
  const name = first?.name.text ?? nameOfFile(file.source.path);
  if (
    first !== undefined &&
    name === "core" &&
    [...(known?.values() ?? [])].some(({ vocabulary }) => vocabulary === "core")
  ) {
    diagnostics.push(
      error(
        "second-vocabulary",
        first.name.span,
        '"core" is the vocabulary that is always there. Give this one another name.',
      ),
    );
  }
  const own = new Map<string, Kind>();
  for (const node of kindNodes) {
    const kind = readKind(node, name, diagnostics);
    const other = own.get(kind.name) ?? known?.get(kind.name);
    if (other !== undefined) {
      diagnostics.push(
        error(
          "second-kind",
          node.name.span,
          `There is a kind of host "${kind.name}" already. Give this one another name.`,
          {
            notes: [{ message: `It is declared in ${other.vocabulary}.`, span: other.span }],
          },
        ),
      );
    } else own.set(kind.name, kind);
  }
  const kinds = new Map<string, Kind>([...(known ?? []), ...own]);
  const phrases = phraseNodes
    .map((node) => readPhrase(node, { vocabulary: name, kinds, judgesKinds: known !== undefined, diagnostics }))
    .filter((phrase): phrase is Phrase => phrase !== undefined);
  const title = first?.title?.parts.map((part) => (part.type === "literal" ? part.text : "")).join("") ?? "";
  return { vocabulary: { name, title, source: file.source, kinds: [...own.values()], phrases }, diagnostics };
}

/** The kinds of several vocabularies, by name. */
export function kindsOf(vocabularies: readonly Vocabulary[]): ReadonlyMap<string, Kind> {
  return new Map(vocabularies.flatMap(({ kinds }) => kinds.map((kind) => [kind.name, kind] as const)));
}

function isVocabulary(node: DeclarationNode): node is DeclarationNode & { readonly type: "vocabulary" } {
  return node.type === "vocabulary";
}

function isKind(node: DeclarationNode): node is KindNode {
  return node.type === "kind";
}

function isPhrase(node: DeclarationNode): node is PhraseNode {
  return node.type === "phrase";
}

// `./own.runbook` → `own`
function nameOfFile(path: string): string {
  const base = path.replace(/^.*[/\\]/, "").replace(/\.runbook(\.md)?$/, "");
  return base === "" ? "file" : base;
}
