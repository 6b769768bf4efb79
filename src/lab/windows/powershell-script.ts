// Runs what the lab reads of PowerShell.

import type { Printed, WindowsMachine, WindowsPlace } from "./machine.ts";
import { findCmdlet, isSwitch } from "./powershell-commands.ts";
import { parsePowershell, UnreadScript } from "./powershell-syntax.ts";
import type { Expression, Pipeline, Statement } from "./powershell-syntax.ts";
import { asList, asText, asTruth, isList, isObject, PowershellError, printValues } from "./powershell-values.ts";
import type { PowershellValue } from "./powershell-values.ts";
import { findProgram } from "./programs.ts";

/** Where a script runs, and what it is. */
export interface ScriptStart {
  readonly machine: WindowsMachine;
  readonly place: WindowsPlace;
  readonly printed: Printed;
  readonly script: string;
}

/** Runs a script to its end and gives its exit status. */
export function runScript(start: ScriptStart): Promise<number> {
  return new Script(start).run();
}

/** Ends a script. */
class Exit extends Error {
  readonly status: number;

  constructor(status: number) {
    super("exit");
    this.status = status;
  }
}

/** One script, as it runs. */
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

  constructor(options: ScriptStart) {
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
      case "list": {
        const items: PowershellValue[] = [];
        for (const item of expression.items) items.push(await this.#value(item));
        return items;
      }
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
    if (of === "[System.Net.Dns]::GetHostName" && name === "()") return this.#machine.hostname;
    if (name === "()") throw new UnreadScript(`${asText(of)}()`);
    if (isObject(of)) return name === "tostring" ? of.text : (of.members[name] ?? null);
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
