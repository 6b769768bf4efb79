// Binding a runbook's `needs`: from --set, the file's own hosts and secrets, the inventory, the default, a person.
import type { Need, Program } from "../check/program.ts";
import type { SecretFromNode } from "../language/tree.ts";
import { error, type Diagnostic, type Note } from "../text/diagnostic.ts";
import { nearest } from "../text/nearest.ts";
import { makeSource, placeOf, type Span } from "../text/source.ts";
import { showType } from "../vocabulary/types.ts";
import type { Type } from "../vocabulary/vocabulary.ts";
import { convertValue, textOfValue, valueOf, type Made } from "./as-value.ts";
import { asksOf } from "./bind/asks.ts";
import { evaluateKnown } from "./evaluate.ts";
import { fieldsOfHosts } from "./environment.ts";
import type { Binding } from "./plan.ts";
import type { Value } from "./value.ts";

export interface GivenInputs {
  /** `--set NAME=VALUE`. */
  readonly set: ReadonlyMap<string, string>;
  /** Asks the person at the terminal; undefined: there is none. Its answer undefined: the person gave none. */
  readonly ask?: (name: string, type: string) => Promise<string | undefined>;
}

export interface Bound {
  readonly bindings: readonly Binding[];
  /** Inputs, and every host (as itself) and group (as the list of its hosts) of file and inventory. */
  readonly values: ReadonlyMap<string, Value>;
  /** Secrets that `needs` name, with their sources. */
  readonly secrets: ReadonlyMap<string, SecretFromNode>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Binds every input, or says what is left and how to give it. Nothing is read from a secret's source. */
export async function bindInputs(program: Program, given: GivenInputs): Promise<Bound> {
  const diagnostics: Diagnostic[] = [];
  const values = new Map<string, Value>();
  for (const name of program.inventory.hosts.keys()) values.set(name, { type: "host", name });
  for (const [name, group] of program.inventory.groups)
    values.set(name, { type: "list", items: group.members.map((member) => ({ type: "host", name: member })) });
  const bindings: Binding[] = [];
  const secrets = new Map<string, SecretFromNode>();
  for (const need of program.needs) {
    if (need.type.type === "secret") {
      const from = bindSecret(need, program, given, diagnostics);
      if (from === undefined) continue;
      secrets.set(need.name, from);
      bindings.push({ name: need.name, value: need.name, from: shownSource(from), secret: true });
      continue;
    }
    const found = await bindNeed(need, { program, given, values });
    if (!("value" in found)) {
      diagnostics.push(found);
      continue;
    }
    values.set(need.name, found.value);
    bindings.push({ name: need.name, value: textOfValue(found.value), from: found.from, secret: false });
  }
  diagnostics.push(...checkSetNames(program, given.set));
  return { bindings, values, secrets, diagnostics };
}

interface FoundInput {
  readonly value: Value;
  readonly from: string;
}

interface InputContext {
  readonly program: Program;
  readonly given: GivenInputs;
  readonly values: ReadonlyMap<string, Value>;
}

async function bindNeed(need: Need, context: InputContext): Promise<FoundInput | Diagnostic> {
  const { program, given } = context;
  const set = given.set.get(need.name);
  if (set !== undefined)
    return read(need, set, { program, from: "--set", note: { message: `It was given by --set ${need.name}=${set}.` } });
  const own = context.values.get(need.name);
  if (own !== undefined) {
    const problem = placeProblem(need.type, own, program);
    const span = program.inventory.hosts.get(need.name)?.span ?? program.inventory.groups.get(need.name)?.span;
    const note: Note = { message: `${need.name} is declared here.`, ...(span === undefined ? {} : { span }) };
    return problem === undefined
      ? { value: own, from: sourceName(span, program) }
      : error("wrong-kind", need.span, problem, { notes: [note] });
  }
  if (need.default !== undefined) {
    const names = { values: context.values, hosts: fieldsOfHosts(program, new Map()) };
    const found = evaluateKnown(need.default, names);
    const from: From = { program, from: "default", note: { message: "This is its default.", span: need.default.span } };
    if (found.type === "known")
      return need.type.type === "group" && found.value.type === "scalar"
        ? read(need, found.value.text, from)
        : fitted(need, convertDefault(need.type, found.value), from);
  }
  const answer = await given.ask?.(need.name, showType(need.type));
  if (answer !== undefined)
    return read(need, answer, { program, from: "asked", note: { message: `"${answer}" was typed.` } });
  return unbound(need, program);
}

interface From {
  readonly program: Program;
  readonly from: string;
  readonly note: Note;
}

function read(need: Need, text: string, from: From): FoundInput | Diagnostic {
  // A group's name stands for its hosts.
  const group = need.type.type === "group" ? from.program.inventory.groups.get(text.trim()) : undefined;
  const made: Made =
    group === undefined
      ? valueOf(need.type, text, need.name)
      : { ok: true, value: { type: "list", items: group.members.map((name) => ({ type: "host", name })) } };
  return fitted(need, made, from);
}

function fitted(need: Need, made: Made, { program, from, note }: From): FoundInput | Diagnostic {
  if (!made.ok)
    return error("wrong-type", need.span, `${need.name} is ${aType(need.type)}: ${made.problem}`, {
      notes: [note],
    });
  const problem = placeProblem(need.type, made.value, program);
  return problem === undefined
    ? { value: made.value, from }
    : error("wrong-kind", need.span, problem, { notes: [note] });
}

function convertDefault(type: Type, value: Value): Made {
  return type.type === "list" && value.type === "scalar" ? valueOf(type, value.text) : convertValue(value, type);
}

/** Whether a host (or each of a group) is there and of a kind that the input takes: a sentence where not. */
function placeProblem(type: Type, value: Value, program: Program): string | undefined {
  if (type.type === "group") {
    const items = value.type === "list" ? value.items : [value];
    for (const item of items) {
      const problem = placeProblem({ type: "host", kinds: type.kinds }, item, program);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }
  if (type.type !== "host") return value.type === "host" || value.type === "list" ? wrongShape(type, value) : undefined;
  if (value.type !== "host") return `"${textOfValue(value)}" is a group or a list, and one host is needed.`;
  const host = program.inventory.hosts.get(value.name);
  if (host === undefined) {
    const near = nearest(value.name, program.inventory.hosts.keys());
    const known = [...program.inventory.hosts.keys()];
    const hint =
      near === undefined
        ? known.length === 0
          ? "No host is declared: write one into hosts.runbook beside the runbook."
          : `Declared are ${known.join(", ")}.`
        : `The nearest is ${near}.`;
    return `No host "${value.name}" is declared. ${hint}`;
  }
  if (type.kinds === undefined || type.kinds.includes(host.kind)) return undefined;
  return `${value.name} is of kind ${host.kind}, and ${type.kinds.join(" or ")} is needed here.`;
}

function wrongShape(type: Type, value: Value): string | undefined {
  if (value.type === "list" && type.type === "list") return undefined;
  return `"${textOfValue(value)}" is a ${value.type === "host" ? "host" : "list"}, and ${aType(type)} is needed here.`;
}

function bindSecret(
  need: Need,
  program: Program,
  given: GivenInputs,
  diagnostics: Diagnostic[],
): SecretFromNode | undefined {
  if (given.set.has(need.name)) {
    diagnostics.push(
      error(
        "secret-by-set",
        need.span,
        `${need.name} is a secret, and --set would show it in the list of processes and in the shell's history. Declare its source instead: secret ${need.name} from env ${variableFor(need.name)}`,
      ),
    );
    return undefined;
  }
  const declared = program.secrets.get(need.name);
  if (declared !== undefined) return declared.from;
  if (given.ask !== undefined) return { type: "prompt", span: need.span };
  diagnostics.push(
    error(
      "unbound-input",
      need.span,
      `${need.name} is a secret, and nothing says where it comes from. Declare its source in the runbook or in hosts.runbook: secret ${need.name} from env ${variableFor(need.name)}`,
    ),
  );
  return undefined;
}

function aType(type: Type): string {
  const shown = showType(type);
  return `${/^[aeiou]/.test(shown) ? "an" : "a"} ${shown}`;
}

function variableFor(name: string): string {
  return name.toUpperCase().replaceAll("-", "_");
}

function unbound(need: Need, program: Program): Diagnostic {
  const value = need.type.type === "host" ? "HOST" : need.type.type === "group" ? "HOST,HOST" : "VALUE";
  const set = `--set ${need.name}=${value}`;
  if (need.type.type === "host" || need.type.type === "group") {
    const kinds = need.type.kinds;
    const fitting = [...program.inventory.hosts.values()]
      .filter((host) => kinds === undefined || kinds.includes(host.kind))
      .map((host) => host.name);
    const what =
      need.type.type === "host"
        ? `host ${need.name}: ${kinds?.[0] ?? "linux"} at ADDRESS`
        : `group ${need.name}: HOST, HOST`;
    const hint = fitting.length === 0 ? "" : ` Of this kind are declared: ${fitting.join(", ")}.`;
    return error(
      "unbound-input",
      need.span,
      `Nothing says which ${need.type.type} ${need.name} is. Write "${what}" into hosts.runbook, or give one of its hosts by ${set}.${hint}`,
    );
  }
  return error(
    "unbound-input",
    need.span,
    `Nothing gives ${need.name} (${showType(need.type)}) a value. Give it by ${set}, or write a default: needs ${need.name}: ${showType(need.type)} = VALUE`,
  );
}

/** Names given by --set that are no input and no question of the runbook; answers to its questions are read as their types. */
function checkSetNames(program: Program, set: ReadonlyMap<string, string>): Diagnostic[] {
  const asks = asksOf(program);
  const names = [...program.needs.map((need) => need.name), ...asks.keys()];
  const out: Diagnostic[] = [];
  for (const [name, text] of set) {
    const ask = asks.get(name);
    if (ask !== undefined) {
      const made = valueOf(ask.of, text, name);
      if (!made.ok)
        out.push(
          error("wrong-type", ask.span, `${name} is ${aType(ask.of)}: ${made.problem}`, {
            notes: [{ message: `It was given by --set ${name}=${text}.` }],
          }),
        );
      continue;
    }
    if (names.includes(name)) continue;
    const near = nearest(name, names);
    const hint =
      near === undefined
        ? names.length === 0
          ? "It has none at all."
          : `It has ${names.join(", ")}.`
        : `The nearest is ${near}.`;
    out.push(error("unknown-input", onCommandLine(name), `The runbook has no input "${name}". ${hint}`));
  }
  return out;
}

/** The command line as a source, so that a finding can show the place; not the value, which may be a misplaced secret. */
function onCommandLine(name: string): Span {
  return { source: makeSource("--set", `${name}=…`), start: 0, end: Math.max(1, name.length) };
}

function sourceName(span: Span | undefined, program: Program): string {
  if (span === undefined) return "inventory";
  return span.source === program.sources[0] ? "this file" : placeOf(span).file;
}

function shownSource(from: SecretFromNode): string {
  switch (from.type) {
    case "env":
      return `env ${from.variable.text}`;
    case "prompt":
      return "prompt";
    case "file":
      return "file";
    case "command":
      return "command";
  }
}
