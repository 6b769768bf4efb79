// What a run of this plan may need a person for: without a terminal, what no option covers is refused before it begins.
import type { TextNode } from "../language/tree.ts";
import { placeOf, textOf, type Span } from "../text/source.ts";
import { textOfValue } from "./as-value.ts";
import { evaluatePattern, evaluateText } from "./evaluate.ts";
import type { PlanCall, PlanCommand, PlanItem, Plan } from "./plan.ts";
import type { Environment } from "./value.ts";
import { walkPlan, type Around } from "./walk-plan.ts";
import { bodyNames } from "./environment.ts";
import { hostNameIn } from "./open/open-items.ts";

interface NeedOf {
  /** What it is, where, and which option answers it: one sentence. */
  readonly sentence: string;
  readonly span: Span;
}

/** Whether a step, by its number, will run; `undefined` is `finally`. */
export type WillRun = (step: number | undefined) => boolean;

/** Something that a run may reach and that only a person, or an option, answers. */
export type PersonNeed =
  | ({ readonly type: "confirm" | "by-hand"; readonly words: string } & NeedOf)
  | ({ readonly type: "ask"; readonly name: string } & NeedOf)
  /** `covers`: whether this text of `--allow-destroy` is what will be asked; a value that isn't known yet may be anything. */
  | ({ readonly type: "destroys"; readonly words: string; readonly covers: (text: string) => boolean } & NeedOf);

/**
 * Everything that may need a person in the steps that will run, in its order; branches that are decided not to be taken
 * are left out.
 */
export function personNeeds(plan: Plan, willRun: WillRun = () => true): readonly PersonNeed[] {
  const out: PersonNeed[] = [];
  walkPlan(plan, {
    item: (item, around) => {
      if (willRun(around.step)) out.push(...needsOf(item, around));
    },
  });
  const seen = new Set<string>();
  return out.filter(({ sentence }) => (seen.has(sentence) ? false : seen.add(sentence).size > 0));
}

function needsOf(item: PlanItem, around: Around): readonly PersonNeed[] {
  switch (item.type) {
    case "confirm": {
      const words = wordsOf(item.words, around.names);
      return [
        {
          type: "confirm",
          words,
          span: item.span,
          sentence: `${placeIn(around)}: confirm "${words}"${by(item.by)} (--yes answers it, and the transcript says that nobody looked)`,
        },
      ];
    }
    case "by-hand":
      return [handNeed(wordsOf(item.words, around.names), { span: item.span, around, by: item.by })];
    case "ask":
      return [
        {
          type: "ask",
          name: item.name,
          span: item.span,
          sentence: `${placeIn(around)}: ask ${item.name} "${wordsOf(item.question, around.names)}" (--set ${item.name}=VALUE answers it)`,
        },
      ];
    case "call":
      return destroysOfCall(item, around);
    case "command":
      return [
        ...(item.destroys === undefined ? [] : [destroyNeed(item.destroys, around.names, { span: item.span, around })]),
        ...byHandClauses(item, around),
      ];
    case "on-each":
    case "for-each":
    case "if":
    case "let":
    case "expect":
    case "note":
    case "attach":
    case "wait":
    case "fail":
      return [];
  }
}

/** The words of a phrase's `destroys`, of whichever of its bodies will run: they speak in the body's names. */
function destroysOfCall(call: PlanCall, around: Around): readonly PersonNeed[] {
  const { names } = bodyNames(call.slots, around.names, hostNameIn(call.place.host, around.names));
  const nodes = call.bodies.length === 0 ? [call.destroys] : call.bodies.map(({ body }) => body.block.destroys);
  return nodes.flatMap((node) => (node === undefined ? [] : [destroyNeed(node, names, { span: call.span, around })]));
}

function byHandClauses(item: PlanCommand, around: Around): readonly PersonNeed[] {
  return item.clauses.flatMap((clause) =>
    clause.type === "by-hand-at"
      ? [handNeed(wordsOf(clause.instruction, around.names), { span: clause.span, around, by: undefined })]
      : [],
  );
}

interface Placed {
  readonly span: Span;
  readonly around: Around;
}

function handNeed(words: string, { span, around, by: role }: Placed & { readonly by: string | undefined }): PersonNeed {
  return {
    type: "by-hand",
    words,
    span,
    sentence: `${placeIn(around)}: by hand "${words}"${by(role)} (no option answers it: a person must be there)`,
  };
}

function destroyNeed(node: TextNode, names: Environment, { span, around }: Placed): PersonNeed {
  const words = wordsOf(node, names);
  return {
    type: "destroys",
    words,
    span,
    covers: (text) => isCovered(node, names, text),
    sentence: `${placeIn(around)}: this destroys ${words} (--allow-destroy "${words}" allows it)`,
  };
}

/** Where every value is known the text is the same; where one isn't, it may be any text in its place. */
function isCovered(node: TextNode, names: Environment, text: string): boolean {
  const exact = evaluateText(node, names);
  if (exact.type === "known") return textOfValue(exact.value) === text;
  const pattern = evaluatePattern(
    {
      type: "pattern",
      form: "string",
      over: "line",
      parts: node.parts.map((part) =>
        part.type === "value" && evaluateText({ ...node, parts: [part] }, names).type === "unknown"
          ? { type: "hole", name: undefined, holeType: textType(part.span), span: part.span }
          : part,
      ),
      regex: "",
      span: node.span,
    },
    names,
  );
  return pattern.type === "known" && pattern.value.first(text) !== undefined;
}

function textType(span: Span): {
  readonly type: "named-type";
  readonly names: readonly [{ readonly text: string; readonly span: Span }];
  readonly span: Span;
} {
  return { type: "named-type", names: [{ text: "text", span }], span };
}

/** The text with its values; one that isn't known yet stays as it is written. */
export function wordsOf(node: TextNode, names: Environment): string {
  return node.parts
    .map((part) => {
      if (part.type === "literal") return part.text;
      const found = evaluateText({ ...node, parts: [part] }, names);
      return found.type === "known" ? textOfValue(found.value) : textOf(part.span);
    })
    .join("");
}

function by(role: string | undefined): string {
  return role === undefined ? "" : ` by ${role}`;
}

function placeIn(around: Around): string {
  const { file, line } = placeOf(around.sentence);
  return `${file}:${line}`;
}
