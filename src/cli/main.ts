// The command line: what each command takes. What a command does is in a file of its own, imported when it runs.
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { exitStatus } from "./exit-status.ts";
import { makeOutput, type Output } from "./output.ts";
import { version } from "./version.ts";

const collect = (value: string, before: readonly string[] | undefined): string[] => [...(before ?? []), value];

function setting(value: string, before: ReadonlyMap<string, string> | undefined): Map<string, string> {
  const at = value.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("It is NAME=VALUE.");
  const settings = new Map(before);
  const name = value.slice(0, at);
  if (settings.has(name)) throw new InvalidArgumentError(`${name} is set twice.`);
  return settings.set(name, value.slice(at + 1));
}

function count(value: string): number {
  if (!/^[1-9][0-9]{0,5}$/.test(value)) throw new InvalidArgumentError("It is a number from 1.");
  return Number(value);
}

function port(value: string): number {
  const number = Number(value);
  if (!/^[0-9]{1,5}$/.test(value) || number > 65_535)
    throw new InvalidArgumentError("It is a port, 0 to 65535 (0: any free ones).");
  return number;
}

function speed(value: string): number {
  const number = Number(value);
  if (!(number > 0) || !Number.isFinite(number))
    throw new InvalidArgumentError("It is a number above 0, such as 2 or 0.5.");
  return number;
}

const withInputs = (command: Command): Command =>
  command
    .option("--set <NAME=VALUE>", "gives an input its value (more than once)", setting)
    .option("--hosts <FILE>", "the inventory (else hosts.runbook beside the runbook)");

function makeProgram(): Command {
  const program = new Command("ordo")
    .description("Runbooks that are checked before they run, and transcripts that an auditor can verify.")
    .version(version)
    .addOption(new Option("--color", "colour, also where no terminal is").conflicts("noColor"))
    .addOption(new Option("--no-color", "no colour"))
    .exitOverride()
    .configureOutput({
      outputError: (text, write) => write(text.replace(/ argument '(.*)' is invalid\./s, ": '$1' can't be read.")),
    })
    .showHelpAfterError("(ordo --help lists the commands, ordo COMMAND --help their options)");

  // A command's status is the program's; the output is made when the command is known.
  const act = (work: (output: Output) => Promise<number>): Promise<void> => perform(program, work);
  const add = (name: string, about: string): Command => program.command(name).description(about).exitOverride();

  add("check", "read, resolve and check runbooks; print what is wrong")
    .argument("<FILE...>")
    .option("--hosts <FILE>", "the inventory (else hosts.runbook beside each runbook)")
    .option("--json", "one JSON object a finding")
    .action((files: string[], options: { hosts?: string; json?: true }) =>
      act(async (output) => (await import("./check-command.ts")).checkCommand(files, options, output)),
    );

  add("format", "write runbooks in the one layout")
    .argument("<FILE...>", "files, or - for standard input")
    .option("--check", "only say which files differ")
    .action((files: string[], options: { check?: true }) =>
      act(async (output) => (await import("./format-command.ts")).formatCommand(files, options, output)),
    );

  withInputs(add("plan", "show every step, host and exact command; needs no network"))
    .argument("<FILE>")
    .option("--json", "one JSON object a step")
    .action((file: string, options: { set?: ReadonlyMap<string, string>; hosts?: string; json?: true }) =>
      act(async (output) => (await import("./plan-command.ts")).planCommand(file, options, output)),
    );

  withInputs(add("run", "run a runbook, live, and write its transcript"))
    .argument("<FILE>")
    .option("--rehearse", "really run only what changes nothing")
    .option("--from <STEP>", "begin at this step (its title or number)")
    .addOption(new Option("--only <STEP>", "run this step alone").conflicts("from"))
    .option("--yes", "answer every confirm; the transcript says that nobody looked")
    .option("--allow-destroy <TEXT>", "allow what destroys exactly this (more than once)", collect)
    .option("--transcript <DIRECTORY>", "where the transcript goes (else transcripts/<time>-<runbook>)")
    .option("--sign <KEY>", "sign the seal with this ssh key (a private key's file, or a public one held by the agent)")
    .option("--operator <NAME>", "who runs it (else the account's name)")
    .option("--at-most <N>", "hosts at a time, at most", count)
    .option("--json", "one JSON object an event, and nothing else on standard output")
    .action((file: string, options) =>
      act(async (output) => (await import("./run-command.ts")).runCommand(file, options, output)),
    );

  add("verify", "say whether a transcript is whole, untouched and sealed, and by whom")
    .argument("<TRANSCRIPT>")
    .option("--allowed-signers <FILE>", "whom you trust: an allowed_signers file of ssh-keygen")
    .option("--head <DIGITS>", "the head's first digits, from paper")
    .option("--require <WORDS>", "signed,trusted,stamped,registered,complete: what must be so")
    .option("--json", "one JSON object a check")
    .action((folder: string, options) =>
      act(async (output) => (await import("./verify-command.ts")).verifyCommand(folder, options, output)),
    );

  add("sign", "add a person's signature to a sealed transcript")
    .argument("<TRANSCRIPT>")
    .requiredOption("--key <KEY>", "an ssh key: a private key's file, or a public one held by the agent")
    .option("--as <NAME>", "who signs (else the account's name)")
    .option("--role <ROLE>", "as what", "witness")
    .option("--meaning <WORDS>", "what the signature says", "I witnessed it")
    .action((folder: string, options) =>
      act(async (output) => (await import("./sign-command.ts")).signCommand(folder, options, output)),
    );

  add("replay", "play a transcript in the terminal, in its own time")
    .argument("<TRANSCRIPT>")
    .option("--speed <N>", "times as fast", speed)
    .option("--step", "wait for Enter after each step")
    .action((folder: string, options) =>
      act(async (output) => (await import("./replay-command.ts")).replayCommand(folder, options, output)),
    );

  add("phrases", "the vocabularies: phrases, and the kinds of host on which they work")
    .argument("[WORDS...]", "words to look for")
    .option("--use <FILE...>", "vocabularies of your own")
    .option("--json", "one JSON object a phrase")
    .action((words: string[], options) =>
      act(async (output) => (await import("./phrases-command.ts")).phrasesCommand(words, options, output)),
    );

  add("hosts", "the inventory; with --probe, whether each can be reached")
    .argument("[FILE]", "the inventory or a runbook", "hosts.runbook")
    .option("--probe", "connect to each: host key, account, version")
    .option("--json", "one JSON object a host")
    .action((file: string, options) =>
      act(async (output) => (await import("./hosts-command.ts")).hostsCommand(file, options, output)),
    );

  add("lab", "start the simulated hosts on loopback until Ctrl-C, and print an inventory for them")
    .option("--port <N>", "the first of its ports; 0: free ones (else the documented ones)", port)
    .option("--write <FILE>", "write the inventory to a file too")
    .action((options) => act(async (output) => (await import("./lab-command.ts")).labCommand(options, output)));

  add("demo", "exchange certificates on the lab, from nothing to a verified transcript").action(() =>
    act(async (output) => (await import("./demo-command.ts")).demoCommand(output)),
  );

  return program;
}

