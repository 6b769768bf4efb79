// What the right side of `let`, `with` and a condition is.
import type { ListNode, ReadingNode, ValueNode } from "../../language/tree.ts";
import { unknownReading } from "../findings/unknown-reading.ts";
import { fits, textType, wordType } from "../../vocabulary/types.ts";
import type { Type } from "../../vocabulary/vocabulary.ts";
import { wrongType } from "../findings/wrong-type.ts";
import { readText, type ReadText, type SecretUse } from "./read-text.ts";
import type { Walk } from "./walk.ts";

const date: Type = { type: "scalar", name: "date" };
const duration: Type = { type: "scalar", name: "duration" };

/** What each reading of a file gives. */
export const readings: Readonly<Record<string, Type>> = {
  sha256: wordType,
  certificate: {
    type: "record",
    fields: {
      subject: textType,
      issuer: textType,
      serial: wordType,
      not_before: date,
      not_after: date,
      remaining: duration,
      sha256: wordType,
      sha1: wordType,
      md5: wordType,
    },
  },
};

/** Reads a word, string, list or reading, and says what is wrong in it. */
export function readValue(node: ValueNode, walk: Walk, secrets: SecretUse = "shown"): ReadText {
  switch (node.type) {
    case "text":
      return readText(node, walk, secrets);
    case "list":
      return readList(node, walk);
    case "reading":
      return readReading(node, walk);
  }
}

function readList(node: ListNode, walk: Walk): ReadText {
  let of: Type | undefined;
  let literal = true;
  for (const item of node.items) {
    const read = readText(item, walk);
    if (!read.literal) literal = false;
    if (read.type === undefined) continue;
    if (read.type.type === "list" || read.type.type === "group" || read.type.type === "record") {
      walk.report(wrongType(item.span, read.type, { type: wordType, place: "a member of a list" }));
      continue;
    }
    if (of === undefined || fits(of, read.type) === "yes") of = read.type;
    else if (fits(read.type, of) !== "yes") of = textType;
  }
  return { type: { type: "list", of: of ?? wordType }, known: undefined, literal: literal && node.items.length === 0 };
}

function readReading(node: ReadingNode, walk: Walk): ReadText {
  const file = readText(node.file, walk);
  if (file.type?.type === "list" || file.type?.type === "record")
    walk.report(wrongType(node.file.span, file.type, { type: { type: "scalar", name: "path" }, place: "a reading" }));
  const type = Object.hasOwn(readings, node.reading.text) ? readings[node.reading.text] : undefined;
  if (type === undefined) {
    walk.report(unknownReading(node.reading, Object.keys(readings)));
  }
  return { type, known: undefined, literal: false };
}
