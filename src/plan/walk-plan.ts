// Going through a plan in its order, with what is known at each place: for the preview, and for what can be refused now.
import type { ClauseNode, ConditionNode, PatternNode, TextNode } from "../language/tree.ts";
import type { Span } from "../text/source.ts";
import { bodyNames, fileNames, type PlannedNames, type WrongSlot } from "./environment.ts";
import { textOfValue } from "./as-value.ts";
import { decideCondition, evaluateKnown, evaluateText } from "./evaluate.ts";
import { hostNameIn } from "./open/open-items.ts";
import type { Plan, PlanCall, PlanItem, PlannedPlace } from "./plan.ts";

/** How sure it is that something happens just so. */
export type Certainty =
  | { readonly type: "certain" }
  | { readonly type: "depends"; readonly step: number }
  /** `why`: what decides, such as `the version of hsm`. */
  | { readonly type: "then"; readonly why: string };

/** What surrounds an item. */
export interface Around {
  /** Undefined: in `finally`. */
  readonly step: number | undefined;
  readonly names: PlannedNames;
  readonly certainty: Certainty;
  /** The calls around it, the outermost first. */
  readonly calls: readonly PlanCall[];
  /** The runbook's own sentence. */
  readonly sentence: Span;
  /** Host, user and folder of the call around this: they hold in its body too. */
  readonly inherited: PlannedPlace | undefined;
}

export interface Visit {
  /** Each item before what is inside of it. `wrong`: slots of a call that hold what can't be of their type. */
  readonly item: (item: PlanItem, around: Around, wrong: readonly WrongSlot[]) => void;
}

/** Goes through every step and `finally`, and through what each phrase comes to; not through `undo`. */
export function walkPlan(plan: Plan, visit: Visit, begin: (step: number | undefined) => void = () => undefined): void {
  const names = fileNames({
    program: plan.program,
    values: plan.values,
    hosts: plan.hosts,
    secrets: plan.secrets.map(({ name }) => name),
  });
  for (const step of plan.steps) {
    begin(step.number);
    walkItems(
      step.items,
      {
        step: step.number,
        names,
        certainty: { type: "certain" },
        calls: [],
        sentence: step.span,
        inherited: undefined,
      },
      visit,
    );
  }
  begin(undefined);
  const [first] = plan.finally;
  if (first !== undefined)
    walkItems(
      plan.finally,
      { step: undefined, names, certainty: { type: "certain" }, calls: [], sentence: first.span, inherited: undefined },
      visit,
    );
}

/** The less sure of two. */
export function lessSure(a: Certainty, b: Certainty): Certainty {
  if (a.type === "certain" || b.type === "then") return a.type === "then" ? a : b;
  if (a.type === "then" || b.type === "certain") return a;
  return a.step >= b.step ? a : b;
}

/** The certainty of what a value waits for. */
export function certaintyUntil(until: number | "then", why: string): Certainty {
  return until === "then" ? { type: "then", why } : { type: "depends", step: until };
}

function walkItems(items: readonly PlanItem[], around: Around, visit: Visit): void {
  for (const item of items)
    walkItem(item, around.calls.length === 0 ? { ...around, sentence: item.span } : around, visit);
}

function walkItem(item: PlanItem, around: Around, visit: Visit): void {
  const later = around.step ?? "then";
  switch (item.type) {
    case "call":
      walkCall(item, around, visit);
      return;
    case "command":
      visit.item({ ...item, place: placeHere(item.place, around) }, around, []);
      bindCaptures(item.clauses, around.names, later);
      return;
    case "on-each":
      visit.item(item, around, []);
      for (const run of item.runs) {
        const names = around.names.copy();
        names.bind(item.name, { type: "host", name: run.host });
        walkItems(run.items, { ...around, names }, visit);
      }
      return;
    case "for-each":
      walkForEach(item, around, visit);
      return;
    case "if":
      walkIf(item, around, visit);
      return;
    case "let": {
      visit.item(item, around, []);
      const value = evaluateKnown(item.value, around.names);
      if (value.type === "known") around.names.bind(item.name, value.value);
      else around.names.bindLater(item.name, item.value.type === "reading" ? later : value.until);
      return;
    }
    case "ask":
      visit.item(item, around, []);
      around.names.bindLater(item.name, "then");
      return;
    case "expect":
    case "confirm":
    case "by-hand":
    case "note":
    case "attach":
    case "wait":
    case "fail":
      visit.item(item, around, []);
      return;
  }
}

/** The place with its host's name, and with the user and folder of the call around it where it has none of its own. */
function placeHere(place: PlannedPlace, { names, inherited }: Around): PlannedPlace {
  const host = hostNameIn(place.host, names);
  if (host === undefined || inherited?.host !== host) return place;
  return { host: place.host, as: place.as ?? inherited.as, in: place.in ?? inherited.in };
}

