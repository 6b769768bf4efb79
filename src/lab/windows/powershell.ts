// powershell.exe -EncodedCommand: the runner's way to start a program, and a modest part of the language itself.

import { splitArguments } from "./argv.ts";
import { startPlace } from "./machine.ts";
import type { Printed, ProgramStart, WindowsMachine, WindowsPlace } from "./machine.ts";
import { findCmdlet, isSwitch } from "./powershell-commands.ts";
import { parsePowershell, UnreadScript } from "./powershell-syntax.ts";
import type { Expression, Pipeline, Statement } from "./powershell-syntax.ts";
import { asList, asText, asTruth, isList, isObject, PowershellError, printValues } from "./powershell-values.ts";
import type { PowershellValue } from "./powershell-values.ts";
import { findProgram } from "./programs.ts";

/** What the base64 text inside a program-starting script says. */
interface ProgramSpec {
  readonly file: string;
  readonly line: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** The script in a powershell.exe line, or undefined where it has neither -EncodedCommand nor -Command. */
export function scriptOf(line: string): string | undefined {
  const words = splitArguments(line);
  const place = words.findIndex((word) => /^[-/](?:e|ec|en|enc|encodedcommand|c|command)$/i.test(word));
  const given = words[place + 1];
  if (place === -1 || given === undefined) return undefined;
  return /^[-/]e/i.test(words[place] ?? "")
    ? Buffer.from(given, "base64").toString("utf16le")
    : words.slice(place + 1).join(" ");
}

/** The program that a script starts by the runner's transport: its one base64 text is JSON with a file and a line. */
export function programOf(script: string): ProgramSpec | undefined {
  const base64 = /FromBase64String\('([A-Za-z0-9+/=]+)'\)/.exec(script)?.[1];
  if (base64 === undefined) return undefined;
  try {
    const spec: unknown = JSON.parse(Buffer.from(base64, "base64").toString("utf8"));
    return isProgramSpec(spec) ? spec : undefined;
  } catch {
    return undefined;
  }
}

/** Runs powershell.exe with what stands behind its name. */
export async function runPowershell({ machine, place, line, printed }: ProgramStart): Promise<number> {
  const script = scriptOf(line);
  if (script === undefined) {
    printed.print("The lab's PowerShell takes -EncodedCommand or -Command. [sim]\n", { to: "err" });
    return 1;
  }
  const program = programOf(script);
  const own: WindowsPlace = { folder: place.folder, environment: new Map(place.environment) };
  return program === undefined
    ? new Script({ machine, place: own, printed, script }).run()
    : startProgram(machine, own, program, printed, script);
}

async function startProgram(
  machine: WindowsMachine,
  place: WindowsPlace,
  spec: ProgramSpec,
  printed: Printed,
  script: string,
): Promise<number> {
  const folder = spec.cwd === undefined ? place.folder : machine.drive.absolute(spec.cwd, place.folder);
  const inside: WindowsPlace = { folder: folder ?? place.folder, environment: startPlace(machine).environment };
  for (const [name, value] of Object.entries(spec.env ?? {})) inside.environment.set(name.toUpperCase(), value);
  // CreateProcess looks for a bare name where the caller is, not in the folder that the program is to start in.
  const program = findProgram(machine, place, spec.file);
  if (program === undefined) {
    // Said as the script itself would say it: its words and its code are in its own text.
    const words = /WriteLine\('([^']*)'/.exec(script)?.[1] ?? "";
    const code = Number(/;exit (\d+)\}\s*$/.exec(script)?.[1] ?? 1);
    printed.print(`${words}The system cannot find the file specified [sim]\n`, { to: "err", encoding: "utf8" });
    return code;
  }
  return program({ machine, place: inside, line: spec.line, printed });
}

function isProgramSpec(spec: unknown): spec is ProgramSpec {
  return (
    typeof spec === "object" &&
    spec !== null &&
    "file" in spec &&
    "line" in spec &&
    typeof spec.file === "string" &&
    typeof spec.line === "string"
  );
}

/** Ends a script. */
class Exit extends Error {
  readonly status: number;

  constructor(status: number) {
    super("exit");
    this.status = status;
  }
}

