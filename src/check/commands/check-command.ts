// A command and the values in it: what can never be one argument is refused before anything runs.
import type { ClauseNode, CommandNode, RunNode, ScriptNode, ValuePart } from "../../language/tree.ts";
import { textOf, type Span } from "../../text/source.ts";
import type { Kind, ShellName } from "../../vocabulary/vocabulary.ts";
import { asRefused } from "../findings/as-refused.ts";
import { cdAlone } from "../findings/cd-alone.ts";
import { gluedValue } from "../findings/glued-value.ts";
import { listInCommand } from "../findings/list-in-command.ts";
import { scriptNotTaken } from "../findings/script-not-taken.ts";
import { shellInDialogue } from "../findings/shell-in-dialogue.ts";
import { unknownShell } from "../findings/unknown-shell.ts";
import { valueInQuotes } from "../findings/value-in-quotes.ts";
import { valueInScript } from "../findings/value-in-script.ts";
import { valueLikeOption } from "../findings/value-like-option.ts";
import { valueNotCarried } from "../findings/value-not-carried.ts";
import { readValuePart, type ReadText } from "../names/read-text.ts";
import { use } from "../names/scope.ts";
import { shellsAt, type Walk } from "../names/walk.ts";
import { placesOfValues, type ValuePlace } from "./value-places.ts";

interface Reader {
  readonly kind: Kind;
  readonly shell: ShellName | "dialogue";
}

const shells: readonly ShellName[] = ["sh", "bash", "cmd", "powershell", "program"];

/** Checks what a `run` sends, for every kind of host that it may be sent to. */
export function checkCommand(node: RunNode, walk: Walk): void {
  const readers = readersOf(node.clauses, walk);
  if (node.command.type === "script") return checkScript(node.command, readers, walk);
  const reads = new Map<ValuePart, ReadText>();
  for (const part of node.command.parts) {
    if (part.type !== "value") continue;
    const read = readValuePart(part, walk, "shown");
    walk.inPhrase?.inCommand.add(part.name.text);
    reads.set(part, read);
    if (read.type?.type === "list" || read.type?.type === "group" || read.type?.type === "record")
      walk.report(listInCommand(part.span, textOf(part.span)));
  }
  if (reads.size > 0)
    for (const reader of readers)
      for (const place of placesOfValues(node.command, reader.shell, reader.kind))
        checkValue(place, reads.get(place.value), { command: node.command, reader, walk });
  checkFolderChange(node.command, readers, walk);
}

/** `as USER` of a clause or an `on`: whether its host's kinds can become another user. */
export function checkElevation(span: ClauseNode["span"], walk: Walk): void {
  for (const { kind, shell } of shellsAt(walk)) {
    if (shell === "cmd" || shell === "powershell") return walk.report(asRefused(span, kind.name, true));
    if (shell === "dialogue" && kind.dialogue?.elevate === undefined)
      return walk.report(asRefused(span, kind.name, false));
  }
}

/** The shells that read the command: what `using` says, else those of the host's kinds. */
function readersOf(clauses: readonly ClauseNode[], walk: Walk): readonly Reader[] {
  const own = shellsAt(walk);
  const using = clauses.find((clause) => clause.type === "using");
  if (using === undefined) return own;
  const shell = shells.find((one) => one === using.shell.text);
  if (shell === undefined) {
    walk.report(unknownShell(using.shell.span, using.shell.text, shells));
    return [];
  }
  const dialogue = own.find((one) => one.shell === "dialogue");
  if (dialogue !== undefined) walk.report(shellInDialogue(using.span, dialogue.kind.name));
  return own.map(({ kind }) => ({ kind, shell }));
}

interface InCommand {
  readonly command: CommandNode;
  readonly reader: Reader;
  readonly walk: Walk;
}