/** As it stands in the caller's names, for a body that doesn't see them; what isn't known stays unknown there. */
function literally(node: TextNode | undefined, names: PlannedNames): TextNode | undefined {
  const found = node === undefined ? undefined : evaluateText(node, names);
  if (node === undefined || found?.type !== "known") return node;
  return {
    type: "text",
    form: "string",
    parts: [{ type: "literal", text: textOfValue(found.value), span: node.span }],
    span: node.span,
  };
}

function walkCall(call: PlanCall, around: Around, visit: Visit): void {
  const place = placeHere(call.place, around);
  const host = hostNameIn(call.place.host, around.names);
  const { names, wrong } = bodyNames(call.slots, around.names, host);
  const inherited =
    host === undefined
      ? undefined
      : { host, as: literally(place.as, around.names), in: literally(place.in, around.names) };
  visit.item(call, around, wrong);
  for (const [index, body] of call.bodies.entries()) {
    const certainty =
      call.bodies.length === 1
        ? around.certainty
        : lessSure(around.certainty, { type: "then", why: versionThat(call, index, host ?? call.place.host) });
    walkItems(
      body.items,
      { ...around, names: names.copy(), certainty, calls: [...around.calls, call], inherited },
      visit,
    );
  }
  bindCaptures(call.clauses, around.names, around.step ?? "then");
}

/** The versions for which a body is the one: before its own limit, and not before that of a narrower one. */
function versionThat(call: PlanCall, index: number, host: string): string {
  const from = call.bodies[index - 1]?.before;
  const before = call.bodies[index]?.before;
  const parts = [
    ...(from === undefined ? [] : [`${from} or later`]),
    ...(before === undefined ? [] : [`before ${before}`]),
  ];
  return parts.length === 0 ? `the version of ${host}` : `if the version of ${host} is ${parts.join(" and ")}`;
}

function walkForEach(item: PlanItem & { readonly type: "for-each" }, around: Around, visit: Visit): void {
  visit.item(item, around, []);
  const list = evaluateKnown(item.list, around.names);
  if (list.type === "unknown") {
    const names = around.names.copy();
    names.bindLater(item.name, list.until);
    walkItems(
      item.items,
      {
        ...around,
        names,
        certainty: lessSure(around.certainty, certaintyUntil(list.until, "the members of the list")),
      },
      visit,
    );
    return;
  }
  for (const member of list.value.type === "list" ? list.value.items : [list.value]) {
    const names = around.names.copy();
    names.bind(item.name, member);
    walkItems(item.items, { ...around, names }, visit);
  }
}

function walkIf(item: PlanItem & { readonly type: "if" }, around: Around, visit: Visit): void {
  visit.item(item, around, []);
  let certainty = around.certainty;
  const open: PlannedNames[] = [];
  for (const branch of item.branches) {
    const decided = decide(branch.condition, around.names);
    if (decided === false) continue;
    const names = around.names.copy();
    if (decided !== true) certainty = lessSure(certainty, certaintyUntil(decided.until, "a condition"));
    walkItems(branch.items, { ...around, names, certainty }, visit);
    open.push(names);
    if (decided === true) break;
  }
  const [only] = open;
  for (const names of open) {
    for (const name of around.names.boundBy(names)) {
      const value = names.values.get(name);
      if (names === only && open.length === 1 && certainty === around.certainty && value !== undefined)
        around.names.bind(name, value);
      else
        around.names.bindLater(
          name,
          names.unknown.get(name) ?? (certainty.type === "depends" ? certainty.step : "then"),
        );
    }
  }
}

function decide(
  condition: ConditionNode | undefined,
  names: PlannedNames,
): boolean | { readonly until: number | "then" } {
  if (condition === undefined) return true;
  const decided = decideCondition(condition, names);
  return decided.type === "known" ? decided.value.holds : { until: decided.until };
}

function bindCaptures(clauses: PlanCall["clauses"], names: PlannedNames, later: number | "then"): void {
  for (const clause of clauses) for (const name of namesOf(clause)) names.bindLater(name, later);
}

/** The names that a clause binds. */
function namesOf(clause: ClauseNode): readonly string[] {
  if (clause.type === "capture-output" || clause.type === "capture-each") return [clause.as.text];
  if (clause.type === "capture-name") return [(clause.as ?? clause.name).text];
  return clause.type === "capture-pattern" ? holesOf(clause.pattern) : [];
}

function holesOf(pattern: PatternNode): readonly string[] {
  const named = [...pattern.regex.matchAll(/\(\?<([A-Za-z_]\w*)>/g)].flatMap((match) => match[1] ?? []);
  return [
    ...named,
    ...pattern.parts.flatMap((part) => (part.type === "hole" && part.name !== undefined ? [part.name.text] : [])),
  ];
}