class Script {
  readonly #machine: WindowsMachine;
  readonly #place: WindowsPlace;
  readonly #printed: Printed;
  readonly #script: string;
  readonly #variables = new Map<string, PowershellValue>([
    ["true", true],
    ["false", false],
    ["null", null],
    ["lastexitcode", 0],
    ["?", true],
  ]);

  constructor(options: {
    readonly machine: WindowsMachine;
    readonly place: WindowsPlace;
    readonly printed: Printed;
    readonly script: string;
  }) {
    this.#machine = options.machine;
    this.#place = options.place;
    this.#printed = options.printed;
    this.#script = options.script;
  }

  async run(): Promise<number> {
    try {
      await this.#block(parsePowershell(this.#script));
      return 0;
    } catch (error) {
      if (error instanceof Exit) return error.status;
      if (error instanceof UnreadScript) {
        this.#printError(`The lab's PowerShell does not read this: ${error.message} [sim]`);
        return 1;
      }
      if (!(error instanceof PowershellError)) throw error;
      this.#printError(error.message);
      return 1;
    }
  }

  // An error that nobody catches goes to a pipe as CLIXML.
  #printError(message: string): void {
    const escaped = message.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
    const lines = escaped.split("\n").map((line) => `<S S="Error">${line}_x000D__x000A_</S>`);
    this.#printed.print(
      `#< CLIXML\n<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">${lines.join("")}</Objs>`,
      { to: "err" },
    );
  }

  async #block(statements: readonly Statement[]): Promise<void> {
    for (const statement of statements) await this.#statement(statement);
  }

  async #statement(statement: Statement): Promise<void> {
    switch (statement.type) {
      case "pipeline":
        this.#print(await this.#pipeline(statement.pipeline, "printed"));
        break;
      case "assign":
        this.#assign(statement.name, await this.#pipeline(statement.pipeline, "taken"));
        break;
      case "exit":
        throw new Exit(statement.value === undefined ? 0 : Number(asText(await this.#value(statement.value))));
      case "throw":
        throw new PowershellError(
          statement.value === undefined ? "ScriptHalted" : asText(await this.#value(statement.value)),
        );
      case "if":
        for (const { condition, block } of statement.cases) {
          if (asTruth(await this.#pipeline(condition, "taken"))) return this.#block(block);
        }
        return this.#block(statement.otherwise);
      case "try":
        try {
          await this.#block(statement.block);
        } catch (error) {
          if (!(error instanceof PowershellError)) throw error;
          this.#variables.set("_", error.message);
          await this.#block(statement.caught);
        }
        break;
      default:
        statement satisfies never;
    }
    return undefined;
  }

  #assign(name: string, values: readonly PowershellValue[]): void {
    const value = values.length === 1 ? (values[0] ?? null) : values;
    const key = name.toLowerCase().replace(/^(?:global|script|local):/, "");
    if (key.startsWith("env:")) this.#place.environment.set(key.slice(4).toUpperCase(), asText(value));
    // Settings of types, as of [Console], say nothing here: what is printed is UTF-8 once it is asked for.
    else if (!key.startsWith("[")) this.#variables.set(key, value);
  }

  async #pipeline(pipeline: Pipeline, use: "printed" | "taken"): Promise<readonly PowershellValue[]> {
    let values: readonly PowershellValue[] = [];
    for (const [index, stage] of pipeline.entries()) {
      const isLast = index === pipeline.length - 1;
      if (stage.type === "value") values = asList(await this.#value(stage.value));
      else values = await this.#command(stage.name, stage.args, { input: values, isTaken: use === "taken" || !isLast });
    }
    return values;
  }

  async #command(
    name: Expression,
    args: readonly Expression[],
    { input, isTaken }: { readonly input: readonly PowershellValue[]; readonly isTaken: boolean },
  ): Promise<readonly PowershellValue[]> {
    const called = asText(await this.#value(name));
    // The type of an encoding is made and given away; nothing looks at it.
    if (/^new-object$/i.test(called)) return ["System.Object"];
    const cmdlet = findCmdlet(called);
    if (cmdlet === undefined) return this.#program(called, args, isTaken);
    const parameters = new Map<string, PowershellValue>();
    const rest: PowershellValue[] = [];
    for (let at = 0; at < args.length; at++) {
      const arg = args[at];
      if (arg === undefined) continue;
      if (arg.type !== "parameter") rest.push(await this.#value(arg));
      else if (isSwitch(called, arg.name)) parameters.set(arg.name, true);
      else {
        const value = args[at + 1];
        if (value === undefined) throw new PowershellError(`Missing an argument for parameter '${arg.name}'. [sim]`);
        parameters.set(arg.name, await this.#value(value));
        at++;
      }
    }
    const action = asText(parameters.get("erroraction") ?? "").toLowerCase();
    try {
      return await cmdlet({ machine: this.#machine, place: this.#place, parameters, rest, input });
    } catch (error) {
      if (error instanceof PowershellError && /^(?:silentlycontinue|ignore)$/.test(action)) return [];
      throw error;
    }
  }

  async #program(name: string, args: readonly Expression[], isTaken: boolean): Promise<readonly PowershellValue[]> {
    const program = findProgram(this.#machine, this.#place, name);
    if (program === undefined) {
      throw new PowershellError(
        `The term '${name}' is not recognized as the name of a cmdlet, function, script file, or operable program. Check the spelling of the name, or if a path was included, verify that the path is correct and try again. [sim]`,
      );
    }
    const words: string[] = [];
    for (const arg of args)
      words.push(arg.type === "parameter" ? this.#spelling(arg.name) : asText(await this.#value(arg)));
    // As up to 7.2: a word with a blank gets quotes, quotes inside it are lost, an empty one vanishes.
    const line = words.flatMap((word) => (word === "" ? [] : [/\s/.test(word) ? `"${word}"` : word])).join(" ");
    const outBefore = this.#printed.out.length;
    const status = await program({ machine: this.#machine, place: this.#place, line, printed: this.#printed });
    this.#variables.set("lastexitcode", status);
    this.#variables.set("?", status === 0);
    if (!isTaken) return [];
    const text = Buffer.concat(this.#printed.out.splice(outBefore)).toString("latin1");
    return text === "" ? [] : text.replace(/\r?\n$/, "").split(/\r?\n/);
  }

  // Parameters were read without regard to case; a program gets its option as it was written.
  #spelling(name: string): string {
    return new RegExp(`-${name}(?!\\w)`, "i").exec(this.#script)?.[0] ?? `-${name}`;
  }

  #print(values: readonly PowershellValue[]): void {
    const text = printValues(values);
    if (text !== "") this.#printed.print(text, { encoding: this.#encoding });
  }

  get #encoding(): "utf8" | "oem" {
    return /\[Console\]::OutputEncoding\s*=/i.test(this.#script) ? "utf8" : "oem";
  }

  async #value(expression: Expression): Promise<PowershellValue> {
    switch (expression.type) {
      case "text": {
        const parts: string[] = [];
        for (const part of expression.parts)
          parts.push(typeof part === "string" ? part : asText(await this.#value(part)));
        return parts.join("");
      }
      case "number":
        return expression.value;
      case "parameter":
        return this.#spelling(expression.name);
      case "variable": {
        const key = expression.name.toLowerCase().replace(/^(?:global|script|local):/, "");
        if (key.startsWith("env:")) return this.#place.environment.get(key.slice(4).toUpperCase()) ?? null;
        return key === "pwd" ? this.#place.folder : (this.#variables.get(key) ?? null);
      }
      case "pipeline": {
        const values = await this.#pipeline(expression.pipeline, "taken");
        return values.length === 1 ? (values[0] ?? null) : values;
      }
      case "not":
        return !asTruth(await this.#value(expression.of));
      case "compare":
        return compare(expression.operator, await this.#value(expression.left), await this.#value(expression.right));
      case "member": {
        const args: PowershellValue[] = [];
        for (const arg of expression.args ?? []) args.push(await this.#value(arg));
        return this.#member(
          await this.#value(expression.of),
          expression.name,
          expression.args === undefined ? undefined : args,
        );
      }
    }
  }

  #member(of: PowershellValue, name: string, args: readonly PowershellValue[] | undefined): PowershellValue {
    if (of === "[Console]::Error" || of === "[Console]::Out") {
      if (name !== "writeline" && name !== "write") return null;
      const text = args?.map(asText).join("") ?? "";
      this.#printed.print(name === "writeline" ? `${text}\n` : text, {
        to: of === "[Console]::Error" ? "err" : "out",
        encoding: this.#encoding,
      });
      return null;
    }
    if (isObject(of)) return of.members[name] ?? null;
    if (name === "count" || (name === "length" && isList(of))) return asList(of).length;
    if (isList(of)) return of.map((value) => this.#member(value, name, args));
    const text = asText(of);
    if (name === "tolower" || name === "tolowerinvariant") return text.toLowerCase();
    if (name === "toupper" || name === "toupperinvariant") return text.toUpperCase();
    if (name === "trim") return text.trim();
    if (name === "length") return text.length;
    return name === "tostring" || name === "message" || name === "exception" ? text : null;
  }
}

function compare(operator: string, left: PowershellValue, right: PowershellValue): boolean {
  const [a, b] = [asText(left), asText(right)];
  const isSame = typeof left === "number" ? left === Number(b) : a.toLowerCase() === b.toLowerCase();
  const pattern = (): RegExp =>
    new RegExp(
      `^${b
        .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
        .replaceAll("*", ".*")
        .replaceAll("?", ".")}$`,
      "is",
    );
  switch (operator) {
    case "eq":
      return isSame;
    case "ne":
      return !isSame;
    case "like":
      return pattern().test(a);
    case "notlike":
      return !pattern().test(a);
    case "match":
      return new RegExp(b, "i").test(a);
    case "notmatch":
      return !new RegExp(b, "i").test(a);
    case "gt":
      return Number(a) > Number(b);
    case "lt":
      return Number(a) < Number(b);
    case "ge":
      return Number(a) >= Number(b);
    case "le":
      return Number(a) <= Number(b);
    case "and":
      return asTruth(left) && asTruth(right);
    case "or":
      return asTruth(left) || asTruth(right);
    default:
      throw new UnreadScript(`-${operator}`);
  }
}
