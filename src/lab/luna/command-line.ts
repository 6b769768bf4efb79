// How lunash reads a line: words and options may be shortened as long as they stay unique.

/** A command that the shell knows: its words, its options with a value and its options without. */
export interface CommandShape {
  readonly words: readonly string[];
  readonly options?: readonly string[];
  readonly flags?: readonly string[];
}

/** A line, read: the command that was meant and what stood after its words. */
export interface CommandLine<T extends CommandShape> {
  readonly command: T;
  readonly options: ReadonlyMap<string, string>;
  readonly flags: ReadonlySet<string>;
  readonly rest: readonly string[];
}

/** Splits a line at blanks; double quotes keep a name with blanks together. */
export function splitLine(line: string): readonly string[] {
  return [...line.matchAll(/(?:[^\s"]|"[^"]*"?)+/g)].map((match) => match[0].replaceAll('"', ""));
}

/**
 * Finds the command that a line means.
 * @param hasHyphens whether sub-commands are written `-register` (4.x): demanded of `client`, allowed elsewhere
 * @returns the command, or a sentence that says why there is none
 */
export function readLine<T extends CommandShape>(
  line: string,
  commands: readonly T[],
  hasHyphens: boolean,
): CommandLine<T> | { readonly problem: string } {
  const tokens = splitLine(line);
  let possible = commands;
  let depth = 0;
  for (;;) {
    const complete = possible.find((command) => command.words.length === depth);
    const longer = possible.filter((command) => command.words.length > depth);
    const token = tokens[depth];
    if (
      longer.length === 0 ||
      (complete !== undefined && (token === undefined || token.startsWith("-") || !fits(token)))
    ) {
      return complete === undefined
        ? { problem: `Unknown command '${line}'.` }
        : readOptions(complete, tokens.slice(depth));
    }
    if (token === undefined)
      return { problem: `'${tokens.join(" ")}' is not complete. Sub-commands: ${subCommands(longer, depth)}` };
    const word = bareWord(token, depth);
    const words = [...new Set(longer.map((command) => command.words[depth] ?? ""))];
    const meant = word === undefined ? [] : matching(word, words);
    const [only] = meant;
    if (only === undefined) {
      return depth === 0
        ? { problem: `Unknown command '${token}'.` }
        : { problem: `Unknown sub-command '${token}'. Sub-commands: ${subCommands(longer, depth)}` };
    }
    if (meant.length > 1) return { problem: `'${token}' could be ${meant.join(" or ")}.` };
    possible = longer.filter((command) => command.words[depth] === only);
    depth++;
  }

  function fits(token: string): boolean {
    return possible.some((command) => command.words[depth]?.toLowerCase().startsWith(token.toLowerCase()) ?? false);
  }

  function bareWord(token: string, at: number): string | undefined {
    if (at === 0 || !hasHyphens) return token;
    if (token.startsWith("-")) return token.slice(1);
    return tokens[0]?.toLowerCase() === "client" ? undefined : token;
  }

  function subCommands(longer: readonly T[], at: number): string {
    return [...new Set(longer.map((command) => command.words[at] ?? ""))].join(", ");
  }
}

function readOptions<T extends CommandShape>(
  command: T,
  tokens: readonly string[],
): CommandLine<T> | { readonly problem: string } {
  const options = new Map<string, string>();
  const flags = new Set<string>();
  const rest: string[] = [];
  const known = [...(command.options ?? []), ...(command.flags ?? [])];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] ?? "";
    if (!token.startsWith("-") || token === "-") {
      rest.push(token);
      continue;
    }
    const [option, ...others] = matching(token.slice(1), known);
    if (option === undefined) return { problem: `Unknown option '${token}' of '${command.words.join(" ")}'.` };
    if (others.length > 0)
      return { problem: `'${token}' could be ${[option, ...others].map((name) => `-${name}`).join(" or ")}.` };
    if (command.flags?.includes(option) === true) {
      flags.add(option);
      continue;
    }
    const value = tokens[++at];
    if (value === undefined) return { problem: `Option '${token}' needs a value.` };
    options.set(option, value);
  }
  return { command, options, flags, rest };
}

// An exact word wins over a longer one that begins with it.
function matching(token: string, names: readonly string[]): readonly string[] {
  const wanted = token.toLowerCase();
  if (wanted === "") return [];
  const exact = names.filter((name) => name.toLowerCase() === wanted);
  return exact.length > 0 ? exact : names.filter((name) => name.toLowerCase().startsWith(wanted));
}
