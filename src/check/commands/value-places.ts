// Where the values of a command stand: in quotes, at the beginning of an argument, beside a character that ends a word.
//
//   openssl req -subj "/CN={name}" -out {file}.pem
//                         ^ in quotes    ^ begins an argument
import type { CommandNode, ValuePart } from "../../language/tree.ts";
import type { Kind, ShellName } from "../../vocabulary/vocabulary.ts";

export interface ValuePlace {
  readonly value: ValuePart;
  /** The quotes' text so far and after, where the value stands inside quotes. */
  readonly quotedBy: string | undefined;
  readonly beginsArgument: boolean;
  /** `)`, `;`, `|` or `,` directly beside it. */
  readonly gluedTo: string | undefined;
}

interface Quoting {
  readonly quotes: string;
  /** Takes the next character as it is: outside quotes, and within these quotes. */
  readonly escape: string;
  readonly escapesIn: string;
}

/** Finds where each value stands, by the quoting of one shell or dialogue. */
export function placesOfValues(command: CommandNode, shell: ShellName | "dialogue", kind: Kind): readonly ValuePlace[] {
  const quoting = quotingOf(shell, kind);
  const places: ValuePlace[] = [];
  let quote = "";
  let before = " ";
  let escaped = false;
  for (const [index, part] of command.parts.entries()) {
    if (part.type === "value") {
      const after = command.parts[index + 1];
      const next = after?.type === "literal" ? after.text.charAt(0) : "";
      const glue = [before, next].find((character) => character !== "" && ");|,".includes(character));
      places.push({
        value: part,
        quotedBy: quote === "" ? undefined : quote,
        beginsArgument: before === " " || before === "\t",
        gluedTo: quote === "" ? glue : undefined,
      });
      before = "x";
      escaped = false;
      continue;
    }
    for (const character of part.text) {
      before = character;
      if (escaped) escaped = false;
      else if (character === quoting.escape && (quote === "" || quoting.escapesIn.includes(quote))) escaped = true;
      else if (quote === "" && quoting.quotes.includes(character)) quote = character;
      else if (character === quote) quote = "";
    }
  }
  return places;
}

function quotingOf(shell: ShellName | "dialogue", kind: Kind): Quoting {
  switch (shell) {
    case "sh":
    case "bash":
      return { quotes: `"'`, escape: "\\", escapesIn: '"' };
    case "powershell":
      return { quotes: `"'`, escape: "`", escapesIn: '"' };
    case "cmd":
      return { quotes: '"', escape: "^", escapesIn: "" };
    case "program":
      return { quotes: `"'`, escape: "", escapesIn: "" };
    case "dialogue": {
      const own = kind.dialogue?.quote?.charAt(0) ?? '"';
      return { quotes: own === "'" ? `"'` : '"', escape: "", escapesIn: "" };
    }
  }
}
