// Values of a run: what names stand for. Plain data, but for a secret.
import type { Secret } from "../secrets/secret.ts";
import type { ScalarName } from "../vocabulary/vocabulary.ts";

export type Value =
  /** `number` is what it counts as in comparisons: the number itself, milliseconds, bytes, or days since 1970-01-01. */
  | { readonly type: "scalar"; readonly of: ScalarName; readonly text: string; readonly number?: number }
  | { readonly type: "secret"; readonly secret: Secret }
  | { readonly type: "host"; readonly name: string }
  | { readonly type: "list"; readonly items: readonly Value[] }
  | { readonly type: "record"; readonly fields: Readonly<Record<string, Value>> };

/** What names stand for at one place of a run; a phrase's body has one of its own. */
export interface Environment {
  readonly values: ReadonlyMap<string, Value>;
  /** Fields of hosts, for `{hsm.address}`: address, port, user, kind, version, name. */
  readonly hosts: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** Names that stand for nothing yet: the number of the step that gives them, or `then`. A name in neither map counts as `then`. */
  readonly unknown?: ReadonlyMap<string, number | "then">;
}

/** A value, or why it isn't known yet: by a step (its number), or only at run time (`then`). */
export type Known<T> =
  | { readonly type: "known"; readonly value: T }
  | { readonly type: "unknown"; readonly until: number | "then" };
