import { spawnSync } from "node:child_process";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isRefusal, type Piece } from "../../../src/plan/quote/pieces.ts";
import { fillSh, quotedForAnyShell, quoteForSh } from "../../../src/plan/quote/sh.ts";
import { hostileText } from "../../support/hostile-values.ts";

const shells = ["/bin/sh", "dash", "bash", "fish", "zsh", "mksh", "tcsh"].filter(
  (shell) => spawnSync(shell, ["-c", "exit 0"]).status === 0,
);
const runs = { numRuns: 120 };

/** What a shell's command prints. */
function output(shell: string, line: string): string {
  return spawnSync(shell, ["-c", line], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).stdout;
}

function value(text: string, shown = "{name}"): Piece {
  return { type: "value", text, shown, mayBeginWithDash: true };
}

function quoted(text: string): string {
  const quotedText = quoteForSh(text);
  return isRefusal(quotedText) ? "refused" : quotedText;
}

function literal(text: string): Piece {
  return { type: "literal", text };
}

function fill(...pieces: Piece[]): string {
  const filled = fillSh(pieces, "sh");
  return isRefusal(filled) ? `refused: ${filled.reason}` : filled;
}

describe.each(shells)("in %s", (shell) => {
  it.skipIf(shell === "fish" || shell === "tcsh")("a quoted value is one argument, unchanged", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(output(shell, `printf '[%s]' x ${quoted(text)} y`)).toBe(`[x][${text}][y]`);
      }),
      runs,
    );
  });

  it("a script quoted for any login shell reaches sh unchanged", () => {
    fc.assert(
      fc.property(shell === "tcsh" ? hostileText.map((text) => text.replaceAll("\n", "")) : hostileText, (text) => {
        const script = `printf '[%s]' ${quoted(text)}`;
        expect(output(shell, `exec /bin/sh -c ${quotedForAnyShell(script)}`)).toBe(`[${text}]`);
      }),
      runs,
    );
  });

  // zsh ends a line whose own text has a wildcard that matches nothing; it only ever gets lines for sh to read.
  it.skipIf(["fish", "tcsh", "zsh"].includes(shell))(
    "values glued to text and to one another stay in their argument",
    () => {
      const around = fc.constantFrom("", "a", "/CN=", "C:/x/", "x,", "--o=", "~", "2", "{", "}", "@", "=", "%");
      fc.assert(
        fc.property(
          around,
          hostileText,
          fc.constantFrom("", ".pem", "/b", "=z", ",y", "*", "~"),
          hostileText,
          (before, one, between, two) => {
            const line = fill(
              literal(`printf '[%s]' -- x${before}`),
              value(one),
              literal(between),
              value(two),
              literal(" y"),
            );
            expect(output(shell, line.replace(" -- ", " "))).toBe(`[x${before}${one}${between}${two}][y]`);
          },
        ),
        runs,
      );
    },
  );
});

describe("a value in a line for sh", () => {
  it("stays bare where nothing in it means anything", () => {
    expect(fill(literal("systemctl reload "), value("nginx"))).toBe("systemctl reload nginx");
    expect(fill(literal("cat /etc/"), value("a.conf"))).toBe("cat /etc/a.conf");
  });

  it("is quoted where it would be a keyword, an assignment or a file descriptor", () => {
    expect(fill(value("if"), literal(" x"))).toBe("'if' x");
    expect(fill(value("A=b"), literal(" x"))).toBe("'A=b' x");
    expect(fill(literal("echo "), value("2"), literal(">f"))).toBe("echo '2'>f");
    expect(fill(value("PATH"), literal("=f x"))).toBe("'PATH'=f x");
  });

  it.each([
    ['inside "…"', [literal('echo "'), value("a"), literal('"')]],
    ["inside '…'", [literal("echo '"), value("a"), literal("'")]],
    ["after a backslash", [literal("echo C:\\"), value("a")]],
    ["in a comment", [literal("echo a # "), value("b\nid")]],
    ["in backticks", [literal("echo `cat "), value("a"), literal("`")]],
    ["in arithmetic", [literal("echo $((1 + "), value("x[$(id)]"), literal("))")]],
    ["in arithmetic of bash", [literal("(( x = "), value("x[$(id)]"), literal(" ))")]],
    ["after $'…'", [literal("echo $'\\'' "), value("a")]],
    ['in a substitution inside "…" inside its own quotes', [literal('echo "$(cat "'), value("a"), literal('")"')]],
    ['in ${…} inside "…"', [literal('echo "${x:-'), value("a"), literal('}"')]],
  ])("is refused %s", (_where, pieces) => {
    expect(fill(...pieces)).toMatch(/^refused: /);
  });

  it("is fine after quotes, comments' signs in words, and closed substitutions", () => {
    expect(fill(literal(`echo "a 'b" 'c "d' x#y $(id) $((1+(2))) \`id\` "$(echo "x")" `), value("a b"))).toMatch(
      /'a b'$/,
    );
    expect(fill(literal('echo "$(cat '), value("a b"), literal(')"'))).toBe(`echo "$(cat 'a b')"`);
  });

  it("that begins an argument with a dash is refused, unless it may", () => {
    const dash: Piece = { type: "value", text: "-rf", shown: "{name}", mayBeginWithDash: false };
    expect(fill(literal("rm "), dash)).toContain('begin an argument with "-"');
    expect(fill(literal("rm ./"), dash)).toBe("rm ./-rf".replace("-rf", "'-rf'"));
    expect(fill(literal("echo "), { ...dash, text: "-5" })).toBe("echo '-5'");
    expect(fill(literal("rm "), value(""), dash)).toContain("refused");
  });

  it("with a NUL or half a character is refused", () => {
    expect(fill(literal("echo "), value("a\0b"))).toContain("NUL");
    expect(fill(literal("echo "), value("a\ud800"))).toContain("surrogate");
  });

  it("is not calculated inside [[ … ]] of bash", () => {
    const pieces = [literal("[[ "), value("a[$(id)]"), literal(" -eq 1 ]]")];
    expect(isRefusal(fillSh(pieces, "bash"))).toBe(true);
  });
});
