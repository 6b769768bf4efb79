// A small language for the shapes of records: one table gives the TypeScript types, the strict reader and the JSON schema.

export type Shape =
  | { readonly type: "text" }
  | { readonly type: "integer" }
  | { readonly type: "boolean" }
  | { readonly type: "one-of"; readonly values: readonly string[] }
  | { readonly type: "list"; readonly of: Shape }
  | { readonly type: "object"; readonly fields: Fields }
  | { readonly type: "map"; readonly of: Shape }
  | { readonly type: "json" };

/** A field that may be left out. */
export interface Optional<S extends Shape = Shape> {
  readonly type: "optional";
  readonly of: S;
}

export type Fields = Readonly<Record<string, Shape | Optional>>;

export const text = { type: "text" } as const;
export const integer = { type: "integer" } as const;
export const boolean = { type: "boolean" } as const;
/** Any JSON value made of texts, integers, booleans, lists and objects. */
export const json = { type: "json" } as const;

export function oneOf<const V extends readonly string[]>(
  ...values: V
): { readonly type: "one-of"; readonly values: V } {
  return { type: "one-of", values };
}
export function list<const S extends Shape>(of: S): { readonly type: "list"; readonly of: S } {
  return { type: "list", of };
}
export function object<const F extends Fields>(fields: F): { readonly type: "object"; readonly fields: F } {
  return { type: "object", fields };
}
export function map<const S extends Shape>(of: S): { readonly type: "map"; readonly of: S } {
  return { type: "map", of };
}
export function optional<const S extends Shape>(of: S): { readonly type: "optional"; readonly of: S } {
  return { type: "optional", of };
}

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** The TypeScript type of a shape. */
export type Shaped<S> = S extends { readonly type: "text" }
  ? string
  : S extends { readonly type: "integer" }
    ? number
    : S extends { readonly type: "boolean" }
      ? boolean
      : S extends { readonly type: "one-of"; readonly values: readonly (infer V)[] }
        ? V
        : S extends { readonly type: "list"; readonly of: infer E }
          ? readonly Shaped<E>[]
          : S extends { readonly type: "object"; readonly fields: infer F }
            ? ShapedFields<F>
            : S extends { readonly type: "map"; readonly of: infer E }
              ? { readonly [key: string]: Shaped<E> }
              : Json;

/** The TypeScript type of a set of fields: optional ones may be missing, never undefined. */
export type ShapedFields<F> = {
  readonly [K in keyof F as F[K] extends { readonly type: "optional" } ? never : K]: Shaped<F[K]>;
} & {
  readonly [K in keyof F as F[K] extends { readonly type: "optional" } ? K : never]?: F[K] extends {
    readonly of: infer S;
  }
    ? Shaped<S>
    : never;
};
