// The names that stand for something at one place of a file: bound once, and ended with the block that bounds them.
// One table with a trail of what was bound, so that leaving a block costs what was bound in it and nothing is copied.
import type { Span } from "../../text/source.ts";
import type { Type } from "../../vocabulary/vocabulary.ts";

export type Origin = "need" | "secret" | "host" | "group" | "let" | "capture" | "ask" | "loop" | "slot";

export interface Binding {
  readonly name: string;
  readonly type: Type;
  readonly origin: Origin;
  /** Where it was bound; undefined for `{host}` in a phrase's body. */
  readonly span: Span | undefined;
  /** Its text, where the file says it: `let port = 8443`. */
  readonly known: string | undefined;
  /** Its line has a finding, so its type is nobody's guess: nothing is said of what it is used for. */
  readonly unsure?: boolean;
  /** Every use sets this: an unused name is a finding. */
  used: boolean;
  /** The bindings of an `if`'s branches that this one goes on from. */
  readonly from: readonly Binding[];
}

/** Why a name that was bound is no longer. */
export interface Ended {
  readonly binding: Binding;
  readonly with: "loop" | "branch" | "may-fail" | "step" | "brackets";
}

export interface Scope {
  readonly find: (name: string) => Binding | undefined;
  /** How a name that is not bound here was bound before. */
  readonly ended: (name: string) => Ended | undefined;
  /** Binds a name; where it is bound already, nothing changes and the earlier binding comes back. */
  readonly bind: (binding: Binding) => Binding | undefined;
  readonly mark: () => number;
  /** Ends what was bound since the mark, and gives it back, first bound first. */
  readonly release: (mark: number, how: Ended["with"]) => readonly Binding[];
  /** Ends the secrets that were captured, and gives them back. */
  readonly endSecrets: () => readonly Binding[];
  readonly names: () => Iterable<string>;
  readonly all: () => Iterable<Binding>;
}

/** An empty scope. */
export function makeScope(): Scope {
  const bound = new Map<string, Binding>();
  const ended = new Map<string, Ended>();
  const trail: Binding[] = [];
  let captured: Binding[] = [];
  return {
    find: (name) => bound.get(name),
    ended: (name) => ended.get(name),
    bind: (binding) => {
      const earlier = bound.get(binding.name);
      if (earlier !== undefined) return earlier;
      bound.set(binding.name, binding);
      trail.push(binding);
      if (binding.origin === "capture" && binding.type.type === "secret") captured.push(binding);
      return undefined;
    },
    mark: () => trail.length,
    release: (mark, how) => {
      const gone = trail.splice(mark);
      for (const binding of gone) {
        if (bound.get(binding.name) === binding) bound.delete(binding.name);
        ended.set(binding.name, { binding, with: how });
      }
      return gone;
    },
    endSecrets: () => {
      const gone = captured.filter((binding) => bound.get(binding.name) === binding);
      for (const binding of gone) {
        bound.delete(binding.name);
        ended.set(binding.name, { binding, with: "step" });
      }
      captured = [];
      return gone;
    },
    names: () => bound.keys(),
    all: () => bound.values(),
  };
}

/** Says that a binding was used, and with it those that it goes on from. */
export function use(binding: Binding): void {
  if (binding.used) return;
  binding.used = true;
  for (const earlier of binding.from) use(earlier);
}
