// How cmd.exe reads a line: variables first, then quotes, carets and operators.

/** One command of a line. */
export interface CmdCommand {
  /** What stood before it: run always, after success, after failure. */
  readonly after: "always" | "success" | "failure";
  /** Its text, carets gone, quotes kept. */
  readonly text: string;
  /** Where output goes instead: a path, and whether it is added to. */
  readonly out: { readonly path: string; readonly isAppended: boolean } | undefined;
  readonly err: "out" | "nul" | undefined;
}

/** Expands `%NAME%` and `%NAME:~start,length%`; names that nobody set stay as they are, as on a command line. */
export function expandPercents(line: string, find: (name: string) => string | undefined): string {
  let expanded = "";
  for (let at = 0; at < line.length; at++) {
    const end = line[at] === "%" ? line.indexOf("%", at + 1) : -1;
    const inner = end === -1 ? "" : line.slice(at + 1, end);
    const match = /^([^:]+)(?::~(-?\d*)(?:,(-?\d*))?)?$/.exec(inner);
    const value = match === null ? undefined : find(match[1] ?? "");
    if (match === null || value === undefined) {
      expanded += line[at];
      continue;
    }
    expanded += inner.includes(":~") ? cut(value, match[2] ?? "", match[3]) : value;
    at = end;
  }
  return expanded;
}

/** Splits a line at `&`, `&&`, `||` and takes redirections out; undefined where it uses what the lab has not: a pipe, input, `()`. */
export function splitCommands(line: string): readonly CmdCommand[] | undefined {
  const commands: CmdCommand[] = [];
  let after: CmdCommand["after"] = "always";
  let text = "";
  let out: CmdCommand["out"];
  let err: CmdCommand["err"];
  let isQuoted = false;
  const finish = (next: CmdCommand["after"]): void => {
    commands.push({ after, text: text.trimStart(), out, err });
    after = next;
    text = "";
    out = undefined;
    err = undefined;
  };
  for (let at = 0; at < line.length; at++) {
    const character = line[at] ?? "";
    const pair = line.slice(at, at + 2);
    if (character === "^" && !isQuoted) text += line[++at] ?? "";
    else if (character === '"') {
      isQuoted = !isQuoted;
      text += character;
    } else if (isQuoted) text += character;
    else if (pair === "&&" || pair === "||") {
      finish(pair === "&&" ? "success" : "failure");
      at++;
    } else if (character === "&") finish("always");
    else if (character === "|" || character === "<") return undefined;
    else if (character === ">") {
      const isError = /(?:^|\s)2$/.test(text);
      const match = /^>(>?)\s*(&1|"[^"]*"|[^\s&|<>]+)\s*/.exec(line.slice(at));
      if (match === null) return undefined;
      const target = (match[2] ?? "").replaceAll('"', "");
      if (isError) {
        text = text.slice(0, -1);
        err = target === "&1" ? "out" : "nul";
      } else out = { path: target, isAppended: match[1] === ">" };
      at += match[0].length - 1;
    } else text += character;
  }
  finish("always");
  return commands.filter((command) => command.text !== "");
}

function cut(value: string, start: string, length: string | undefined): string {
  const from = start === "" ? 0 : Number(start);
  const begin = from < 0 ? Math.max(0, value.length + from) : from;
  if (length === undefined) return value.slice(begin);
  const count = length === "" ? 0 : Number(length);
  return count < 0 ? value.slice(begin, value.length + count) : value.slice(begin, begin + count);
}
