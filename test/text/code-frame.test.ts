import { describe, expect, it } from "vitest";
import { showDiagnostic } from "../../src/text/code-frame.ts";
import { error } from "../../src/text/diagnostic.ts";
import { makeSource } from "../../src/text/source.ts";

describe("a finding on the screen", () => {
  it("has its code and place, the line with carets, the sentences, notes and fixes", () => {
    const source = makeSource("exchange.runbook", "use luna\n  registre client supreme\n");
    const span = { source, start: 11, end: 19 };
    const shown = showDiagnostic(
      error("unknown-phrase", span, 'No phrase begins with "registre".', {
        notes: [{ message: "The vocabulary is named here.", span: { source, start: 0, end: 3 } }],
        fixes: [{ span, text: "register", safe: false }],
      }),
    );
    expect(shown).toBe(
      [
        "error unknown-phrase  exchange.runbook:2:3",
        "  2 |   registre client supreme",
        "    |   ^^^^^^^^",
        '  No phrase begins with "registre".',
        "  note: The vocabulary is named here. (exchange.runbook:1)",
        "  fix: register",
      ].join("\n"),
    );
  });

  it("never lets a file speak to the terminal", () => {
    const source = makeSource("a.runbook", "run \u001b]0;owned\u0007 \u202etxt\n");
    const shown = showDiagnostic(error("syntax", { source, start: 4, end: 9 }, "It says \u001b[2J."));
    // oxlint-disable-next-line no-control-regex -- control characters are what this is about
    expect(shown.replaceAll("\n", "")).not.toMatch(/[\u0000-\u001f\u202e]/);
  });

  it("shows a window of a line that is too long for a screen", () => {
    const source = makeSource("a.runbook", `run ${"x".repeat(1_000_000)}!\n`);
    const at = source.text.indexOf("!");
    const shown = showDiagnostic(error("syntax", { source, start: at, end: at + 1 }, "Here."));
    expect(shown.length).toBeLessThan(500);
    expect(shown.split("\n")[1]?.endsWith("!")).toBe(true);
  });
});
