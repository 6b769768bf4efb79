import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isRefusal, type Piece } from "../../../src/plan/quote/pieces.ts";
import { fillSh } from "../../../src/plan/quote/sh.ts";

/** Pieces of lines: whatever may open, close or change how what follows is read. */
const shapes = [
  '"',
  "'",
  "\\",
  "`",
  "$(",
  ")",
  "(",
  "${a:-",
  "${a#",
  "}",
  "$((",
  "((",
  "))",
  "$'",
  "$[",
  "]",
  "[[ ",
  " ]]",
  " -eq ",
  "1",
  " ",
  " ",
  "x",
  "=",
  "#",
  " #",
  ";",
  "&&",
  "|",
  "echo ",
  "case a in a) ",
  ";; esac",
  "~",
  "!",
  "{",
  "<<<",
  "$",
];

/** Values that would write the canary if any part of them were read as a command. */
const write = ': > "$CANARY"';
const attacks = [
  `$(${write})`,
  `\`${write}\``,
  `;${write};`,
  `\n${write}\n`,
  `';${write};'`,
  `";${write};"`,
  `a[$(${write})]`,
  `)${write};`,
  `};${write};`,
  `))${write};`,
  "'",
  '"',
  "\\",
  "`",
  "\n",
  ")",
  "#",
];

describe.each([
  ["/bin/sh", "sh"],
  ["bash", "bash"],
] as const)("whatever stands around it, in %s", (program, shell) => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "ordo-shapes-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("a value is never read as a command", () => {
    const literal = fc
      .array(fc.constantFrom(...shapes), { maxLength: 5 })
      .map((parts): Piece => ({ type: "literal", text: parts.join("") }));
    const value = fc
      .array(fc.constantFrom(...attacks), { minLength: 1, maxLength: 3 })
      .map((parts): Piece => ({ type: "value", text: parts.join(""), shown: "{v}", mayBeginWithDash: true }));
    const line = fc
      .array(fc.tuple(literal, value), { minLength: 1, maxLength: 3 })
      .chain((pairs) => literal.map((last): Piece[] => [{ type: "literal", text: "echo " }, ...pairs.flat(), last]));
    let count = 0;
    fc.assert(
      fc.property(line, (pieces) => {
        const filled = fillSh(pieces, shell);
        if (isRefusal(filled)) return;
        const canary = join(folder, `canary${count++}`);
        spawnSync(program, ["-c", filled], { cwd: folder, env: { CANARY: canary }, stdio: "ignore", timeout: 5000 });
        expect(existsSync(canary), filled).toBe(false);
      }),
      { numRuns: Number(process.env["SHAPES"] ?? 250) },
    );
  });
});
