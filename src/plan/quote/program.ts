// `using program`: no shell. The line is split here, each value is one argument, and the program gets exactly these.
import { batchArg, crtArg, isBatchFile } from "./cmd.ts";
import { encodedCommandLine, longestPowershellScript } from "./powershell.ts";
import { isRefusal, refuse, refuseDash, refuseEverywhere, type Piece, type Refusal } from "./pieces.ts";
import { quoteForSh } from "./sh.ts";

/**
 * Splits a line at its blanks. `'…'` and `"…"` keep text with blanks in one argument; they have no escapes.
 * A value is one argument, or a part of the one that it is glued to.
 */
export function splitProgram(pieces: readonly Piece[]): readonly string[] | Refusal {
  const out: string[] = [];
  let argument: string | undefined;
  let quote = "";
  for (const piece of pieces) {
    if (piece.type === "value") {
      if (quote !== "")
        return refuse(
          `${piece.shown} stands inside quotes. Put the whole argument into a name first: let argument = "…${piece.shown}…", then {argument}.`,
        );
      const refusal =
        refuseEverywhere(piece.text, piece.shown) ?? ((argument ?? "") === "" ? refuseDash(piece) : undefined);
      if (refusal !== undefined) return refusal;
      argument = (argument ?? "") + piece.text;
      continue;
    }
    for (const character of piece.text) {
      if (quote === "" && /[ \t\n]/.test(character)) {
        if (argument !== undefined) out.push(argument);
        argument = undefined;
      } else if (quote === "" ? /['"]/.test(character) : character === quote) {
        quote = quote === "" ? character : "";
        argument ??= "";
      } else argument = (argument ?? "") + character;
    }
  }
  if (quote !== "")
    return refuse(
      `A ${quote} in this line is never closed. Close it, or take it out: with "using program" quotes keep an argument together.`,
    );
  if (argument !== undefined) out.push(argument);
  if ((out[0] ?? "") === "") return refuse(`"using program" needs the program's name first.`);
  return out;
}

/** The arguments as a line for sh: `exec` puts the program in the shell's place. */
export function programForSh(args: readonly string[]): string | Refusal {
  const words: string[] = [];
  for (const arg of args) {
    const word = quoteForSh(arg);
    if (isRefusal(word)) return word;
    words.push(word);
  }
  // A first word with "=" is quoted already; one that begins with "-" would be an option of exec.
  if (args[0]?.startsWith("-") === true)
    return refuse(`"${args[0]}" can't be a program's name: it begins with "-". Give its path.`);
  return `exec ${words.join(" ")}`;
}

/** What a Windows program is started with: plain data, one base64 text in a script that never changes. */
export interface ProgramSpec {
  readonly file: string;
  /** The arguments as one line, quoted for the program's own reader. */
  readonly line: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** The exit code of the script where the program could not be started; the reason is on standard error. */
const programNotStarted = 9009;

/** File and line for Windows, or what can't be carried. */
export function programForWindows(args: readonly string[]): Pick<ProgramSpec, "file" | "line"> | Refusal {
  const [file = "", ...rest] = args;
  if (file.includes('"') || file.endsWith("\\"))
    return refuse(`"${file}" can't be a program's path on Windows: it holds a quote or ends in a backslash.`);
  const words: string[] = [];
  for (const arg of rest) {
    const word = isBatchFile(file)
      ? batchArg(arg, `"${arg}"`)
      : (refuseEverywhere(arg) ?? (/^[A-Za-z0-9_./:\\@+-]+$/.test(arg) ? arg : crtArg(arg)));
    if (isRefusal(word)) return word;
    words.push(word);
  }
  const line = words.join(" ");
  if (file.length + line.length > 32_000)
    return refuse(`This command line is ${file.length + line.length} characters long, and Windows takes 32,767.`);
  return { file, line };
}

/** The line for ssh's exec that starts the program on Windows. */
export function windowsProgramLine(spec: ProgramSpec): string | Refusal {
  const json = Buffer.from(JSON.stringify(spec), "utf8").toString("base64");
  const script = windowsProgramScript(json);
  if (script.length > longestPowershellScript)
    return refuse(
      `This command is ${script.length} characters long with what carries it, and Windows takes ${longestPowershellScript} on a command line. Write long arguments to a file and send that.`,
    );
  return encodedCommandLine(script);
}

/**
 * Constant but for its base64. The child gets sshd's own pipes (nothing is redirected), so its bytes come as they are;
 * the file and its line go to CreateProcess without PowerShell's own quoting, which loses quotes before version 7.3.
 */
function windowsProgramScript(base64: string): string {
  return [
    "$ErrorActionPreference='Stop';$ProgressPreference='SilentlyContinue';try{",
    `$s=ConvertFrom-Json ([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('${base64}')))`,
    "$i=New-Object Diagnostics.ProcessStartInfo;$i.FileName=$s.file;$i.Arguments=$s.line;$i.UseShellExecute=$false",
    "if($s.cwd){$i.WorkingDirectory=$s.cwd}",
    "if($s.env){foreach($e in $s.env.PSObject.Properties){$i.EnvironmentVariables[$e.Name]=$e.Value}}",
    "$p=[Diagnostics.Process]::Start($i);$p.WaitForExit();exit $p.ExitCode",
    `}catch{[Console]::Error.WriteLine('ordo: the program was not started: '+$_.Exception.Message);exit ${programNotStarted}}`,
  ].join("\n");
}
