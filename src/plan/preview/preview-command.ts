// One command of the preview: its text for its shell, and how sure it is.
import type { TextPart } from "../../language/tree.ts";
import { textOf } from "../../text/source.ts";
import { textOfValue } from "../as-value.ts";
import { decideCondition, lookUp } from "../evaluate.ts";
import { hostNameIn } from "../open/open-items.ts";
import type { Plan, PlanCommand } from "../plan.ts";
import { renderCommand, type RenderedCommand } from "../render-command.ts";
import { certaintyUntil, lessSure, type Around, type Certainty } from "../walk-plan.ts";

export interface PreviewCommand {
  readonly type: "command";
  readonly sentence: string;
  readonly file: string;
  readonly line: number;
  readonly host: string;
  readonly shell: PlanCommand["shell"];
  /** What the shell reads; values that aren't known yet stand as they are written. */
  readonly text: string;
  /** The whole line that reaches the host; absent while a value in it isn't known. */
  readonly wire?: string;
  readonly account?: string;
  readonly folder?: string;
  /** Variables of `with`; secrets by name. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly changesNothing: boolean;
  readonly certainty: Certainty;
  /** Why this can't be sent as it is. */
  readonly refused?: string;
}

interface PreviewGiven {
  readonly around: Around;
  readonly plan: Plan;
  readonly base: { readonly sentence: string; readonly file: string; readonly line: number };
}

/** Renders a command as far as its values are known. */
export function previewCommand(item: PlanCommand, { around, plan, base }: PreviewGiven): PreviewCommand {
  const name = hostNameIn(item.place.host, around.names);
  const planned = name === undefined ? undefined : plan.hosts.get(name);
  const common = {
    ...base,
    type: "command",
    shell: item.shell,
    changesNothing: item.changesNothing,
    host: name ?? `{${item.place.host}}`,
  } as const;
  const guard = guardOf(item, around);
  let certainty = guard === undefined ? around.certainty : lessSure(around.certainty, guard);
  if (planned === undefined)
    return {
      ...common,
      text: asWritten(item, around),
      certainty: lessSure(certainty, { type: "then", why: "its host" }),
    };
  // The marker of a run is random: the plan shows where it stands.
  const rendered = renderCommand(item, around.names, planned.kind, {
    sudoPassword: planned.host.sudoPassword !== undefined,
    marker: "MARKER",
  });
  switch (rendered.type) {
    case "refused":
      return { ...common, text: asWritten(item, around), certainty, refused: rendered.reason };
    case "unknown":
      certainty = lessSure(certainty, certaintyUntil(rendered.until, "a value in it"));
      return { ...common, text: asWritten(item, around), certainty };
    case "known":
      return { ...common, ...shown(rendered.value), certainty };
  }
}

function shown({
  text,
  wire,
  account,
  folder,
  environment,
}: RenderedCommand): Pick<PreviewCommand, "text" | "wire" | "account" | "folder" | "environment"> {
  return {
    text,
    wire,
    ...(account === undefined ? {} : { account }),
    ...(folder === undefined ? {} : { folder }),
    ...(Object.keys(environment).length === 0 ? {} : { environment }),
  };
}

/** `already so when CONDITION` is asked first: where it holds, nothing is sent. */
function guardOf(item: PlanCommand, around: Around): Certainty | undefined {
  for (const clause of item.clauses) {
    if (clause.type !== "already-so-condition") continue;
    const decided = decideCondition(clause.condition, around.names);
    if (decided.type === "unknown")
      return certaintyUntil(decided.until, `unless ${filled(textOf(clause.condition.span), around)}`);
  }
  return undefined;
}

/** A sentence of the runbook with the values that are known. */
function filled(sentence: string, { names }: Around): string {
  return sentence.replace(/\{([A-Za-z][\w-]*)\}/g, (written, name: string) => {
    const value = names.values.get(name);
    return value === undefined ? written : textOfValue(value);
  });
}

/** Known values filled in without quotes, the others as `{name}`. */
function asWritten(item: PlanCommand, around: Around): string {
  if (item.command.type === "script") return item.command.text;
  return item.command.parts
    .map((part: TextPart) => {
      if (part.type === "literal") return part.text;
      const found = lookUp(part, around.names);
      return found.type === "known" ? textOfValue(found.value) : textOf(part.span);
    })
    .join("");
}
