// The forms in which a secret's value can come back: as it is, as shells and programs quote it, and encoded.
import { Buffer } from "node:buffer";

import { base64Forms, wholeBase64 } from "./forms/base64.ts";
import { quotedForms } from "./forms/quoted.ts";

/** One text that must not be seen. */
export interface Form {
  readonly text: string;
  /** What it is, for a message: `raw`, `quoted`, `JSON`, `Base64`, `hex`… */
  readonly form: string;
  /** Replaced only where no letter, digit or underscore touches it. */
  readonly alone: boolean;
}

/** A value so short, or of digits only, that it is replaced only where it stands alone: `run` warns of it. */
export function isWeak(value: string): boolean {
  return value.length < 4 || /^[0-9]+$/.test(value);
}

/** All forms of a value, none twice. An empty value has none: it would be everywhere. */
export function formsOf(value: string): Form[] {
  const forms = new Map<string, Form>();
  const weak = isWeak(value);
  const add = (form: string, text: string, alone = weak): void => {
    const known = forms.get(text);
    if (text !== "" && (known === undefined || (known.alone && !alone))) forms.set(text, { text, form, alone });
  };
  for (const text of linesOf(value)) {
    add("raw", text);
    for (const quoted of quotedForms(text)) add("quoted", quoted);
    for (const escaped of escapedForms(text)) add("escaped", escaped);
  }
  for (const bytes of value === "" ? [] : [Buffer.from(value), Buffer.from(value, "utf16le")]) {
    // Three bytes encoded are four letters, which any text may hold: then only where they stand alone.
    if (weak) for (const text of wholeBase64(bytes)) add("Base64", text, true);
    else for (const text of base64Forms(bytes)) add("Base64", text, false);
    if (bytes.length >= 4)
      for (const hex of [bytes.toString("hex"), bytes.toString("hex").toUpperCase()]) add("hex", hex, weak);
  }
  return [...forms.values()];
}

/** The value with its line ends as each system writes them, and for a long one of several lines each line of its own. */
function linesOf(value: string): Set<string> {
  const unix = value.replaceAll(/\r\n?/g, "\n");
  const texts = new Set([value, unix, unix.replaceAll("\n", "\r\n"), unix.replaceAll("\n", "\r")]);
  for (const text of Array.from(texts)) texts.add(text.replace(/[\r\n]+$/, ""));
  if (unix.includes("\n")) {
    // A program may print a key line by line. Short lines and a key's first and last line say nothing of it.
    for (const line of unix.split("\n"))
      if (line.trim().length >= 12 && !line.startsWith("-----")) texts.add(line.trim());
  }
  texts.delete("");
  return texts;
}

function escapedForms(text: string): string[] {
  const json = JSON.stringify(text).slice(1, -1);
  const ascii = json.replaceAll(/[\u0080-\uffff]/g, asUnicodeEscape);
  // PowerShell's ConvertTo-Json, Go and .NET also escape what HTML gives a meaning.
  const html = ascii.replaceAll(/[<>&']/g, asUnicodeEscape);
  const markup = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return [
    json,
    json.replaceAll("/", "\\/"),
    ascii,
    html,
    upperEscapes(ascii),
    upperEscapes(html),
    markup,
    markup.replaceAll('"', "&quot;"),
    markup.replaceAll('"', "&quot;").replaceAll("'", "&#39;"),
    markup.replaceAll('"', "&#34;").replaceAll("'", "&#x27;"),
    ...urlForms(text),
  ];
}

function asUnicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function upperEscapes(escaped: string): string {
  return escaped.replaceAll(/\\u[0-9a-f]{4}/g, (unit) => `\\u${unit.slice(2).toUpperCase()}`);
}

function urlForms(text: string): string[] {
  const bytes = Buffer.from(text);
  const encode = (bare: RegExp, blank: string): string =>
    [...bytes]
      .map((byte) =>
        byte === 0x20
          ? blank
          : bare.test(String.fromCharCode(byte))
            ? String.fromCharCode(byte)
            : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`,
      )
      .join("");
  const upper = [
    encode(/[A-Za-z0-9_.!~*'()-]/, "%20"),
    encode(/[A-Za-z0-9_.~-]/, "%20"),
    encode(/[A-Za-z0-9_.*-]/, "+"),
    encode(/[A-Za-z0-9_.~/-]/, "%20"),
  ];
  return [...upper, ...upper.map((encoded) => encoded.replaceAll(/%[0-9A-F]{2}/g, (unit) => unit.toLowerCase()))];
}
