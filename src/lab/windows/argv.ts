// How a Windows program splits its command line: the rules of CommandLineToArgvW after the program's own name.

/** The arguments in a line. Inside quotes `""` is a quote and ends them, as CommandLineToArgvW has it. */
export function splitArguments(line: string): readonly string[] {
  const found: string[] = [];
  let at = 0;
  for (;;) {
    while (line[at] === " " || line[at] === "\t") at++;
    if (at >= line.length) return found;
    let argument = "";
    let isQuoted = false;
    for (; at < line.length; at++) {
      const character = line[at];
      if (character === "\\") {
        let count = 0;
        while (line[at] === "\\") {
          count++;
          at++;
        }
        if (line[at] === '"') {
          argument += "\\".repeat(Math.floor(count / 2));
          if (count % 2 === 1) argument += '"';
          else at--;
        } else {
          argument += "\\".repeat(count);
          at--;
        }
      } else if (character === '"') {
        if (isQuoted && line[at + 1] === '"') {
          argument += '"';
          at++;
          isQuoted = false;
        } else isQuoted = !isQuoted;
      } else if (!isQuoted && (character === " " || character === "\t")) break;
      else argument += character ?? "";
    }
    found.push(argument);
  }
}
