// What a person signs: a small file that names the seal, the person's part and what the signature means.
import type { Fields } from "../run/record-shape.ts";
import { oneOf, text, type ShapedFields } from "../run/record-shape.ts";
import { looseness } from "./checks/loose-json.ts";
import { escapeUnseen } from "./record-line.ts";
import { readFields } from "./strict.ts";

/** The fields of `signatures/NAME.json`, in the order in which they are written. */
const statementFields = {
  format: oneOf("ordo signature 1"),
  /** SHA-256 of seal.json. */
  seal: text,
  name: text,
  role: text,
  /** "I ran it", "I witnessed it", "I object: …". */
  meaning: text,
  /** UTC; the signer's claim. */
  at: text,
} as const satisfies Fields;

export type Statement = ShapedFields<typeof statementFields>;

/** The bytes that are signed. */
export function statementText(statement: Statement): string {
  return `${escapeUnseen(JSON.stringify(statement, undefined, 2))}\n`;
}

/** Reads a statement strictly; a sentence when it is none. */
export function readStatement(bytes: Uint8Array): Statement | string {
  const json = Buffer.from(bytes).toString();
  const statement = readFields(json, statementFields);
  return typeof statement === "string" ? statement : (looseness(json) ?? statement);
}
