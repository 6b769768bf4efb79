// A kind of host: how one talks to it, from its lines.
import type { DialogueLineNode, KindLineNode, KindNode, PatternNode } from "../../language/tree.ts";
import type { Diagnostic } from "../../text/diagnostic.ts";
import { error } from "../../text/diagnostic.ts";
import { nearest } from "../../text/nearest.ts";
import { compilePattern, isCompiled } from "../pattern.ts";
import type { DialogueKind, Kind, ShellName } from "../vocabulary.ts";

const shells = ["sh", "bash", "cmd", "powershell"] as const;
const carriers = ["sftp", "scp", "none"] as const;

/** Reads a kind; what is wrong goes to `diagnostics`, and the kind is as whole as can be. */
export function readKind(node: KindNode, vocabulary: string, diagnostics: Diagnostic[]): Kind {
  once(node.lines, diagnostics);
  const shellLine = node.lines.find(isOf("shell"));
  const filesLine = node.lines.find(isOf("files"));
  const versionLine = node.lines.find(isOf("version"));
  const dialogueLine = node.lines.find(isOf("dialogue"));
  if (shellLine === undefined && dialogueLine === undefined) {
    diagnostics.push(
      error(
        "kind-without-way",
        node.name.span,
        `Nothing says how one talks to a host of kind ${node.name.text}. Write "shell sh" (bash, cmd, powershell), or "dialogue" with its prompt, under it.`,
      ),
    );
  }
  if (shellLine !== undefined && dialogueLine !== undefined) {
    diagnostics.push(
      error(
        "kind-with-two-ways",
        shellLine.span,
        `A kind has a shell or a dialogue, and ${node.name.text} says both. Take one of them out.`,
        { notes: [{ message: "The dialogue is here.", span: dialogueLine.span }] },
      ),
    );
  }
  const shell = shellLine === undefined ? undefined : oneOf(shells, shellLine.shell.text);
  if (shellLine !== undefined && shell === undefined) {
    diagnostics.push(
      error(
        "unknown-shell",
        shellLine.shell.span,
        `"${shellLine.shell.text}" is no shell that a kind can have. ${hint(shellLine.shell.text, shells)}`,
      ),
    );
  }
  const files = filesLine === undefined ? "none" : oneOf(carriers, filesLine.by.text);
  if (filesLine !== undefined && files === undefined) {
    diagnostics.push(
      error(
        "unknown-carrier",
        filesLine.by.span,
        `Files are not copied by "${filesLine.by.text}". ${hint(filesLine.by.text, carriers)}`,
      ),
    );
  }
  if (versionLine !== undefined && !namesOf(versionLine.pattern, diagnostics).includes("version")) {
    diagnostics.push(
      error(
        "version-without-hole",
        versionLine.pattern.span,
        'The version is what the hole <version> of this pattern holds, and it has none, as in "Luna SA <version>".',
      ),
    );
  }
  return {
    name: node.name.text,
    title: node.title?.parts.map((part) => (part.type === "literal" ? part.text : "")).join("") ?? node.name.text,
    vocabulary,
    shell: dialogueLine === undefined ? (shell satisfies ShellName | undefined) : undefined,
    dialogue: dialogueLine === undefined ? undefined : readDialogue(dialogueLine, diagnostics),
    files: files ?? "none",
    version: versionLine === undefined ? undefined : { command: versionLine.command, pattern: versionLine.pattern },
    span: node.span,
  };
}

