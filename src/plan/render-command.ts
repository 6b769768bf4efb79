// A command of the plan as its shell gets it: values filled in and quoted, and the line that carries it to the host.
import type { TextPart } from "../language/tree.ts";
import { textOf } from "../text/source.ts";
import { Secret } from "../secrets/secret.ts";
import type { Kind, ShellName } from "../vocabulary/vocabulary.ts";
import { holdsSecret, textOfValue } from "./as-value.ts";
import { lookUp } from "./evaluate.ts";
import type { PlanCommand } from "./plan.ts";
import { fillCmd, isBatchFile, refuseForCmd } from "./quote/cmd.ts";
import { fillDialogue } from "./quote/dialogue.ts";
import { isRefusal, joinLiterals, refuse, type Piece, type Refusal } from "./quote/pieces.ts";
import { encodedCommandLine, fillPowershell, powershellScript } from "./quote/powershell.ts";
import { programForSh, programForWindows, splitProgram, windowsProgramLine } from "./quote/program.ts";
import { fillSh } from "./quote/sh.ts";
import { secretLines, wrapForSh, type SudoWay } from "./quote/sh-wrapper.ts";
import { readSetting, type Setting } from "./render/setting.ts";
import type { Environment, Known } from "./value.ts";

export type { Refusal };

/** How the host is used, as far as the command's line depends on it. */
export interface RenderOptions {
  /** Whether the host has a `sudo password`: sudo then asks with a marker instead of failing. */
  readonly sudoPassword: boolean;
  /** Letters and digits that no output holds by chance (32 hex digits): the prompts of sudo are made of it. */
  readonly marker: string;
}

export interface RenderedCommand {
  /** As a person reads it: values filled in and quoted for the shell. No secret can be in it. */
  readonly text: string;
  /** What reaches the host: the line for ssh's exec, or the dialogue's line. */
  readonly wire: string;
  readonly shell: ShellName | "dialogue";
  /** The first part of standard input: secrets for the environment, read by the wrapper. */
  readonly preamble?: Secret;
  /**
   * sudo writes `marker` to standard error when it wants the password (a second time: it was wrong), and `ready` follows
   * once it has let the command in. Nothing is written to standard input before one of them came: the password after
   * `marker`, `preamble` and input after `ready`. Neither is output of the command.
   */
  readonly sudo?: { readonly marker: string; readonly ready: string };
  /** Whose account, and which folder, where the runbook says so. */
  readonly account?: string;
  readonly folder?: string;
  /** Variables given by `with`; a secret by its name. */
  readonly environment: Readonly<Record<string, string>>;
}

/** What a command comes to for its shell; unknown while a value in it is, refused where its shell can't carry one. */
export function renderCommand(
  item: PlanCommand,
  env: Environment,
  kind: Kind,
  options: RenderOptions,
): Known<RenderedCommand> | Refusal {
  const setting = readSetting(item, env);
  if (setting.type !== "known") return setting;
  const pieces = item.command.type === "script" ? [literal(item.command.text)] : piecesOf(item.command.parts, env);
  if (!Array.isArray(pieces)) return pieces;
  const made =
    item.shell === "dialogue"
      ? inDialogue(item, { pieces, setting: setting.value, kind })
      : inShell(item, { pieces, setting: setting.value, kind, options });
  if (isRefusal(made)) return made;
  const { user, folder, environment, secrets } = setting.value;
  const shown = Object.fromEntries([
    ...environment,
    ...[...secrets].map(([name, secret]) => [name, secret.toString()] as const),
  ]);
  return {
    type: "known",
    value: {
      shell: item.shell,
      ...made,
      ...(user === undefined ? {} : { account: user }),
      ...(folder === undefined ? {} : { folder: folder.text }),
      environment: shown,
    },
  };
}

interface Filling {
  readonly pieces: readonly Piece[];
  readonly setting: Setting;
  readonly kind: Kind;
}

type Rendered = Pick<RenderedCommand, "text" | "wire" | "preamble" | "sudo">;

function inDialogue(item: PlanCommand, { pieces, setting, kind }: Filling): Rendered | Refusal {
  if (kind.dialogue === undefined) return refuse(`The kind ${kind.name} has no dialogue.`);
  if (item.command.type === "script")
    return refuse(`A dialogue takes one line at a time. Write each line of this script as a run of its own.`);
  if (setting.folder !== undefined)
    return refuse(`A dialogue has no folder to go to: take "in ${setting.folder.text}" out.`);
  if (setting.environment.size + setting.secrets.size > 0)
    return refuse(`A dialogue has no environment: take "with" out.`);
  if (setting.user !== undefined && kind.dialogue.elevate === undefined)
    return refuse(
      `The kind ${kind.name} says no way to become another user (no "elevate with" line): take "as ${setting.user}" out.`,
    );
  const text = fillDialogue(pieces, kind.dialogue);
  return isRefusal(text) ? text : { text, wire: text };
}

function inShell(item: PlanCommand, filling: Filling & { readonly options: RenderOptions }): Rendered | Refusal {
  const windows = filling.kind.shell === "powershell" || filling.kind.shell === "cmd";
  switch (item.shell) {
    case "sh":
    case "bash":
      return windows
        ? refuse(`The kind ${filling.kind.name} has no ${item.shell}. Take "using ${item.shell}" out.`)
        : forSh(item, filling, item.shell);
    case "program":
      return windows ? forWindows(item, filling) : forSh(item, filling, "sh");
    case "cmd":
    case "powershell":
      return windows
        ? forWindows(item, filling)
        : refuse(`The kind ${filling.kind.name} has no ${item.shell}. Take "using ${item.shell}" out.`);
    case "dialogue":
      return refuse(`A dialogue is no shell.`);
  }
}

