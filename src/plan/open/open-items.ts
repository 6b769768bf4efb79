// Opening a program's statements: each phrase becomes the commands of its body for the kind of host where it happens.
import {
  bodyKey,
  type CallStatement,
  type Placement,
  type Program,
  type RunStatement,
  type Statement,
} from "../../check/program.ts";
import type { TextNode } from "../../language/tree.ts";
import { error, type Diagnostic } from "../../text/diagnostic.ts";
import type { Span } from "../../text/source.ts";
import { readAs } from "../../vocabulary/types.ts";
import type { Kind, PhraseBlock, ShellName } from "../../vocabulary/vocabulary.ts";
import { textOfValue } from "../as-value.ts";
import { bodyNames, type PlannedNames } from "../environment.ts";
import { evaluateKnown, evaluateText } from "../evaluate.ts";
import type { PlanCall, PlanCommand, PlanItem, PlannedHost, PlannedPlace } from "../plan.ts";
import { blockFor, narrowestFirst } from "../version.ts";

export interface Opening {
  readonly program: Program;
  readonly diagnostics: Diagnostic[];
  /** Finds a host of file or inventory, or `here`, and remembers that the plan may touch it. */
  readonly touch: (name: string) => PlannedHost | undefined;
}

/** What surrounds statements: names, and what their phrase says of them. */
export interface Surroundings {
  readonly names: PlannedNames;
  readonly block: PhraseBlock | undefined;
  /** The runbook's own sentence. */
  readonly sentence: Span | undefined;
  readonly depth: number;
  /** `loop`: inside a loop over hosts, which is opened once: places keep the names that the loop gives them. */
  readonly places: "resolved" | "loop";
  /** Whether this is an `undo`: what takes something back is not taken back itself. */
  readonly isUndo: boolean;
}

/** Phrases inside phrases deeper than this go round in a circle. */
const deepest = 40;

/** Statements as items of the plan. Names are bound only as far as hosts depend on them; `walkPlan` does the rest. */
export function openItems(
  statements: readonly Statement[],
  around: Surroundings,
  opening: Opening,
): readonly PlanItem[] {
  return statements.flatMap((statement) => openItem(statement, around, opening));
}

function openItem(statement: Statement, around: Surroundings, opening: Opening): readonly PlanItem[] {
  const place = (placement: Placement): PlannedPlace => openPlace(placement, around, opening);
  switch (statement.type) {
    case "call":
      return [openCall(statement, around, opening)];
    case "run":
      return openRun(statement, around, opening);
    case "on-each":
      return [openOnEach(statement, around, opening)];
    case "let": {
      const value = evaluateKnown(statement.value, around.names);
      if (value.type === "known") around.names.bind(statement.name, value.value);
      else around.names.bindLater(statement.name, "then");
      return [{ ...statement, place: place(statement.placement) }];
    }
    case "expect":
      return [{ ...statement, place: place(statement.placement) }];
    case "attach":
      return [{ ...statement, place: place(statement.placement) }];
    case "if":
      return [
        {
          type: "if",
          branches: statement.branches.map(({ condition, block, span }) => ({
            condition,
            items: openItems(block, { ...around, names: around.names.copy() }, opening),
            span,
          })),
          place: place(statement.placement),
          span: statement.span,
        },
      ];
    case "for-each":
      return [openForEach(statement, around, opening)];
    case "ask":
    case "confirm":
    case "by-hand":
    case "note":
    case "wait":
    case "fail":
      return [statement];
  }
}

function openRun(statement: RunStatement, around: Surroundings, opening: Opening): readonly PlanItem[] {
  const place = openPlace(statement.placement, around, opening);
  const kind = kindAt(place.host, around.names, opening);
  const using = statement.clauses.find((clause) => clause.type === "using");
  const destroys = statement.clauses.find((clause) => clause.type === "destroys");
  return [
    {
      type: "command",
      command: statement.command,
      shell:
        using === undefined ? (kind?.shell ?? (kind === undefined ? "sh" : "dialogue")) : shellNamed(using.shell.text),
      place,
      clauses: statement.clauses,
      changesNothing:
        around.block?.changesNothing === true || statement.clauses.some((clause) => clause.type === "changes-nothing"),
      destroys: destroys?.what,
      logsIn: around.block?.logsIn === true,
      span: statement.span,
    } satisfies PlanCommand,
  ];
}

