import { execFileSync, spawnSync } from "node:child_process";

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { Redactor } from "../../src/secrets/redactor.ts";
import { formsOf } from "../../src/secrets/forms.ts";
import { Secret } from "../../src/secrets/secret.ts";

const nasty = [
  "pa'ss\"w$rd",
  "a\\b'c!d",
  "50% of `x` & <y>",
  "p\u00e4ss w\u00f6rd",
  "\ud83d\ude00key\ud83d\ude00",
  "aaaa",
  "abababab",
  "line one of it\nline two of it\n",
  "tab\tand\\n",
  "^caret^|&%PATH%",
  "x".repeat(300),
  "-----BEGIN K-----\nMIIEvQIBADANBgkqhkiG9w0\n-----END K-----\n",
];

function redactorOf(...values: string[]): Redactor {
  return new Redactor(values.map((value, i) => new Secret(`s${i}`, value)));
}

function inPieces(redactor: Redactor, pieces: readonly string[]): { text: string; redacted: number } {
  const stream = redactor.stream();
  const given = [...pieces.map((piece) => stream.push(piece)), stream.end()];
  return {
    text: given.map(({ text }) => text).join(""),
    redacted: given.reduce((sum, { redacted }) => sum + redacted, 0),
  };
}

describe("the redactor", () => {
  it.each(nasty)("replaces every form of %j, split at every place", (value) => {
    const redactor = redactorOf(value);
    for (const { text: form } of formsOf(value)) {
      const text = `before ${form} after`;
      const whole = redactor.redact(text);
      expect(whole.text).not.toContain(form);
      expect(whole.text).toContain("[secret s0]");
      const step = Math.max(1, Math.floor(text.length / 60));
      for (let at = 0; at <= text.length; at += step) {
        expect(inPieces(redactor, [text.slice(0, at), text.slice(at)])).toEqual(whole);
      }
    }
  });

  it("gives the same for any pieces as for the whole, and leaves no value in it", () => {
    const value = fc.string({
      minLength: 4,
      maxLength: 12,
      unit: fc.constantFrom("a", "b", "'", "\\", '"', "$", "\n", "\u00e4", "1"),
    });
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 3 }),
        fc.array(fc.oneof(fc.nat(2), fc.string({ unit: fc.constantFrom("a", "b", "'", "\\", "x", "1") })), {
          maxLength: 8,
        }),
        fc.array(fc.nat(6)),
        (values, parts, cuts) => {
          const redactor = redactorOf(...values);
          const text = parts
            .map((part) => (typeof part === "string" ? part : (values[part % values.length] ?? "")))
            .join("");
          const pieces: string[] = [];
          let from = 0;
          for (const cut of cuts) {
            pieces.push(text.slice(from, from + cut));
            from += cut;
          }
          pieces.push(text.slice(from));
          const whole = redactor.redact(text);
          expect(inPieces(redactor, pieces)).toEqual(whole);
          // What is left between the replacements holds no value that could be replaced anywhere.
          for (const between of whole.text.split(/\[secret s\d\]/)) {
            for (const secret of values) if (!/^[0-9]+$/.test(secret)) expect(between.includes(secret)).toBe(false);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it("finds a value in Base64 of longer data, wherever it begins, in UTF-8 and UTF-16LE", () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 5, maxLength: 30, unit: "grapheme" }),
        fc.string(),
        fc.string(),
        fc.constantFrom("utf8" as const, "utf16le" as const),
        (value, before, after, encoding) => {
          fc.pre(!/^[0-9]+$/.test(value) && !value.includes("\0"));
          for (const alphabet of ["base64", "base64url"] as const) {
            const encoded = Buffer.from(before + value + after, encoding).toString(alphabet);
            expect(redactorOf(value).redact(encoded).redacted).toBeGreaterThan(0);
          }
        },
      ),
    );
  });

  it("holds back only what may be the beginning of a secret", () => {
    const stream = redactorOf("password").stream();
    expect(stream.push("what is the pass").text).toBe("what is the ");
    expect(stream.push("age?").text).toBe("passage?");
    expect(stream.push("xpassword").text).toBe("x[secret s0]");
  });

  it("does not hold an endless run of a secret in memory, and writes it once", () => {
    const stream = redactorOf("aaaa").stream();
    let text = "";
    for (let i = 0; i < 1000; i++) text += stream.push("a".repeat(100)).text;
    expect(text + stream.end().text).toBe("[secret s0]");
  });

  it("names the longer of two secrets that begin alike", () => {
    expect(redactorOf("secret", "secretary").text("a secretary, a secret.")).toBe("a [secret s1], a [secret s0].");
  });

  it("replaces a short value, or one of digits, only where it stands alone", () => {
    const redactor = redactorOf("abc", "1234");
    expect(redactor.text("abc xabc abcx (abc) 1234 12345 a1234 =1234;")).toBe(
      "[secret s0] xabc abcx ([secret s0]) [secret s1] 12345 a1234 =[secret s1];",
    );
    expect(inPieces(redactor, ["12", "34", "5 12", "34"]).text).toBe("12345 [secret s1]");
    expect(redactor.text("YWJj and YWJjZA")).toBe("[secret s0] and YWJjZA");
  });

  it("knows a secret from the moment it is added, also in an open stream", () => {
    const redactor = new Redactor();
    const stream = redactor.stream();
    expect(stream.push("hunter22 ")).toEqual({ text: "hunter22 ", redacted: 0 });
    redactor.add(new Secret("late", "hunter22"));
    expect(stream.push("hunter22 ")).toEqual({ text: "[secret late] ", redacted: 1 });
    expect(stream.push("hun").text).toBe("");
    redactor.add(new Secret("later", "xunter"));
    expect(stream.push("ter22").text + stream.end().text).toBe("[secret late]");
  });

  it("passes everything through when there is no secret, or an empty one", () => {
    expect(new Redactor().redact("anything")).toEqual({ text: "anything", redacted: 0 });
    expect(redactorOf("").redact("anything")).toEqual({ text: "anything", redacted: 0 });
  });

  it("finds a secret in a file's bytes, in UTF-8 and UTF-16LE, split anywhere", () => {
    const redactor = redactorOf("p\u00e4ssword1");
    expect(redactor.finds(Buffer.from("nothing"))).toBeUndefined();
    expect(redactor.finds(Buffer.concat([Buffer.from([0, 255, 7]), Buffer.from("p\u00e4ssword1")]))).toEqual({
      secret: "s0",
      form: "raw",
      offset: 3,
    });
    const wide = Buffer.from("\ufeffp\u00e4ssword1", "utf16le");
    for (let at = 0; at <= wide.length; at++) {
      const finder = redactor.finder();
      expect(finder.push(wide.subarray(0, at)) ?? finder.push(wide.subarray(at)) ?? finder.end()).toMatchObject({
        secret: "s0",
        offset: 2,
      });
    }
  });

  it("knows how real shells and jq write it", () => {
    for (const value of nasty.filter((text) => !text.includes("\n") && !text.includes("\t"))) {
      const redactor = redactorOf(value);
      const shown = [
        execFileSync("bash", ["-c", 'printf "%q" "$1"', "-", value], { encoding: "utf8" }),
        spawnSync("bash", ["-c", 'set -x; : "$1"', "-", value], { encoding: "utf8" }).stderr,
        execFileSync("jq", ["-nc", "--arg", "v", value, "[$v]"], { encoding: "utf8" }),
        execFileSync("jq", ["-nca", "--arg", "v", value, "[$v]"], { encoding: "utf8" }),
        execFileSync("jq", ["-nr", "--arg", "v", value, "$v | @base64, @uri, @html, @sh"], { encoding: "utf8" }),
      ];
      for (const text of shown) expect(redactor.redact(text).redacted, text).toBeGreaterThanOrEqual(1);
    }
  });

  it("finds a long value in the folded output of base64 and openssl", () => {
    const value = "a long token, ".repeat(12);
    for (const [command, ...args] of [["base64"], ["openssl", "base64"], ["base64", "-w", "64"]]) {
      for (const input of [value, `${value}\n`]) {
        const folded = execFileSync(command ?? "", args, { input, encoding: "utf8" });
        const shown = redactorOf(value).text(folded);
        expect(shown).toMatch(/^\[secret s0\]/);
        expect(shown.length).toBeLessThan(20);
      }
    }
  });

  it("takes a long key of many lines in its stride", () => {
    const key = Array.from({ length: 60 }, (_, i) => `${i}`.padStart(4, "k").repeat(16)).join("\n");
    const redactor = redactorOf(key, "otherpassword");
    expect(redactor.text(`x ${key.replaceAll("\n", "\r\n")} y`)).toBe("x [secret s0] y");
    const long = "no secret in here, only words and 'quotes'\n".repeat(50_000);
    expect(redactor.text(long)).toBe(long);
  });
});
