// Every text of an event is redacted, by the table of records: words of the format itself ("done", "out") are left alone,
// so that a secret which is such a word can't make a record unreadable.
import { commonFields, recordTable, type EventType, type RunEvent } from "../record-table.ts";
import type { Fields, Optional, Shape } from "../record-shape.ts";

/** The same event, each free text in it passed through `redact`. The text of `output` is not: it was redacted as a stream. */
export function redactEvent(event: RunEvent, redact: (text: string) => string): RunEvent {
  const fields = fieldsOf(event.type);
  const out: Record<string, unknown> = { type: event.type };
  for (const [key, value] of Object.entries(event)) {
    const shape = fields[key];
    if (value === undefined || shape === undefined) continue;
    out[key] =
      event.type === "output" && (key === "text" || key === "base64") ? value : redactShaped(shape, value, redact);
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same fields, each text replaced by a text
  return out as RunEvent;
}

const known = new Map<EventType, Fields>();

function fieldsOf(type: EventType): Fields {
  const fields = known.get(type) ?? { ...recordTable[type], ...commonFields };
  known.set(type, fields);
  return fields;
}

function redactShaped(shape: Shape | Optional, value: unknown, redact: (text: string) => string): unknown {
  switch (shape.type) {
    case "one-of":
    case "integer":
    case "boolean":
      return value;
    case "optional":
      return redactShaped(shape.of, value, redact);
    case "object": {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the table says that it is an object
      const given = Object.entries(value as Readonly<Record<string, unknown>>);
      return Object.fromEntries(
        given.flatMap(([key, inner]) => {
          const field = shape.fields[key];
          return field === undefined || inner === undefined ? [] : [[key, redactShaped(field, inner, redact)]];
        }),
      );
    }
    case "text":
    case "list":
    case "map":
    case "json":
      return redactAll(value, redact);
  }
}

function redactAll(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === "string") return redact(value);
  if (Array.isArray(value)) return value.map((item) => redactAll(item, redact));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [redact(key), redactAll(inner, redact)]));
}