async function perform(program: Command, work: (output: Output) => Promise<number>): Promise<void> {
  const options = program.opts<{ color?: boolean }>();
  const asked = process.argv.includes("--color") || process.argv.includes("--no-color") ? options.color : undefined;
  const output = await makeOutput(asked);
  process.exitCode = await work(output);
  // The status of a run says how the run ended, whoever could read of it; of every other command the output is the result.
  if (program.args[0] === "run") return;
  process.once("exit", () => {
    if (output.lost() && process.exitCode === exitStatus.ok) process.exitCode = exitStatus.notSo;
  });
}

/** Runs the command line that the process was given; sets the exit status, and leaves exiting to Node so that output drains. */
async function main(): Promise<void> {
  try {
    await makeProgram().parseAsync();
  } catch (problem) {
    if (problem instanceof CommanderError) {
      // Commander has said it already; help and version are no mistakes.
      process.exitCode = problem.exitCode === 0 ? exitStatus.ok : exitStatus.usage;
      return;
    }
    // A bug or the machine: one line for the operator, the stack only where it is asked for.
    const message = isWithoutFolder(problem)
      ? "the folder in which it was started is gone. Start it in one that is there."
      : problem instanceof Error
        ? problem.message
        : String(problem);
    process.stderr.write(
      `ordo failed: ${message}\n${process.env["ORDO_DEBUG"] && problem instanceof Error ? `${problem.stack}\n` : ""}`,
    );
    process.exitCode = exitStatus.notSo;
  }
}

/** Whether the current folder was removed under the program. */
function isWithoutFolder(problem: unknown): boolean {
  return problem instanceof Error && "syscall" in problem && problem.syscall === "uv_cwd";
}

await main();
