// Into values: a field by its name, and the text that a secret hides.
import type { Secret } from "../../secrets/secret.ts";
import { holdsSecret, textOfValue } from "../as-value.ts";
import type { Environment, Value } from "../value.ts";

/** `{value.field}`; of a list, the list of that field. Undefined: it has none, or nobody knows it yet. */
export function fieldOf(value: Value, field: string, env: Environment): Value | undefined {
  switch (value.type) {
    case "record":
      return Object.hasOwn(value.fields, field) ? value.fields[field] : undefined;
    case "host": {
      if (field === "name") return { type: "scalar", of: "word", text: value.name };
      const fields = env.hosts.get(value.name);
      const text = fields !== undefined && Object.hasOwn(fields, field) ? fields[field] : undefined;
      if (text === undefined || text === "") return undefined;
      return {
        type: "scalar",
        of: field === "address" ? "address" : field === "port" ? "number" : "word",
        text,
        ...(field === "port" ? { number: Number(text) } : {}),
      };
    }
    case "list": {
      const items = value.items.map((item) => fieldOf(item, field, env));
      return items.some((item) => item === undefined)
        ? undefined
        : { type: "list", items: items.filter((item) => item !== undefined) };
    }
    case "scalar":
    case "secret":
      return undefined;
  }
}

/** A value's text with the secrets in it revealed, each of which is added to `secrets`: only for a new secret, and for comparing. */
export function revealed(value: Value, secrets: Secret[]): string {
  if (!holdsSecret(value)) return textOfValue(value);
  if (value.type === "secret") {
    secrets.push(value.secret);
    return value.secret.reveal();
  }
  if (value.type === "list") return value.items.map((item) => revealed(item, secrets)).join(", ");
  if (value.type === "record")
    return Object.entries(value.fields)
      .map(([name, field]) => `${name}: ${revealed(field, secrets)}`)
      .join(", ");
  return textOfValue(value);
}
