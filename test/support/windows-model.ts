// How Windows reads a command line: models of cmd's phases and of the two standard argument parsers, for property tests.
// They agree with what 833 recorded lines gave (test/fixtures/windows/argv.jsonl).

/** How a `"` right after a `"` inside quotes goes on: the C run time stays in quotes, CommandLineToArgvW leaves them. */
export type ArgumentParser = "msvcrt" | "CommandLineToArgvW";

/** The arguments of a line, without the program's name. */
export function parseArguments(line: string, parser: ArgumentParser): string[] {
  let at = 0;
  if (line[0] === '"') at = line.indexOf('"', 1) === -1 ? line.length : line.indexOf('"', 1) + 1;
  else while (at < line.length && !/[ \t]/.test(line[at] ?? "")) at++;
  const args: string[] = [];
  for (;;) {
    while (/[ \t]/.test(line[at] ?? "")) at++;
    if (at >= line.length) return args;
    let argument = "";
    let quoted = false;
    while (at < line.length && (quoted || !/[ \t]/.test(line[at] ?? ""))) {
      let backslashes = 0;
      while (line[at] === "\\") {
        backslashes++;
        at++;
      }
      if (line[at] !== '"') {
        argument += "\\".repeat(backslashes);
        if (at < line.length && (quoted || !/[ \t]/.test(line[at] ?? "")) && line[at] !== "\\")
          argument += line[at++] ?? "";
        continue;
      }
      argument += "\\".repeat(backslashes >> 1);
      if (backslashes % 2 === 1) argument += '"';
      else if (quoted && line[at + 1] === '"') {
        argument += '"';
        at++;
        if (parser === "CommandLineToArgvW") quoted = false;
      } else quoted = !quoted;
      at++;
    }
    args.push(argument);
  }
}

/** What a variable stands for; names are asked as they are written. */
export type Variables = (name: string) => string | undefined;

/** The line that cmd starts a program with; undefined: it would have done something else (an operator outside quotes). */
export function readAsCmd(line: string, variables: Variables): string | undefined {
  return removeCarets(expandPercents(line, variables));
}

/** On a command line (not in a batch file): what names no variable stays, and reading goes on after its first `%`. */
function expandPercents(line: string, variables: Variables): string {
  let out = "";
  for (let at = 0; at < line.length; at++) {
    if (line[at] !== "%") {
      out += line[at] ?? "";
      continue;
    }
    const end = line.indexOf("%", at + 1);
    const inner = end === -1 ? "" : line.slice(at + 1, end);
    const [, name = "", change] = /^([^:]*)(?::(.*))?$/s.exec(inner) ?? [];
    const value = name === "" ? undefined : variables(name);
    if (value === undefined) {
      out += "%";
      continue;
    }
    out += change === undefined ? value : changed(value, change);
    at = end;
  }
  return out;
}

function changed(value: string, change: string): string {
  const part = /^~(-?\d*)(?:,(-?\d*))?$/.exec(change);
  if (part === null) return value;
  const start = Number(part[1] ?? 0);
  const from = start < 0 ? Math.max(0, value.length + start) : start;
  const length = part[2] === undefined ? value.length : Number(part[2]);
  return value.slice(from, length < 0 ? value.length + length : from + length);
}

function removeCarets(line: string): string | undefined {
  let out = "";
  let quoted = false;
  for (let at = 0; at < line.length; at++) {
    const c = line[at] ?? "";
    if (c === '"') quoted = !quoted;
    if (quoted || c === '"') out += c;
    else if (c === "^") out += line[++at] ?? "";
    else if (/[&|<>()\n\r]/.test(c)) return undefined;
    else out += c;
  }
  return out;
}
