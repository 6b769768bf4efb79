// A value as shells write it: what `set -x`, `printf %q`, a prompt's echo or a command line may show of it.

/** The inner text of each way to quote, without the outer quotes; those that change nothing are the value itself. */
export function quotedForms(value: string): string[] {
  const c = ansiC(value);
  return [
    // sh: '…' with '\'' or '"'"' for a quote, and with \' \\ \! lifted out as fish and csh need it.
    value.replaceAll("'", String.raw`'\''`),
    value.replaceAll("'", `'"'"'`),
    value.replaceAll(/[\\'!]/g, String.raw`'\$&'`),
    lifted(value),
    // sh: "…", with ! for csh and bash, and words with a backslash before each special character (printf %q, zsh, fish).
    value.replaceAll(/[\\"$`]/g, String.raw`\$&`),
    value.replaceAll(/[\\"$`!]/g, String.raw`\$&`),
    value.replaceAll(/[^A-Za-z0-9_./:=@%+,-]/g, String.raw`\$&`),
    value.replaceAll(/[^A-Za-z0-9_./:=@%+,^~-]/g, String.raw`\$&`),
    value.replaceAll(/[^A-Za-z0-9_]/g, String.raw`\$&`),
    value.replaceAll(/[\s\\"'`$&|;<>()*?[\]{}#!]/g, String.raw`\$&`),
    // bash: $'…'
    c,
    c.replaceAll("'", String.raw`\'`),
    // PowerShell: '…' with doubled quotes (the typographic ones are quotes too), "…" with the backtick.
    value.replaceAll("'", "''"),
    value.replaceAll(/['\u2018\u2019\u201a\u201b]/g, "$&$&"),
    value.replaceAll(/["$`]/g, "`$&"),
    value.replaceAll('"', '""'),
    // Windows programs' arguments, and the same through cmd with carets.
    ...windowsForms(value),
  ];
}

/** Plain runs in quotes, each special character by itself with a backslash: as a wrapper for any login shell writes it. */
function lifted(value: string): string {
  return value
    .replaceAll(/[^\\'!]+|[\\'!]/g, (run) => (/^[\\'!]$/.test(run) ? `\\${run}` : `'${run}'`))
    .replaceAll(/^'|'$/g, "");
}

function windowsForms(value: string): string[] {
  const crt = value.replaceAll(/(\\*)"/g, String.raw`$1$1\"`);
  const closed = crt.replace(/(\\+)$/, "$1$1");
  const doubled = [crt, closed, value.replaceAll("%", "%%"), crt.replaceAll("%", "%%")];
  return [...doubled, ...[value, closed].flatMap(caretedForms)];
}

function caretedForms(text: string): string[] {
  const careted = (percent: string): string =>
    text.replaceAll(/[^A-Za-z0-9_./:\\-]/gu, (found) => (found === "%" ? percent : `^${found}`));
  return [
    careted("%%cd:~,%"),
    careted("^%"),
    text.replaceAll(/[\^&|<>()%!"]/g, "^$&"),
    text.replaceAll(/[\^&|<>()]/g, "^$&"),
  ];
}

const named: Readonly<Record<string, string>> = {
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\u001b": "\\E",
  "\\": "\\\\",
  "\u0007": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\v": "\\v",
};

function ansiC(value: string): string {
  const control = /[\p{Cc}\\]/gu;
  return value.replaceAll(control, (found) => named[found] ?? `\\${found.charCodeAt(0).toString(8).padStart(3, "0")}`);
}