function checkValue(place: ValuePlace, read: ReadText | undefined, { command, reader, walk }: InCommand): void {
  if (read?.type === undefined) return;
  const { span } = place.value;
  const value = textOf(span);
  if (place.quotedBy !== undefined) return walk.report(valueInQuotes(span, value, quotedWord(command, place)));
  if (place.gluedTo !== undefined && (reader.shell === "cmd" || reader.shell === "powershell"))
    walk.report(gluedValue(span, value, place.gluedTo, reader.shell));
  if (place.beginsArgument) {
    walk.inPhrase?.beginsArgument.add(place.value.name.text);
    if (read.known?.startsWith("-") && !isNumber(read.known) && !maySayAnything(place.value, walk))
      walk.report(valueLikeOption(span, value, read.known));
  }
  if (read.known !== undefined) checkCarried({ span, shown: value, text: read.known }, reader, walk);
}

/** Reports a text that a shell or a dialogue can't carry inside one argument. */
export function checkCarried(
  value: { readonly span: Span; readonly shown: string; readonly text: string },
  { shell, kind }: Reader,
  walk: Walk,
): void {
  const by = shell === "dialogue" ? `the dialogue of ${kind.name}` : shell;
  const holds = notCarried(value.text, { shell, kind });
  if (holds !== undefined) walk.report(valueNotCarried(value.span, value.shown, holds, by));
}

function notCarried(text: string, { shell, kind }: Reader): string | undefined {
  if (/[\r\n]/.test(text) && (shell === "cmd" || shell === "dialogue")) return "a line break";
  if (text.includes("\0")) return "NUL";
  if (shell !== "dialogue" || kind.dialogue === undefined) return undefined;
  const refused = Array.from(kind.dialogue.refuse).find((character) => text.includes(character));
  if (refused !== undefined) return refused;
  return kind.dialogue.quote === undefined && /\s/.test(text) ? "a blank" : undefined;
}

/** A slot whose type says text may hold what begins with `-`: the phrase wants it so. */
function maySayAnything(part: ValuePart, walk: Walk): boolean {
  const binding = walk.scope.find(part.name.text);
  return binding?.origin === "slot" && binding.type.type === "scalar" && binding.type.name === "text";
}

/** Whether a text is a number: `-3` is no option. */
export function isNumber(text: string): boolean {
  return /^-?\d+(?:\.\d+)?$/.test(text);
}

/** The word around a value in quotes, as it would be bound by `let`. */
function quotedWord(command: CommandNode, { value, quotedBy }: ValuePlace): string {
  const quote = quotedBy ?? '"';
  const { source } = command.span;
  const from = source.text.lastIndexOf(quote, value.span.start - 1);
  const to = source.text.indexOf(quote, value.span.end);
  if (from < command.span.start || to === -1 || to >= command.span.end) return `"…${textOf(value.span)}…"`;
  const inside = source.text.slice(from + 1, to);
  return inside.includes('"') ? `'${inside}'` : `"${inside}"`;
}

function checkScript(script: ScriptNode, readers: readonly Reader[], walk: Walk): void {
  const refusing = readers.find(({ shell }) => shell === "cmd" || shell === "dialogue" || shell === "program");
  if (refusing !== undefined)
    walk.report(
      scriptNotTaken(
        script.span,
        refusing.shell === "dialogue" ? `The dialogue of ${refusing.kind.name}` : refusing.shell,
      ),
    );
  const { source, start, end } = script.span;
  const seen = new Set<string>();
  for (const found of source.text
    .slice(start, end)
    .matchAll(/(?<![$%{])\{([A-Za-z][A-Za-z0-9_-]*)((?:\.[A-Za-z][A-Za-z0-9_-]*)?)\}/g)) {
    const binding = walk.scope.find(found[1] ?? "");
    const name = `${found[1] ?? ""}${found[2] ?? ""}`;
    if (binding === undefined || seen.has(name)) continue;
    seen.add(name);
    use(binding);
    walk.report(
      valueInScript({ source, start: start + found.index, end: start + found.index + found[0].length }, name),
    );
  }
}

/** `run cd DIR` and nothing more: gone with its line. */
function checkFolderChange(command: CommandNode, readers: readonly Reader[], walk: Walk): void {
  const text = textOf(command.span);
  const found = /^(?:cd|chdir|pushd|Set-Location)(?:\s+(.*))?$/i.exec(text);
  if (found === null || /[;&|]/.test(text)) return;
  if (readers.length > 0 && readers.every(({ shell }) => shell === "dialogue")) return;
  walk.report(cdAlone(command.span, found[1] ?? ""));
}
