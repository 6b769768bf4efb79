// Looks through a JSON text for what JSON.parse passes over in silence: keys that stand twice, characters that nobody
// sees, numbers that are not whole. Slow and careful; only lines that are not written plainly come here.
import { escapeUnseen } from "../record-line.ts";
import { shown } from "../shown.ts";

/** Says in a sentence what is loose about the text; undefined when nothing is. */
export function looseness(text: string): string | undefined {
  if (text.startsWith("\ufeff")) return "It begins with a byte order mark.";
  if (text.includes("\r")) return "It holds a carriage return.";
  if (text.includes("\0")) return "It holds a NUL.";
  if (escapeUnseen(text) !== text)
    return "It holds a control, bidi or unseen character that is not written as an escape.";
  // One set of keys for each object that is open; undefined for a list.
  const open: (Set<string> | undefined)[] = [];
  for (const { 0: token, 1: literal, index } of text.matchAll(/"((?:[^"\\]|\\.)*)"|[{}[\]]|-?[0-9][0-9.eE+-]*/g)) {
    if (token === "{") open.push(new Set());
    else if (token === "[") open.push(undefined);
    else if (token === "}" || token === "]") open.pop();
    else if (literal === undefined) {
      if (!/^(?:0|-?[1-9][0-9]{0,15})$/.test(token))
        return `The number ${shown(token, 40)} is not a plain whole number.`;
    } else if (/^\s*:/.test(text.slice(index + token.length, index + token.length + 64))) {
      const key = parsedKey(token);
      const keys = open.at(-1);
      if (keys?.has(key) === true) return `The key "${shown(key)}" stands twice in one object.`;
      keys?.add(key);
    }
    if (open.length > 1000) return "It is nested more than 1000 deep.";
  }
  return undefined;
}

function parsedKey(token: string): string {
  try {
    return String(JSON.parse(token));
  } catch {
    return token;
  }
}
