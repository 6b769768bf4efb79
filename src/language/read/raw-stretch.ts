// Commands within lines that aren't `run`: `elevate with COMMAND`, `from command …`, `version from COMMAND with P`.
import type { Cut } from "./tokenise.ts";

const fromCommand = /^(?:secret[ \t]+\S+|(?:sudo[ \t]+)?password)[ \t]+from[ \t]+command[ \t]+/;
const elevateWith = /^elevate[ \t]+with[ \t]+/;
const versionFrom = /^version[ \t]+from[ \t]+/;
const withPattern = /^with[ \t]+(?:(?:line|text)[ \t]+)?(?:"[^"]*"|'[^']*'|\/.*\/|\{[^{}\s]*\})[ \t]*(?:#[ \t].*|#)?$/;

/** Where a line's command stands; undefined in a line that holds none. */
export function rawStretch(text: string): Cut["raw"] {
  const start = fromCommand.exec(text) ?? elevateWith.exec(text);
  if (start !== null) return start[0].length < text.length ? { from: start[0].length, to: text.length } : undefined;
  const version = versionFrom.exec(text);
  if (version === null) return undefined;
  const from = version[0].length;
  if (/^(?:["'{]|(?:line|text)[ \t]+["'/{])/.test(text.slice(from))) return undefined;
  // The pattern follows the last `with`, since a command may hold one of its own.
  for (let at = text.lastIndexOf("with"); at > from; at = text.lastIndexOf("with", at - 1)) {
    const before = text.charAt(at - 1);
    if ((before !== " " && before !== "\t") || !withPattern.test(text.slice(at))) continue;
    let to = at;
    while (to > from && (text.charAt(to - 1) === " " || text.charAt(to - 1) === "\t")) to--;
    return to > from ? { from, to } : undefined;
  }
  return undefined;
}
