// Making values: from texts by their types, and texts from values.
import { listItems, readAs } from "../vocabulary/types.ts";
import type { ScalarName, Type } from "../vocabulary/vocabulary.ts";
import { Secret } from "../secrets/secret.ts";
import type { Value } from "./value.ts";

/** A value, or one sentence that says why the text can't be one of this type. */
export type Made = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly problem: string };

/** A scalar that is known to be of its type; its number is filled in where the type has one. */
export function scalar(of: ScalarName, text: string): Value {
  const read = readAs({ type: "scalar", name: of }, text);
  return { type: "scalar", of, text, ...(read.ok && read.number !== undefined ? { number: read.number } : {}) };
}

/** Reads a text as a value of a type: an input, an answer, what a hole found. A secret is named `name`. */
export function valueOf(type: Type, text: string, name = "value"): Made {
  const read = readAs(type, text);
  if (!read.ok) return read;
  switch (type.type) {
    case "scalar":
      return {
        ok: true,
        value: {
          type: "scalar",
          of: type.name,
          text: read.text,
          ...(read.number === undefined ? {} : { number: read.number }),
        },
      };
    case "secret":
      return { ok: true, value: { type: "secret", secret: new Secret(name, text) } };
    case "host":
      return { ok: true, value: { type: "host", name: text } };
    case "list":
    case "group": {
      const of: Type = type.type === "list" ? type.of : { type: "host", kinds: type.kinds };
      const items: Value[] = [];
      for (const item of listItems(text)) {
        const made = valueOf(of, item, name);
        if (!made.ok) return made;
        items.push(made.value);
      }
      return { ok: true, value: { type: "list", items } };
    }
    case "record":
      return { ok: false, problem: `"${text}" is one text, and a record is needed.` };
  }
}

/** The value as one of another type: a wider value fills a narrower slot if it turns out to be one. */
export function convertValue(value: Value, type: Type): Made {
  switch (value.type) {
    case "scalar":
      return value.of === "text" && type.type === "scalar" && type.name === "text"
        ? { ok: true, value }
        : valueOf(type, value.text);
    case "secret":
      return type.type === "secret"
        ? { ok: true, value }
        : { ok: false, problem: `${textOfValue(value)} is a secret, and stands only where a secret may.` };
    case "host":
      return type.type === "host"
        ? { ok: true, value }
        : type.type === "scalar"
          ? valueOf(type, value.name)
          : { ok: false, problem: `${value.name} is a host.` };
    case "list": {
      if (type.type !== "list" && type.type !== "group")
        return { ok: false, problem: `"${textOfValue(value)}" is a list, and one value is needed.` };
      const of: Type = type.type === "list" ? type.of : { type: "host", kinds: type.kinds };
      const items: Value[] = [];
      for (const item of value.items) {
        const made = convertValue(item, of);
        if (!made.ok) return made;
        items.push(made.value);
      }
      return { ok: true, value: { type: "list", items } };
    }
    case "record":
      return type.type === "record"
        ? { ok: true, value }
        : {
            ok: false,
            problem: `A record (${Object.keys(value.fields).join(", ")}) stands where one value is needed: say which field, as in {name.field}.`,
          };
  }
}

/** A value as people read it and as it stands in a text; a secret by its name. */
export function textOfValue(value: Value): string {
  switch (value.type) {
    case "scalar":
      return value.text;
    case "secret":
      return value.secret.toString();
    case "host":
      return value.name;
    case "list":
      return value.items.map(textOfValue).join(", ");
    case "record":
      return Object.entries(value.fields)
        .map(([name, field]) => `${name}: ${textOfValue(field)}`)
        .join(", ");
  }
}

/** Whether a value is a secret or holds one. */
export function holdsSecret(value: Value): boolean {
  switch (value.type) {
    case "secret":
      return true;
    case "list":
      return value.items.some(holdsSecret);
    case "record":
      return Object.values(value.fields).some(holdsSecret);
    case "scalar":
    case "host":
      return false;
  }
}
