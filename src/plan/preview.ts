// What a run would do, before it does: every command as it would reach its shell, and how sure each is.
import type { TextNode } from "../language/tree.ts";
import { placeOf, sentenceText, textOf } from "../text/source.ts";
import { textOfValue } from "./as-value.ts";
import { evaluateSlot, evaluateText } from "./evaluate.ts";
import { bodyNames, fileNames } from "./environment.ts";
import { wordsOf } from "./needs-person.ts";
import { hostNameIn } from "./open/open-items.ts";
import type { Plan, PlanCall, PlanCommand, PlanItem } from "./plan.ts";
import { previewCommand } from "./preview/preview-command.ts";
import { linesOfSteps } from "./preview/lines.ts";
import type { PreviewBase, PreviewLine, PreviewStep } from "./preview/preview-line.ts";
import { certaintyUntil, lessSure, walkPlan, type Around } from "./walk-plan.ts";

/** The plan step by step. */
export function previewPlan(plan: Plan): PreviewStep[] {
  const steps: { number: number | undefined; title: string; lines: PreviewLine[]; hasUndo: boolean }[] = [];
  const names = fileNames({
    program: plan.program,
    values: plan.values,
    hosts: plan.hosts,
    secrets: plan.secrets.map(({ name }) => name),
  });
  walkPlan(plan, { item: (item, around) => steps.at(-1)?.lines.push(...previewItem(item, around, plan)) }, (number) => {
    const step = number === undefined ? undefined : plan.steps[number - 1];
    const title =
      step === undefined ? "finally" : typeof step.title === "string" ? step.title : wordsOf(step.title, names);
    steps.push({ number, title, lines: [], hasUndo: step?.undo !== undefined });
  });
  return steps.filter((step) => step.number !== undefined || step.lines.length > 0);
}

/** The preview as text of at most `width` columns; commands are wrapped, never cut. */
export function showPlan(steps: readonly PreviewStep[], width: number): string {
  return linesOfSteps(steps, Math.max(40, width)).join("\n");
}

/** The preview as JSON, one object a line: a step each. */
export function planJson(steps: readonly PreviewStep[]): string[] {
  return steps.map((step) => JSON.stringify({ type: "step", ...step }));
}

function previewItem(item: PlanItem, around: Around, plan: Plan): readonly PreviewLine[] {
  const base = baseOf(around);
  switch (item.type) {
    case "command":
      return [
        ...destroysOf(item, around),
        previewCommand(item, { around, plan, base }),
        ...byHandClauses(item, around),
      ];
    case "call":
      return previewCall(item, around);
    case "confirm":
    case "by-hand":
      return [
        {
          ...worded(base, item.words, around),
          type: item.type,
          text: `${wordsOf(item.words, around.names)}${item.by === undefined ? "" : ` (${plan.program.roles.get(item.by) ?? item.by})`}`,
        },
      ];
    case "ask":
      return [
        {
          ...worded(base, item.question, around),
          type: "ask",
          text: `${item.name}: ${wordsOf(item.question, around.names)}`,
        },
      ];
    case "expect":
      return [{ ...base, type: "check", text: textOf(item.span) }];
    case "note":
      return [{ ...worded(base, item.words, around), type: "note", text: wordsOf(item.words, around.names) }];
    case "attach":
      return [
        {
          ...worded(base, item.file, around),
          ...hostOf(item.place.host, around),
          type: "attach",
          text: wordsOf(item.file, around.names),
        },
      ];
    case "wait":
      return [{ ...worded(base, item.duration, around), type: "wait", text: wordsOf(item.duration, around.names) }];
    case "fail":
      return [{ ...worded(base, item.reason, around), type: "fail", text: wordsOf(item.reason, around.names) }];
    case "on-each":
      return [
        {
          ...base,
          type: "on-each",
          text: `${item.runs.map((run) => run.host).join(", ")}, ${item.atATime} at a time, stop after ${item.stopAfter} ${item.stopAfter === 1 ? "failure" : "failures"}`,
        },
      ];
    case "let":
      return item.value.type === "reading"
        ? [
            {
              ...worded(base, item.value.file, around),
              ...hostOf(item.place.host, around),
              type: "check",
              text: `read ${item.value.reading.text} of ${wordsOf(item.value.file, around.names)}`,
            },
          ]
        : [];
    case "if":
    case "for-each":
      return [];
  }
}

function previewCall(call: PlanCall, around: Around): readonly PreviewLine[] {
  const base = { ...baseOf(around), ...hostOf(call.place.host, around) };
  const host = hostNameIn(call.place.host, around.names);
  const { names } = bodyNames(call.slots, around.names, host);
  const destroys = new Set(
    call.bodies.flatMap(({ body }) => (body.block.destroys === undefined ? [] : [wordsOf(body.block.destroys, names)])),
  );
  const lines: PreviewLine[] = [...destroys].map((text) => ({ ...base, type: "destroys", text }));
  if (call.core === undefined) return lines;
  let { certainty } = base;
  const slots = [...call.slots].map(([name, { value, type }]) => {
    const found = evaluateSlot(value, type, around.names);
    if (found.type === "unknown") certainty = lessSure(certainty, certaintyUntil(found.until, "a value in it"));
    const text = found.type === "known" ? textOfValue(found.value) : wordsOf(value, around.names);
    return [name, /\s/.test(text) ? `"${text}"` : text] as const;
  });
  const shown = call.phrase
    .replace(/\[([^\]]*)\]/g, (_all, inner: string) =>
      slots.some(([name]) => inner.includes(`<${name}`)) ? inner : "",
    )
    .trimEnd();
  const text = shown.replace(
    /<([\w-]+)(?::[^>]*)?>/g,
    (hole, name: string) => slots.find(([slot]) => slot === name)?.[1] ?? hole,
  );
  return [...lines, { ...base, certainty, type: "copy", text }];
}

function destroysOf(item: PlanCommand, around: Around): readonly PreviewLine[] {
  return item.destroys === undefined
    ? []
    : [
        {
          ...baseOf(around),
          ...hostOf(item.place.host, around),
          type: "destroys",
          text: wordsOf(item.destroys, around.names),
        },
      ];
}

function byHandClauses(item: PlanCommand, around: Around): readonly PreviewLine[] {
  return item.clauses.flatMap((clause): PreviewLine[] =>
    clause.type === "by-hand-at"
      ? [
          {
            ...baseOf(around),
            ...hostOf(item.place.host, around),
            type: "by-hand",
            text: wordsOf(clause.instruction, around.names),
          },
        ]
      : [],
  );
}

function hostOf(place: string, around: Around): { readonly host?: string } {
  return { host: hostNameIn(place, around.names) ?? `{${place}}` };
}

/** A line whose words hold a value that only an earlier step brings is no surer than that value. */
function worded(base: PreviewBase, words: TextNode, around: Around): PreviewBase {
  const found = evaluateText(words, around.names);
  return found.type === "known"
    ? base
    : { ...base, certainty: lessSure(base.certainty, certaintyUntil(found.until, "a value in it")) };
}

function baseOf(around: Around): PreviewBase {
  const { file, line } = placeOf(around.sentence);
  return { sentence: sentenceText(around.sentence), file, line, certainty: around.certainty };
}