function readDialogue(node: KindLineNode & { readonly type: "dialogue" }, diagnostics: Diagnostic[]): DialogueKind {
  const { lines } = node;
  const prompts = lines.filter(isOf("prompt")).map(({ pattern }) => pattern);
  const verdict = lines.find(isOf("verdict"))?.pattern;
  const succeeds = lines.find(isOf("succeeds-when"));
  const quote = lines.find(isOf("quote"));
  const failsWhen = lines.filter(isOf("fails-when")).map(({ pattern }) => pattern);
  const pagers = lines.filter(isOf("page")).map((line) => ({ send: line.with, at: line.at }));
  const cancels = lines.filter(isOf("cancel")).map((line) => ({ send: line.with, at: line.at }));
  if (prompts.length === 0) {
    diagnostics.push(
      error(
        "dialogue-without-prompt",
        node.span,
        'A dialogue is read by its prompt, and this one has none. Write it beneath, such as: prompt line "[<name>] lunash:>"',
      ),
    );
  }
  for (const pattern of [...prompts, ...failsWhen, ...pagers.map(({ at }) => at), ...cancels.map(({ at }) => at)])
    namesOf(pattern, diagnostics);
  const verdictNames = verdict === undefined ? [] : namesOf(verdict, diagnostics);
  if (succeeds !== undefined && verdict === undefined) {
    diagnostics.push(
      error(
        "verdict-missing",
        succeeds.span,
        '"succeeds when" speaks of what the verdict line holds, and no "verdict" stands here. Write it above, such as: verdict line "Result: <code: number>"',
      ),
    );
  }
  if (verdict !== undefined && succeeds === undefined) {
    diagnostics.push(
      error(
        "verdict-without-condition",
        verdict.span,
        `Nothing says which verdict is a success. Write it beneath, such as: succeeds when {${verdictNames[0] ?? "code"}} is 0`,
      ),
    );
  }
  if (quote !== undefined && quote.form.split("<value>").length !== 2) {
    diagnostics.push(
      error(
        "quote-without-value",
        quote.span,
        `<value> stands once in a quoting form, where the value goes, as in: quote with '"<value>"'`,
      ),
    );
  }
  return {
    prompts,
    verdict,
    succeedsWhen: succeeds?.condition,
    failsWhen,
    pagers,
    cancels,
    elevate: lines.find(isOf("elevate"))?.command,
    onOpening: lines.filter(isOf("on-opening")).flatMap(({ block }) => block),
    quote: quote?.form,
    refuse: lines
      .filter(isOf("refuse"))
      .map(({ characters }) => characters)
      .join(""),
  };
}

/** The names that a pattern of a kind gives; a pattern that can't be compiled is a finding. */
function namesOf(pattern: PatternNode, diagnostics: Diagnostic[]): readonly string[] {
  const compiled = compilePattern(pattern, () => undefined);
  if (isCompiled(compiled)) return compiled.holes.map(({ name }) => name);
  diagnostics.push(compiled);
  return [];
}

const repeatable: ReadonlySet<string> = new Set(["prompt", "fails-when", "page", "cancel", "on-opening", "refuse"]);

function once(lines: readonly (KindLineNode | DialogueLineNode)[], diagnostics: Diagnostic[]): void {
  const seen = new Map<string, KindLineNode | DialogueLineNode>();
  for (const line of lines) {
    const other = seen.get(line.type);
    if (other !== undefined && !repeatable.has(line.type)) {
      diagnostics.push(
        error(
          "said-twice",
          line.span,
          `This is said once for a kind, and it was said already. Take one of the two lines out.`,
          { notes: [{ message: "The first is here.", span: other.span }] },
        ),
      );
    }
    seen.set(line.type, other ?? line);
    if (line.type === "dialogue") once(line.lines, diagnostics);
  }
}

function isOf<T extends string>(
  type: T,
): <L extends { readonly type: string }>(line: L) => line is L & { readonly type: T } {
  return <L extends { readonly type: string }>(line: L): line is L & { readonly type: T } => line.type === type;
}

function oneOf<T extends string>(names: readonly T[], name: string): T | undefined {
  return names.find((candidate) => candidate === name);
}

function hint(word: string, names: readonly string[]): string {
  const near = nearest(word, names);
  return near === undefined
    ? `Write ${names.slice(0, -1).join(", ")} or ${names.at(-1) ?? ""}.`
    : `The nearest is ${near}.`;
}
