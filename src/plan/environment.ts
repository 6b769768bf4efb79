// What names stand for at one place of a plan, before anything has run.
import type { Program } from "../check/program.ts";
import type { Host } from "../inventory/inventory.ts";
import { Secret } from "../secrets/secret.ts";
import type { TextNode } from "../language/tree.ts";
import type { Type } from "../vocabulary/vocabulary.ts";
import { evaluateSlot } from "./evaluate.ts";
import { LayeredMap } from "./layered-map.ts";
import type { PlannedHost } from "./plan.ts";
import type { Environment, Value } from "./value.ts";

/** Names as a walk over the plan binds them: known values, and who will give the others. */
export class PlannedNames implements Environment {
  readonly values: LayeredMap<Value>;
  readonly unknown: LayeredMap<number | "then">;
  readonly hosts: Environment["hosts"];

  constructor(hosts: Environment["hosts"], values: Iterable<readonly [string, Value]>, below?: PlannedNames) {
    this.hosts = hosts;
    this.values = new LayeredMap(values, below?.values);
    this.unknown = new LayeredMap<number | "then">([], below?.unknown);
  }

  /** The same names, to go on apart from these: a branch, a round of a loop. These stay as they are meanwhile. */
  copy(): PlannedNames {
    return new PlannedNames(this.hosts, [], this);
  }

  bind(name: string, value: Value): void {
    this.unknown.delete(name);
    this.values.set(name, value);
  }

  /** The name is given by a step (its number), or nobody can say before the run. */
  bindLater(name: string, until: number | "then"): void {
    this.values.delete(name);
    this.unknown.set(name, until);
  }

  /** The names that `other`, begun as a copy of this, has bound on top. */
  boundBy(other: PlannedNames): readonly string[] {
    return [...other.values.ownNames(), ...other.unknown.ownNames()].filter(
      (name) => !this.values.has(name) && !this.unknown.has(name),
    );
  }
}

/** The fields of a host that texts may name: `{hsm.address}`. What isn't known isn't there. */
function hostFields(host: Host): Readonly<Record<string, string>> {
  return {
    name: host.name,
    kind: host.kind,
    address: host.address,
    port: String(host.port),
    ...(host.user === undefined ? {} : { user: host.user }),
    ...(host.version === undefined ? {} : { version: host.version }),
  };
}

/** The fields of every host that a program knows, `here` too; what `Environment.hosts` of a run begins with. */
export function fieldsOfHosts(program: Program, hosts: ReadonlyMap<string, PlannedHost>): Environment["hosts"] {
  const all = [...program.inventory.hosts.values(), ...[...hosts.values()].map(({ host }) => host)];
  return new Map(all.map((host) => [host.name, hostFields(host)]));
}

/** The names of the whole file: inputs, hosts, groups and secrets (which are read later: here they are only their names). */
export function fileNames(given: {
  readonly program: Program;
  readonly values: ReadonlyMap<string, Value>;
  readonly hosts: ReadonlyMap<string, PlannedHost>;
  readonly secrets: Iterable<string>;
}): PlannedNames {
  const secrets = [...given.secrets].map((name): [string, Value] => [
    name,
    { type: "secret", secret: new Secret(name, "") },
  ]);
  return new PlannedNames(fieldsOfHosts(given.program, given.hosts), [...secrets, ...given.values]);
}

/** A slot that is filled with what can't be of its type. */
export interface WrongSlot {
  readonly value: TextNode;
  readonly problem: string;
}

/** What a phrase's body sees: its slots, and `{host}`, where it runs. */
export function bodyNames(
  slots: ReadonlyMap<string, { readonly value: TextNode; readonly type: Type }>,
  caller: PlannedNames,
  host: string | undefined,
): { readonly names: PlannedNames; readonly wrong: readonly WrongSlot[] } {
  const names = new PlannedNames(caller.hosts, []);
  const wrong: WrongSlot[] = [];
  for (const [name, { value, type }] of slots) {
    const found = evaluateSlot(value, type, caller);
    if (found.type === "known") names.bind(name, found.value);
    else names.bindLater(name, found.type === "unknown" ? found.until : "then");
    if (found.type === "wrong") wrong.push({ value, problem: found.problem });
  }
  if (host === undefined) names.bindLater("host", "then");
  else names.bind("host", { type: "host", name: host });
  return { names, wrong };
}
