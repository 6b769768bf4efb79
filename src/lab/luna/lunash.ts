// One lunash: an interactive shell with its prompt, or a single command on an exec channel.

import { findCut, freezesAtOnce } from "../host.ts";
import type { Faults, Received } from "../host.ts";
import type { Outlet } from "../ssh/outlet.ts";
import type { SessionRequest } from "../ssh/server.ts";
import { openOutlet } from "../ssh/session-outlet.ts";
import { Terminal } from "../ssh/terminal.ts";
import type { Echo } from "../ssh/terminal.ts";
import type { Appliance } from "./appliance.ts";
import { readLine } from "./command-line.ts";
import type { LunaResult, LunaSession } from "./command.ts";
import { lunaCommands } from "./commands.ts";
import { changeFirstPassword } from "./login-commands.ts";

/** What a session needs of its host. */
export interface LunaSessionHost {
  readonly appliance: Appliance;
  readonly faults: Faults;
  readonly received: (item: Received) => void;
  /** When and from where this account logged in last, as the banner says it. */
  readonly lastLogin: string;
}

/** Serves an interactive lunash until `exit`, Ctrl-D or the client's end. */
export async function serveLunash(request: SessionRequest, host: LunaSessionHost): Promise<void> {
  const shell = new Lunash(request, host);
  const { appliance } = host;
  await shell.write(`${host.lastLogin}\n\n${appliance.generation.banner}\n\n`);
  const motd = host.faults.find("motd");
  if (motd !== undefined) await shell.write(`${motd.text}\n`);
  if (appliance.mustChangePassword && !(await changeFirstPassword(shell.session()))) {
    shell.end(1);
    return;
  }
  appliance.mustChangePassword = false;
  for (;;) {
    await shell.write(`[${appliance.hostname}] lunash:>`);
    const line = await shell.readLine("plain");
    if (line.type === "ended") break;
    if (line.type === "interrupted" || line.text.trim() === "") continue;
    const text = line.text.trim();
    if (text === "exit") break;
    // At the bare prompt `quit` does nothing; drivers send it to leave a question that may or may not stand there.
    if (text !== "quit") await shell.runCommand(text);
  }
  shell.end(0);
}

/** Serves one command on an exec channel; the exit status is 0, or 255 (65535 as ssh carries it). */
export async function serveLunashCommand(
  request: SessionRequest,
  command: string,
  host: LunaSessionHost,
): Promise<void> {
  const shell = new Lunash(request, host);
  shell.end((await shell.runCommand(command.trim())) === "success" ? 0 : 255);
}

class Lunash {
  readonly #request: SessionRequest;
  readonly #host: LunaSessionHost;
  readonly #outlet: Outlet;
  readonly #terminal: Terminal;
  #endsConnection = false;

  constructor(request: SessionRequest, host: LunaSessionHost) {
    this.#request = request;
    this.#host = host;
    this.#outlet = openOutlet(request, host.faults);
    this.#terminal = new Terminal(request.channel, this.#outlet, { hasPty: request.hasPty });
  }

  write(text: string): Promise<void> {
    return this.#terminal.write(text);
  }

  async readLine(echo: Echo): ReturnType<Terminal["readLine"]> {
    const line = await this.#terminal.readLine(echo);
    if (line.type === "line") this.#host.received({ type: "line", text: line.text, hidden: echo !== "plain" });
    return line;
  }

  /** Runs a command with the faults that are meant for it, and prints its trailer. */
  async runCommand(text: string): Promise<LunaResult> {
    const { faults } = this.#host;
    this.#outlet.cutAfter(findCut(faults, text));
    // A frozen command ends with its connection.
    if (freezesAtOnce(faults, text)) await new Promise<never>(() => undefined);
    const byHand = faults.findFor("by-hand", text);
    if (byHand !== undefined) {
      await this.write(byHand.text);
      await byHand.done;
      await this.write("\n");
    }
    const surprise = faults.findFor("surprise", text);
    let result: LunaResult = "failure";
    if (surprise === undefined || (await this.#answersSurprise(surprise.text))) result = await this.#work(text);
    else await this.write("Command was not executed. [sim]\n");
    await this.write(`\nCommand Result : ${result === "success" ? "0 (Success)" : "65535 (Luna Shell execution)"}\n`);
    this.#outlet.cutAfter(undefined);
    if (this.#endsConnection) await this.#cutOnceSent();
    return result;
  }

  // Nothing comes after what was written, not even the end of the session.
  async #cutOnceSent(): Promise<void> {
    const { socket } = this.#request;
    await new Promise<void>((resolve) => {
      socket.end(() => resolve());
    });
  }

  async #answersSurprise(question: string): Promise<boolean> {
    await this.write(question);
    const line = await this.readLine("plain");
    return line.type === "line" && /^(?:proceed|yes|y)$/i.test(line.text.trim());
  }

  async #work(text: string): Promise<LunaResult> {
    const { appliance } = this.#host;
    const read = readLine(text, lunaCommands, appliance.generation.hasHyphenatedCommands);
    if ("problem" in read) {
      await this.write(`Error:  ${read.problem} [sim]\n`);
      return "failure";
    }
    return read.command.run(this.session(), read);
  }

  session(): LunaSession {
    return {
      appliance: this.#host.appliance,
      account: this.#request.user,
      print: (line) => this.write(`${line}\n`),
      ask: async (question, echo = "plain") => {
        await this.write(question);
        const line = await this.readLine(echo);
        return line.type === "line" ? line.text : undefined;
      },
      endConnection: () => {
        this.#endsConnection = true;
      },
    };
  }

  end(status: number): void {
    const { channel } = this.#request;
    channel.exit(status);
    channel.end();
  }
}
