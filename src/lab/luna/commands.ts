// Every command that the lab's lunash knows, in the order that `help` lists them.

import { clientCommands } from "./client-commands.ts";
import type { LunaCommand } from "./command.ts";
import { hsmCommands } from "./hsm-commands.ts";
import { ntlsCommands } from "./ntls-commands.ts";
import { partitionCommands } from "./partition-commands.ts";
import { systemCommands } from "./system-commands.ts";

const help: LunaCommand = {
  words: ["help"],
  run: async (session) => {
    const words = [...new Set(lunaCommands.map((command) => command.words[0] ?? ""))];
    await session.print("The following top-level commands are available: [sim]");
    for (const word of words) await session.print(`  ${word}`);
    return "success";
  },
};

/** All commands; a generation that lacks one says so itself. */
export const lunaCommands: readonly LunaCommand[] = [
  help,
  ...clientCommands,
  ...partitionCommands,
  ...hsmCommands,
  ...ntlsCommands,
  ...systemCommands,
];
