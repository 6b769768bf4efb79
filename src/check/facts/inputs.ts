// What inputs stand for in facts: what they are bound to, or anything of their type.
import type { Program } from "../program.ts";
import { isHostType } from "./calls.ts";
import { known, unknown, type Fact } from "./fact.ts";
import type { FactNames } from "./names.ts";

/** What an input was bound to: its text (a host's name), and for a list its members. */
export interface BoundText {
  readonly text: string;
  readonly items: readonly string[] | undefined;
}

/** Names every input and host; `here` is the machine that runs the runbook. */
export function nameInputs(
  program: Pick<Program, "needs" | "inventory">,
  {
    values,
    names,
    here,
  }: { readonly values: ReadonlyMap<string, BoundText>; readonly names: FactNames; readonly here: Fact },
): void {
  const { hosts } = program.inventory;
  for (const { name, type } of program.needs) {
    const bound = values.get(name);
    if (isHostType(type))
      names.set(name, hosts.get(bound?.text ?? "")?.here ? here : [known(bound?.text ?? name, true)]);
    else if (bound === undefined) names.set(name, [unknown(`need ${name}`, name, type)]);
    else {
      const members = bound.items?.map((item) => [known(item)]);
      names.set(name, [known(bound.text)], members === undefined ? undefined : { id: bound.text, members });
    }
  }
  for (const host of hosts.values())
    if (names.get(host.name) === undefined) names.set(host.name, host.here ? here : [known(host.name, true)]);
}