function forSh(
  item: PlanCommand,
  { pieces, setting, options }: Filling & { readonly options: RenderOptions },
  shell: "sh" | "bash",
): Rendered | Refusal {
  const script = item.command.type === "script";
  const args = item.shell === "program" && !script ? splitProgram(pieces) : undefined;
  if (isRefusal(args)) return args;
  const text = script ? literalText(pieces) : args === undefined ? fillSh(pieces, shell) : programForSh(args);
  if (isRefusal(text)) return text;
  const sudo: SudoWay | undefined =
    setting.user === undefined
      ? undefined
      : {
          user: setting.user,
          ask: options.sudoPassword
            ? { marker: `ordo-asks-${options.marker}:`, ready: `ordo-ready-${options.marker}:` }
            : undefined,
        };
  const wire = wrapForSh({
    text,
    shell,
    script,
    folder: setting.folder?.quoted,
    environment: setting.environment,
    secrets: [...setting.secrets.keys()],
    sudo,
  });
  if (isRefusal(wire)) return wire;
  const secrets = [...setting.secrets.values()];
  return {
    // `exec` is ours, not the runbook's.
    text: args === undefined ? text : text.replace(/^exec /, ""),
    wire,
    ...(secrets.length === 0
      ? {}
      : { preamble: new Secret(secrets.map((secret) => secret.name).join(", "), secretLines(secrets)) }),
    ...(sudo?.ask === undefined ? {} : { sudo: sudo.ask }),
  };
}

function forWindows(item: PlanCommand, { pieces, setting }: Filling): Rendered | Refusal {
  if (setting.user !== undefined)
    return refuse(
      `On windows nobody can become another user by a command: take "as ${setting.user}" out, and give the host the account that may do this ("user").`,
    );
  const [secret] = setting.secrets;
  if (secret !== undefined)
    return refuse(
      `A secret for the environment of a Windows command ("with ${secret[0]}") is not carried yet: give it by "input" or "answer".`,
    );
  const folder = setting.folder?.text;
  if (item.shell === "powershell") {
    const text = item.command.type === "script" ? literalText(pieces) : fillPowershell(pieces);
    if (isRefusal(text)) return text;
    return carried(text, encodedCommandLine(powershellScript({ text, folder, environment: setting.environment })));
  }
  if (item.command.type === "script")
    return refuse(`cmd takes no script: write its lines as runs, or "using powershell".`);
  const program = item.shell === "cmd" ? forCmd(pieces) : forProgram(pieces);
  if (isRefusal(program)) return program;
  const env = Object.fromEntries(setting.environment);
  const { text, ...spec } = program;
  return carried(
    text,
    windowsProgramLine({
      ...spec,
      ...(folder === undefined ? {} : { cwd: folder }),
      ...(setting.environment.size === 0 ? {} : { env }),
    }),
  );
}

/** cmd is started as a program with its own line: no AutoRun (/d), the outer quotes gone (/s), no delayed expansion (/v:off). */
function forCmd(
  pieces: readonly Piece[],
): { readonly text: string; readonly file: string; readonly line: string } | Refusal {
  const text = fillCmd(pieces);
  if (isRefusal(text)) return text;
  const refusal = refuseForCmd(text, "This line");
  if (refusal !== undefined) return refusal;
  if (text.length > 8000)
    return refuse(
      `This line is ${text.length} characters long, and cmd takes 8,191. Use PowerShell or "using program".`,
    );
  return { text, file: "cmd.exe", line: `/d /s /v:off /c "${text}"` };
}

function forProgram(
  pieces: readonly Piece[],
): { readonly text: string; readonly file: string; readonly line: string } | Refusal {
  const args = splitProgram(pieces);
  if (isRefusal(args)) return args;
  const program = programForWindows(args);
  if (isRefusal(program)) return program;
  const file = /\s/.test(program.file) || isBatchFile(program.file) ? `"${program.file}"` : program.file;
  return { ...program, text: `${file} ${program.line}`.trimEnd() };
}

function carried(text: string, wire: string | Refusal): Rendered | Refusal {
  return isRefusal(wire) ? wire : { text, wire };
}

function piecesOf(parts: readonly TextPart[], env: Environment): Piece[] | Known<never> | Refusal {
  const pieces: Piece[] = [];
  for (const part of parts) {
    if (part.type === "literal") {
      pieces.push(literal(part.text));
      continue;
    }
    const shown = textOf(part.span);
    const found = lookUp(part, env);
    if (found.type === "unknown") return found;
    const value = found.value;
    if (holdsSecret(value))
      return refuse(
        `${shown} is a secret, and every user of the host could read it in the list of processes. Give it by "with NAME = ${shown}", "input ${shown}" or "answer ${shown} to …".`,
      );
    if (value.type === "list" || value.type === "record")
      return refuse(
        `${shown} is a ${value.type}, and a command takes single values: use "for each", or a field of it.`,
      );
    pieces.push({
      type: "value",
      text: textOfValue(value),
      shown,
      mayBeginWithDash: value.type === "scalar" && (value.of === "text" || value.of === "number"),
    });
  }
  return joinLiterals(pieces);
}

function literal(text: string): Piece {
  return { type: "literal", text };
}

function literalText(pieces: readonly Piece[]): string {
  return pieces.map((piece) => piece.text).join("");
}