function shellNamed(name: string): ShellName {
  const shells: readonly ShellName[] = ["sh", "bash", "cmd", "powershell", "program"];
  return shells.find((shell) => shell === name) ?? "sh"; // check knows the shells: another name never gets here.
}

function openCall(statement: CallStatement, around: Surroundings, opening: Opening): PlanCall {
  const { phrase } = statement;
  const place = openPlace(statement.placement, around, opening);
  const sentence = around.sentence ?? statement.span;
  const slots = new Map(
    phrase.slots.flatMap((slot) => {
      const value = statement.slots.get(slot.name);
      return value === undefined ? [] : [[slot.name, { value, type: slot.type }] as const];
    }),
  );
  for (const { value, type } of slots.values()) if (type.type === "host") touchNamed(value, around.names, opening);
  const blocks = phrase.core === undefined ? blocksAt(statement, place.host, around, opening) : [];
  const host = knownHost(place.host, around.names, opening);
  const bodies = blocks.flatMap((block) => {
    const body = opening.program.bodies.get(bodyKey(phrase, block));
    if (body === undefined) return [];
    if (around.depth > deepest) {
      opening.diagnostics.push(
        error("phrase-circle", sentence, `The phrase "${phrase.shown}" calls itself, by way of others, without end.`),
      );
      return [];
    }
    const inside = (isUndo: boolean): Surroundings => ({
      names: bodyNames(slots, around.names, host).names,
      block,
      sentence,
      depth: around.depth + 1,
      places: around.places,
      isUndo,
    });
    return [
      {
        before: block.before,
        body,
        items: openItems(body.statements, inside(around.isUndo), opening),
        undo: body.undo === undefined || around.isUndo ? undefined : openItems(body.undo, inside(true), opening),
      },
    ];
  });
  return {
    type: "call",
    phrase: phrase.shown,
    core: phrase.core,
    slots,
    place,
    clauses: statement.clauses,
    bodies,
    changesNothing: blocks.length > 0 && blocks.every((block) => block.changesNothing),
    destroys: blocks.find((block) => block.destroys !== undefined)?.destroys,
    unmet: statement.unmet,
    span: statement.span,
  };
}

/** One block where the version is known (or doesn't matter), else all that may be it, narrowest first. */
function blocksAt(
  statement: CallStatement,
  place: string,
  around: Surroundings,
  opening: Opening,
): readonly PhraseBlock[] {
  const kinds = kindsAt(place, around.names, opening);
  const blocks = statement.phrase.blocks.filter(
    (block) => block.kinds === undefined || kinds.length === 0 || block.kinds.some((kind) => kinds.includes(kind)),
  );
  const version = around.places === "resolved" ? hostAt(place, around.names, opening)?.host.version : undefined;
  const one = version === undefined ? undefined : blockFor(blocks, version);
  if (blocks.length > 0 && (version === undefined || one !== undefined))
    return one === undefined ? narrowestFirst(blocks) : [one];
  const why =
    blocks.length === 0
      ? `is for ${statement.phrase.blocks.flatMap((block) => block.kinds ?? []).join(", ")}, and ${place} is of kind ${kinds.join(" or ")}`
      : `has no block for version ${version ?? ""} of ${place}`;
  opening.diagnostics.push(
    error("wrong-kind", around.sentence ?? statement.span, `The phrase "${statement.phrase.shown}" ${why}.`),
  );
  return [];
}

function openOnEach(
  statement: Statement & { readonly type: "on-each" },
  around: Surroundings,
  opening: Opening,
): PlanItem {
  const group = around.names.values.get(statement.group);
  const members = group === undefined ? [] : group.type === "list" ? group.items : [group];
  const runs = members.flatMap((member) => {
    if (member.type !== "host") return [];
    opening.touch(member.name);
    const names = around.names.copy();
    names.bind(statement.name, member);
    return [{ host: member.name, items: openItems(statement.block, { ...around, names }, opening) }];
  });
  if (group === undefined)
    opening.diagnostics.push(
      error(
        "unbound-input",
        statement.span,
        `Nothing says which hosts ${statement.group} has, so the plan can't name them. Declare the group, or give it by --set ${statement.group}=HOST,HOST.`,
      ),
    );
  return {
    type: "on-each",
    name: statement.name,
    atATime: countOf(statement.atATime, around, opening),
    stopAfter: countOf(statement.stopAfter, around, opening),
    runs,
    span: statement.span,
  };
}

