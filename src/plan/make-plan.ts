// From a checked program and its bound inputs to a plan: every phrase opened, every host named, every secret listed.
import { decideFacts } from "../check/decide-facts.ts";
import type { Program } from "../check/program.ts";
import { hereHost } from "../inventory/read-inventory.ts";
import type { SecretFromNode } from "../language/tree.ts";
import type { Diagnostic } from "../text/diagnostic.ts";
import type { Kind } from "../vocabulary/vocabulary.ts";
import { holdsSecret, textOfValue } from "./as-value.ts";
import type { Bound } from "./bind-inputs.ts";
import { fileNames } from "./environment.ts";
import { openItems, type Opening, type Surroundings } from "./open/open-items.ts";
import { namesUsed } from "./open/names-used.ts";
import { refusedValues } from "./open/refused-values.ts";
import type { Plan, PlanItem, PlannedHost, PlanStep } from "./plan.ts";
import type { Value } from "./value.ts";

/**
 * Opens a program to a plan. What can already be seen to fail (a value that its shell can't carry, one of the wrong type
 * for its slot) is an error here, before anything runs.
 */
export function makePlan(
  program: Program,
  bound: Pick<Bound, "bindings" | "values" | "secrets">,
): { readonly plan: Plan | undefined; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const hosts = new Map<string, PlannedHost>([
    ["here", { host: hereHost(), kind: kindNamed(hereHost().kind, program) }],
  ]);
  const sources = secretSources(program, bound);
  const opening: Opening = { program, diagnostics, touch: (name) => touchHost(name, { program, hosts, diagnostics }) };
  const names = fileNames({ program, values: bound.values, hosts, secrets: sources.keys() });
  const around: Surroundings = {
    names,
    block: undefined,
    sentence: undefined,
    depth: 0,
    places: "resolved",
    isUndo: false,
  };
  const steps = program.steps.map((step, index): PlanStep => ({
    number: index + 1,
    title: step.title,
    items: openItems(step.statements, around, opening),
    undo:
      step.undo === undefined
        ? undefined
        : openItems(step.undo, { ...around, names: names.copy(), isUndo: true }, opening),
    narrative: step.narrative,
    span: step.span,
  }));
  const last = openItems(program.finally, around, opening);
  const openings = openDialogues(hosts, around, opening);
  const plan: Plan = {
    program,
    title: program.title,
    bindings: bound.bindings,
    hosts,
    values: bound.values,
    secrets: [...sources].map(([name, from]) => ({ name, from })).concat(passwordsOf(hosts)),
    steps,
    finally: last,
    openings,
  };
  diagnostics.push(...decideFacts(program, boundTexts(bound.values)), ...refusedValues(plan));
  return {
    plan: diagnostics.some(({ severity }) => severity === "error") ? undefined : plan,
    diagnostics: once(diagnostics),
  };
}

function boundTexts(values: ReadonlyMap<string, Value>): Parameters<typeof decideFacts>[1] {
  const texts = new Map<string, { readonly text: string; readonly items: readonly string[] | undefined }>();
  for (const [name, value] of values)
    if (!holdsSecret(value))
      texts.set(name, {
        text: textOfValue(value),
        items: value.type === "list" ? value.items.map(textOfValue) : undefined,
      });
  return texts;
}

/** The secrets that the runbook names, each with its source; those of the inventory that nothing names are not read. */
function secretSources(program: Program, bound: Pick<Bound, "secrets">): ReadonlyMap<string, SecretFromNode> {
  const used = namesUsed(program);
  const sources = new Map(bound.secrets);
  for (const [name, { from }] of program.secrets) if (used.has(name) && !sources.has(name)) sources.set(name, from);
  return sources;
}

function passwordsOf(hosts: ReadonlyMap<string, PlannedHost>): { name: string; from: SecretFromNode }[] {
  return [...hosts.values()].flatMap(({ host }) => [
    ...(host.password === undefined ? [] : [{ name: `password of ${host.name}`, from: host.password }]),
    ...(host.sudoPassword === undefined ? [] : [{ name: `sudo password of ${host.name}`, from: host.sudoPassword }]),
  ]);
}

interface Touching {
  readonly program: Program;
  readonly hosts: Map<string, PlannedHost>;
  readonly diagnostics: Diagnostic[];
}

function touchHost(name: string, touching: Touching): PlannedHost | undefined {
  const standing = touching.hosts.get(name);
  if (standing !== undefined) return standing;
  const host = touching.program.inventory.hosts.get(name);
  if (host === undefined) return undefined;
  const planned = { host, kind: kindNamed(host.kind, touching.program) };
  touching.hosts.set(name, planned);
  if (host.via !== undefined) touchHost(host.via, touching);
  return planned;
}

/** A kind of the program; `here` may be of one that no `use` line brought: then it is a plain shell. */
function kindNamed(name: string, program: Program): Kind {
  const kind = program.kinds.get(name);
  if (kind !== undefined) return kind;
  const [source] = program.sources;
  if (source === undefined) throw new Error("A program has at least the runbook as its source.");
  return {
    name,
    title: name,
    vocabulary: "",
    shell: name === "windows" ? "powershell" : "sh",
    dialogue: undefined,
    files: "sftp",
    version: undefined,
    span: { source, start: 0, end: 0 },
  };
}

function openDialogues(
  hosts: ReadonlyMap<string, PlannedHost>,
  around: Surroundings,
  opening: Opening,
): ReadonlyMap<string, readonly PlanItem[]> {
  const openings = new Map<string, readonly PlanItem[]>();
  for (const [name, { kind }] of hosts) {
    const statements = opening.program.openings.get(kind.name) ?? [];
    if (statements.length === 0) continue;
    const names = around.names.copy();
    names.bind("host", { type: "host", name });
    openings.set(name, openItems(statements, { ...around, names }, opening));
  }
  return openings;
}

/** One phrase on ten hosts would say the same thing ten times. */
function once(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Set<string>();
  return diagnostics.filter(({ code, span, message }) => {
    const key = `${code} ${span.source.path} ${span.start} ${message}`;
    return seen.has(key) ? false : seen.add(key) !== undefined;
  });
}
