// Whatever is read: nothing throws, everything ends, and every place lies in the file.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatSource } from "../../src/language/format-file.ts";
import { parseFile } from "../../src/language/parse-file.ts";
import { showDiagnostic } from "../../src/text/code-frame.ts";
import { makeSource, type Span } from "../../src/text/source.ts";

const folder = join(import.meta.dirname, "../fixtures/parse");
const runbooks = readdirSync(folder).flatMap((name) =>
  readdirSync(join(folder, name))
    .filter((file) => file.includes(".runbook"))
    .map((file) => readFileSync(join(folder, name, file), "utf8")),
);

const pieces = [
  ...Array.from("\n\n\n  \t\\\"'/#<>{}[]:,=$%\r\u00a0\u2013\u201c\u201d\u2019"),
  '"""',
  "\n  ",
  "\n    ",
  " \\\n",
  "run ",
  "on ",
  "step ",
  "if ",
  "otherwise",
  "expect ",
  "capture ",
  "line ",
  "text ",
  "{a}",
  "<a: word>",
  "phrase ",
  "kind ",
  "dialogue",
  "undo",
  "finally",
  "note ",
  "is ",
  "not ",
  "and ",
  "or ",
  "10.0.0.1.",
  "```runbook\n",
  "## ",
  "already so when ",
  "version from ",
  " with ",
  "host ",
  "needs ",
  "for each ",
  " in ",
  "secret ",
  "from command ",
];
const madeText = fc
  .array(fc.constantFrom(...pieces, "word", "é", "😀"), { maxLength: 60 })
  .map((parts) => parts.join(""));

/** A correct runbook with a few stretches cut, doubled, moved or overwritten. */
const mutated = fc
  .tuple(
    fc.constantFrom(...runbooks),
    fc.array(
      fc.tuple(fc.nat(), fc.nat(40), fc.constantFrom("cut", "double", "write", "unindent"), fc.constantFrom(...pieces)),
      { minLength: 1, maxLength: 5 },
    ),
  )
  .map(([text, changes]) => {
    let out = text;
    for (const [where, length, change, piece] of changes) {
      const at = where % (out.length + 1);
      const cut = out.slice(at, at + length);
      if (change === "cut") out = out.slice(0, at) + out.slice(at + length);
      else if (change === "double") out = out.slice(0, at) + cut + out.slice(at);
      else if (change === "write") out = out.slice(0, at) + piece + out.slice(at);
      else out = out.slice(0, at) + cut.replaceAll(/\n +/g, "\n") + out.slice(at + length);
    }
    return out;
  });

const bytes = fc.uint8Array({ maxLength: 400 }).map((array) => new TextDecoder().decode(array));
const anyText = fc.oneof(madeText, mutated, bytes, fc.string({ unit: "binary", maxLength: 200 }));

/** Every span in a tree or a finding, and those that do not lie in the one around them. */
function outside(value: unknown, within: Span | undefined, found: string[]): void {
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) outside(item, within, found);
    return;
  }
  const span = "span" in value && isSpan(value.span) ? value.span : undefined;
  if (span !== undefined) {
    if (!(span.start >= 0 && span.start <= span.end && span.end <= span.source.text.length))
      found.push(`${span.start}-${span.end}`);
    if (within !== undefined && (span.start < within.start || span.end > within.end))
      found.push(`${span.start}-${span.end} in ${within.start}-${within.end}`);
  }
  // A statement's span is its first line: what is beneath it, and a text that goes on below it, is outside.
  const hasOwnLines =
    "block" in value ||
    "lines" in value ||
    "clauses" in value ||
    "blocks" in value ||
    "branches" in value ||
    "body" in value;
  const isLines = "form" in value && value.form === "lines";
  for (const [key, child] of Object.entries(value)) {
    if (key === "span" || key === "source" || isSpan(child)) continue;
    outside(child, hasOwnLines || isLines ? undefined : (span ?? within), found);
  }
}

function isSpan(value: unknown): value is Span {
  return typeof value === "object" && value !== null && "start" in value && "end" in value && "source" in value;
}

describe.each(["a.runbook", "a.runbook.md"])("any text read as %s", (path) => {
  test("never throws, and every place lies in it", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const { file, diagnostics } = parseFile(makeSource(path, text));
        const found: string[] = [];
        // A text of several lines goes on below the line that it begins in.
        if (!text.includes('"""')) outside([file.declarations, file.statements], undefined, found);
        // A fix may lie beside what it repairs: at the line's end, or in its indentation.
        for (const { span, fixes, notes } of diagnostics) outside([{ span }, fixes, notes], undefined, found);
        expect(found).toEqual([]);
        for (const finding of diagnostics) {
          expect(showDiagnostic(finding)).toContain(finding.code);
          expect(finding.message).not.toMatch(/invalid|illegal|unexpected|undefined|\[object|Expecting/i);
        }
      }),
      { numRuns: 1500 },
    );
  });

  test("is formatted to a text that means the same and stays as it is", () => {
    fc.assert(
      fc.property(fc.oneof(madeText, mutated), (text) => {
        const once = formatSource(makeSource(path, text));
        if (typeof once !== "string") return;
        expect(formatSource(makeSource(path, once))).toBe(once);
        expect(JSON.stringify(tree(path, once))).toBe(JSON.stringify(tree(path, text)));
      }),
      { numRuns: 1500 },
    );
  });
});

test("safe fixes, applied one after another, leave nothing that they were proposed for", () => {
  fc.assert(
    fc.property(mutated, (given) => {
      let text = given.replace(/^\uFEFF/, "");
      // What was within quotes that a fix made straight may itself be damaged: so not one round, but an end.
      for (let round = 0; round < 300; round++) {
        const { diagnostics } = parseFile(makeSource("a.runbook", text));
        const fix = diagnostics.find((one) => one.code === "typography" && one.fixes[0]?.safe === true)?.fixes[0];
        if (fix === undefined) return;
        text = text.slice(0, fix.span.start) + fix.text + text.slice(fix.span.end);
      }
      expect.fail(`no end: ${JSON.stringify(text)}`);
    }),
    { numRuns: 500 },
  );
});

function tree(path: string, text: string): unknown {
  const { file } = parseFile(makeSource(path, text));
  return JSON.parse(
    JSON.stringify([file.declarations, file.statements], (_key, value: unknown) => (isSpan(value) ? "here" : value)),
  );
}
