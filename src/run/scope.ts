// What names stand for while the run goes on: a scope for the file, one for each phrase's body, one for each round of a loop.
import type { Environment, Value } from "../plan/value.ts";
import type { Json } from "./record-shape.ts";

export class Scope implements Environment {
  readonly values: Map<string, Value>;
  readonly hosts: Environment["hosts"];

  constructor(values: Iterable<readonly [string, Value]>, hosts: Environment["hosts"]) {
    this.values = new Map(values);
    this.hosts = hosts;
  }

  /** A scope of its own that sees what is bound here by now: names are bound once, so nothing seen can change. */
  inner(more: Iterable<readonly [string, Value]> = []): Scope {
    return new Scope([...this.values, ...more], this.hosts);
  }

  /** A phrase's body sees its slots and nothing else of the caller's. */
  body(slots: Iterable<readonly [string, Value]>): Scope {
    return new Scope(slots, this.hosts);
  }

  bind(name: string, value: Value): void {
    this.values.set(name, value);
  }

  unbind(name: string): void {
    this.values.delete(name);
  }
}

/** A value as records show it: secrets by name, lists and records as JSON. */
export function shownValue(value: Value): Json {
  switch (value.type) {
    case "scalar":
      return value.text;
    case "secret":
      return `[secret ${value.secret.name}]`;
    case "host":
      return value.name;
    case "list":
      return value.items.map(shownValue);
    case "record":
      return Object.fromEntries(Object.entries(value.fields).map(([name, field]) => [name, shownValue(field)]));
  }
}