function countOf(node: TextNode | undefined, around: Surroundings, opening: Opening): number {
  if (node === undefined) return 1;
  const found = evaluateText(node, around.names);
  const text = found.type === "known" ? textOfValue(found.value) : "";
  const number = readAs({ type: "scalar", name: "number" }, text);
  if (number.ok && number.number !== undefined && Number.isInteger(number.number) && number.number >= 1)
    return number.number;
  opening.diagnostics.push(
    error(
      "wrong-type",
      node.span,
      `"${text}" is no number of hosts: a whole number from 1 on is needed, known before the run.`,
    ),
  );
  return 1;
}

/** The body is opened once: where hosts are what is looped over, they have one kind. */
function openForEach(
  statement: Statement & { readonly type: "for-each" },
  around: Surroundings,
  opening: Opening,
): PlanItem {
  const list = evaluateKnown(statement.list, around.names);
  const items = list.type !== "known" ? [] : list.value.type === "list" ? list.value.items : [list.value];
  for (const item of items) if (item.type === "host") opening.touch(item.name);
  const kinds = new Set(items.flatMap((item) => (item.type === "host" ? [opening.touch(item.name)?.kind.name] : [])));
  if (kinds.size > 1)
    opening.diagnostics.push(
      error(
        "wrong-kind",
        statement.span,
        `The hosts of this list are of several kinds (${[...kinds].join(", ")}), and a "for each" is planned for one. Write "on each ${statement.name} in GROUP".`,
      ),
    );
  const names = around.names.copy();
  const [first] = items;
  if (first?.type === "host") names.bind(statement.name, first);
  else names.bindLater(statement.name, "then");
  const inside: Surroundings = { ...around, names, places: first?.type === "host" ? "loop" : around.places };
  return {
    type: "for-each",
    name: statement.name,
    list: statement.list,
    items: openItems(statement.block, inside, opening),
    span: statement.span,
  };
}

// ---------------------------------------------------------------- places

/** The place, by its host's name, or by the name that the scope has for it. The host counts as touched. */
function openPlace(placement: Placement, { names, places }: Surroundings, opening: Opening): PlannedPlace {
  const name = placement.host.type === "here" ? "here" : placement.host.name;
  const known = hostNameIn(name, names);
  if (known !== undefined) opening.touch(known);
  // A name of the scope stays where the host's own name means another host there (a slot of that name).
  const resolved = places === "resolved" && known !== undefined && hostNameIn(known, names) === known;
  return { host: resolved ? known : name, as: placement.as, in: placement.in };
}

/** The host that a place's name means in a scope; undefined: known only then. */
export function hostNameIn(place: string, names: PlannedNames): string | undefined {
  const value = names.values.get(place);
  if (value !== undefined) return value.type === "host" ? value.name : undefined;
  return names.unknown.has(place) ? undefined : place;
}

function hostAt(place: string, names: PlannedNames, opening: Opening): PlannedHost | undefined {
  const name = hostNameIn(place, names);
  return name === undefined ? undefined : opening.touch(name);
}

function knownHost(place: string, names: PlannedNames, opening: Opening): string | undefined {
  return hostAt(place, names, opening)?.host.name;
}

function kindAt(place: string, names: PlannedNames, opening: Opening): Kind | undefined {
  return hostAt(place, names, opening)?.kind;
}

function kindsAt(place: string, names: PlannedNames, opening: Opening): readonly string[] {
  const kind = kindAt(place, names, opening);
  return kind === undefined ? [] : [kind.name];
}

function touchNamed(node: TextNode, names: PlannedNames, opening: Opening): void {
  const [only] = node.parts;
  if (node.parts.length !== 1 || only === undefined) return;
  const name = only.type === "literal" ? hostNameIn(only.text, names) : hostNameIn(only.name.text, names);
  if (name !== undefined) opening.touch(name);
}
