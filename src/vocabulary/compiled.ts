// A vocabulary's tree as text, made at build: a start reads the shipped vocabularies without parsing them again.
import type { FileNode } from "../language/tree.ts";
import type { Source, Span } from "../text/source.ts";

/** The tree as JSON. A span is a pair of offsets; the source is not in it. */
export function writeCompiled(file: FileNode): string {
  const { source: _source, ...rest } = file;
  return JSON.stringify(rest, (_key, value: unknown) => (isSpan(value) ? [value.start, value.end] : value));
}

/** The tree of a text that `writeCompiled` made for this source. */
export function readCompiled(text: string, source: Source): FileNode {
  // Made by this program from its own tree: the shape is known.
  return { source, ...(revive(JSON.parse(text), source) as Omit<FileNode, "source">) };
}

function isSpan(value: unknown): value is Span {
  return typeof value === "object" && value !== null && "source" in value && "start" in value && "end" in value;
}

/** No node has a list of two numbers: each pair of them is a span. */
function revive(value: unknown, source: Source): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    const [start, end]: unknown[] = value;
    if (value.length === 2 && typeof start === "number" && typeof end === "number") return { source, start, end };
    return value.map((item: unknown) => revive(item, source));
  }
  const revived: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) revived[key] = revive(item, source);
  return revived;
}
