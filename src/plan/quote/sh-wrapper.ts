// The line that ssh's exec gets for sh and bash: never trusting the account's login shell, which may be fish or tcsh.
import type { Secret } from "../../secrets/secret.ts";
import { refuse, type Refusal } from "./pieces.ts";
import { quotedForAnyShell, singleQuoted } from "./sh.ts";

export interface ShWrapping {
  /** The command's line, or a script's text. */
  readonly text: string;
  readonly shell: "sh" | "bash";
  /** Stops at the first failing command (`-e`). */
  readonly script: boolean;
  /** As it stands after `cd --`, quoted; undefined: where the login puts one. */
  readonly folder: string | undefined;
  readonly environment: ReadonlyMap<string, string>;
  /** Variables whose values come on standard input, one Base64 line each, before anything else. */
  readonly secrets: readonly string[];
  readonly sudo: SudoWay | undefined;
}

/** `marker`: sudo asks with it as its prompt, and `ready` is written once it has let the command in; undefined: it may not ask. */
export interface SudoWay {
  readonly user: string;
  readonly ask: { readonly marker: string; readonly ready: string } | undefined;
}

/** One argument of a program is at most 131,071 bytes on Linux; the rest is for what stands around the text. */
const longestLineBytes = 120_000;

/** `exec /bin/sh -c '…'`, under sudo where the command is another user's. */
export function wrapForSh(wrapping: ShWrapping): string | Refusal {
  const { sudo } = wrapping;
  const interpreter = `${wrapping.shell === "sh" ? "/bin/sh" : "bash"} ${wrapping.script ? "-ec" : "-c"} ${quotedForAnyShell(innerText(wrapping))}`;
  const line = `exec ${sudo === undefined ? "" : sudoWords(sudo)}${interpreter}`;
  const bytes = Buffer.byteLength(line);
  if (bytes > longestLineBytes)
    return refuse(
      `This command is ${bytes} bytes long, and a line to a host holds ${longestLineBytes}. Send it as a file and run that.`,
    );
  return line;
}

/** The standard input's first lines, for `secrets` of the wrapping, in their order. */
export function secretLines(secrets: readonly Secret[]): string {
  return secrets.map((secret) => `${Buffer.from(secret.reveal(), "utf8").toString("base64")}\n`).join("");
}

function sudoWords({ user, ask }: SudoWay): string {
  const way = ask === undefined ? "-n" : `-k -S -p ${quotedForAnyShell(ask.marker)}`;
  return `sudo ${way} -u ${quotedForAnyShell(user)} -- `;
}

/** Everything that comes before the command is one line, so that only scripts have line feeds (tcsh can't carry them). */
function innerText({ text, folder, environment, secrets, sudo }: ShWrapping): string {
  const before = [
    ...(sudo?.ask === undefined ? [] : [`printf %s ${sudo.ask.ready} >&2`]),
    // What a command substitution gives loses its last line feeds: an x keeps them.
    ...secrets.map(
      (name) =>
        `IFS= read -r ${name} && ${name}=$(printf %s "$${name}" | base64 -d && printf x) && ${name}=\${${name}%x} && export ${name} || exit`,
    ),
    ...[...environment].map(([name, value]) => `export ${name}=${singleQuoted(value)}`),
    ...(folder === undefined ? [] : [`CDPATH= cd -- ${folder} || exit`]),
  ];
  return [...before, text].join("; ");
}
