// What can be wrong with a value in a command, and with a command itself.
import { error, warning, type Diagnostic } from "../../text/diagnostic.ts";
import { nearest } from "../../text/nearest.ts";
import type { Span } from "../../text/source.ts";
import { list, quoted } from "./said.ts";

/** `"/CN={name}"`: the quotes are the command's own, and what the value holds could end them. */
export function valueInQuotes(span: Span, value: string, word: string): Diagnostic {
  return error(
    "value-in-quotes",
    span,
    `${value} stands inside quotes of the command, where a quote in it would end them and change the command. Bind the whole word before, and write it without quotes: let NAME = ${word}, then {NAME}`,
  );
}

/** `rm {name}` where the name holds `-rf`. */
export function valueLikeOption(span: Span, value: string, text: string): Diagnostic {
  return error(
    "value-like-option",
    span,
    `${value} is ${quoted(text)}, and as the beginning of an argument the command would take it for an option. Write the option into the command itself, or put ./ before a file's name.`,
  );
}

/** `{list};` in cmd or PowerShell, where `;` ends the word that would be quoted. */
export function gluedValue(span: Span, value: string, to: string, shell: string): Diagnostic {
  return error(
    "glued-value",
    span,
    `${value} is glued to "${to}", where a word ends in ${shell}: how far its quotes reach would be unclear. Put a blank between them.`,
  );
}

/** A list as one argument. */
export function listInCommand(span: Span, value: string): Diagnostic {
  return error(
    "list-in-command",
    span,
    `${value} is a list, and a command takes one value at a time. Go through it: for each NAME in ${value}`,
  );
}

/** A value that the shell or the dialogue can't carry, and what it holds. */
export function valueNotCarried(span: Span, value: string, holds: string, by: string): Diagnostic {
  return error(
    "value-not-carried",
    span,
    `${value} holds ${holds}, which ${by} can't carry inside one argument. Use another value, or send it as a file.`,
  );
}

/** `using zsh` */
export function unknownShell(span: Span, name: string, known: readonly string[]): Diagnostic {
  const near = nearest(name, known);
  const hint = near === undefined ? `There are ${list(known)}.` : `The nearest is: ${near}`;
  return error(
    "unknown-shell",
    span,
    `No shell is named "${name}". ${hint}`,
    near === undefined ? {} : { fixes: [{ span, text: near, safe: false }] },
  );
}

/** `using sh` on a host whose kind has a dialogue. */
export function shellInDialogue(span: Span, kind: string): Diagnostic {
  return error(
    "shell-in-dialogue",
    span,
    `A host of kind ${kind} has a dialogue of its own and starts no other shell. Take this line out.`,
  );
}

/** `run cd /tmp` and nothing after it. */
export function cdAlone(span: Span, folder: string): Diagnostic {
  return warning(
    "cd-alone",
    span,
    `Each run starts anew, so this "cd" is gone with its line. Give the folder to the lines that need it: in ${folder === "" ? "DIR" : folder}`,
  );
}

/** `{name}` in a script, where braces are text. */
export function valueInScript(span: Span, name: string): Diagnostic {
  return warning(
    "value-in-script",
    span,
    `A script is sent as it is, so {${name}} stays text. To give it the value, write below the script: with ${variable(name)} = {${name}}, and use that variable.`,
  );
}

/** A script for cmd, or for a dialogue. */
export function scriptNotTaken(span: Span, by: string): Diagnostic {
  return error(
    "script-not-taken",
    span,
    `${by} takes no script of several lines. Write a run line for each command${by === "cmd" ? ", or: using powershell" : ""}.`,
  );
}

/** `as root` where nothing can become someone else. */
export function asRefused(span: Span, kind: string, windows: boolean): Diagnostic {
  return error(
    "as-refused",
    span,
    windows
      ? `On ${kind} an account can't become another one within a connection. Declare a host with that user: host NAME: ${kind} at ADDRESS, and under it: user NAME`
      : `The kind ${kind} does not say how to become another user (elevate with COMMAND). Take "as" away.`,
  );
}

function variable(name: string): string {
  return name.split(".")[0]?.replaceAll("-", "_").toUpperCase() ?? "NAME";
}
