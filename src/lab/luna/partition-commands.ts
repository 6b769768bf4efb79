// `partition …`, whose creation dialogue differs in every generation.

import { aborted, confirms, refuse } from "./command.ts";
import type { LunaCommand, LunaSession } from "./command.ts";

/** Bytes that a new partition gets; the size that captures of 5.x show. */
const partitionSizeBytes = 102_701;

const tableHead = `                                                      Storage (bytes)
                                                ----------------------------
 Partition    Name                     Objects     Total      Used      Free
 ===========================================================================`;

const list: LunaCommand = {
  words: ["partition", "list"],
  run: async (session) => {
    const { partitions, generation } = session.appliance;
    if (partitions.length === 0) {
      await session.print("There are no partitions.\n");
      return "success";
    }
    if (generation.hasPartitionTable) await session.print(tableHead);
    for (const { serial, name, objects, totalBytes, usedBytes } of partitions) {
      await session.print(
        generation.hasPartitionTable
          ? ` ${serial.padEnd(12)} ${name.padEnd(24)} ${cell(objects, 7)} ${cell(totalBytes, 9)} ${cell(usedBytes, 9)} ${cell(totalBytes - usedBytes, 9)}`
          : `Partition: ${serial}, Name: ${name}`,
      );
    }
    await session.print("");
    return "success";
  },
};

const show: LunaCommand = {
  words: ["partition", "show"],
  options: ["partition"],
  run: async (session, { options }) => {
    const wanted = options.get("partition");
    const shown = session.appliance.partitions.filter(({ name }) => wanted === undefined || name === wanted);
    if (wanted !== undefined && shown.length === 0)
      return refuse(session, "partition show", "Specified partition does not exist.");
    for (const { serial, name, objects, totalBytes, usedBytes } of shown) {
      await session.print(`   Partition Name:                     ${name} [sim]`);
      await session.print(`   Partition SN:                       ${serial}`);
      await session.print(`   Partition Objects:                  ${objects} [sim]`);
      await session.print(`   Total Storage Space (Bytes):        ${totalBytes} [sim]`);
      await session.print(`   Free Storage Space (Bytes):         ${totalBytes - usedBytes} [sim]\n`);
    }
    return "success";
  },
};

const create: LunaCommand = {
  words: ["partition", "create"],
  options: ["partition", "label", "password", "domain", "size"],
  flags: ["allfreestorage", "force"],
  run: async (session, { options, flags }) => {
    const { appliance } = session;
    const name = options.get("partition");
    if (name === undefined) return refuse(session, "partition create", "Give -partition with a name.");
    if (!appliance.hsm.isLoggedIn)
      return refuse(session, "partition create", "The HSM Administrator is not logged in.");
    if (appliance.partitions.some((partition) => partition.name === name)) {
      return refuse(session, "partition create", `A partition named '${name}' already exists.`);
    }
    const isSure = await createDialogue(session, options, flags.has("force"));
    if (isSure === "quit") return aborted(session, "partition create");
    if (isSure === "differs") return refuse(session, "partition create", "The two entries are not the same.");
    const made = { serial: nextSerial(session), name, objects: 0, totalBytes: partitionSizeBytes, usedBytes: 0 };
    appliance.partitions = [...appliance.partitions, made];
    await session.print("'partition create' successful.\n");
    return "success";
  },
};

const remove: LunaCommand = {
  words: ["partition", "delete"],
  options: ["partition"],
  flags: ["force"],
  run: async (session, { options, flags }) => {
    const { appliance } = session;
    const name = options.get("partition");
    const partition = appliance.partitions.find((candidate) => candidate.name === name);
    if (partition === undefined) return refuse(session, "partition delete", "Specified partition does not exist.");
    if (!appliance.hsm.isLoggedIn)
      return refuse(session, "partition delete", "The HSM Administrator is not logged in.");
    const question = `CAUTION:  Are you sure you wish to delete the partition named: [sim]
          ${partition.name}
        Type 'proceed' to delete the partition, or 'quit'
        to quit now.
        > `;
    if (!flags.has("force") && !(await confirms(session, question))) return aborted(session, "partition delete");
    appliance.partitions = appliance.partitions.filter((other) => other !== partition);
    appliance.clients = appliance.clients.map((client) => ({
      ...client,
      partitions: client.partitions.filter((serial) => serial !== partition.serial),
    }));
    await session.print("'partition delete' successful. [sim]\n");
    return "success";
  },
};

/** `partition list`, `show`, `create`, `delete`. */
export const partitionCommands: readonly LunaCommand[] = [list, show, create, remove];

type Agreement = "agreed" | "quit" | "differs";

// Questions verbatim from S14 (5.x), S4 (6.2) and S10 (7.x).
async function createDialogue(
  session: LunaSession,
  options: ReadonlyMap<string, string>,
  isForced: boolean,
): Promise<Agreement> {
  const count = session.appliance.partitions.length + 1;
  const { profile } = session.appliance.generation;
  if (profile === "7") {
    const question =
      "\n          Type 'proceed' to create the partition, or\n          'quit' to quit now.\n          > ";
    return isForced || (await confirms(session, question)) ? "agreed" : "quit";
  }
  if (profile === "6.2") {
    await session.print(`\n  On completion, you will have this number of partitions: ${count}\n`);
    if (!options.has("label")) await session.print("  -label:  Not provided; using name for label.\n");
    const secrets = await askSecrets(
      session,
      options,
      "Please enter a cloning domain to use when creating this partition:",
    );
    if (secrets !== "agreed") return secrets;
    const question = "  Type 'proceed' to create the initialized partition, or 'quit' to quit now.\n  > ";
    return isForced || (await confirms(session, question)) ? "agreed" : "quit";
  }
  const question = `  Please ensure that you have purchased licenses for at least this number of partitions: ${count}
  If you are sure to continue then type proceed, otherwise type quit.
  > `;
  if (!isForced) {
    if (!(await confirms(session, question))) return "quit";
    await session.print("Processing...");
  }
  const password = await askTwice(
    session,
    options.get("password"),
    "Please enter a password for the partition:",
    "Please re-enter password to confirm:",
  );
  if (password !== "agreed" || options.has("domain")) return password;
  const domain = await session.ask(
    "  Please enter the cloning domain to use when creating this partition (press enter to use the default domain):\n  > ",
    "stars",
  );
  return domain === undefined ? "quit" : "agreed";
}

async function askSecrets(
  session: LunaSession,
  options: ReadonlyMap<string, string>,
  domain: string,
): Promise<Agreement> {
  const password = await askTwice(
    session,
    options.get("password"),
    "Please enter a password for the partition:",
    "Please re-enter password to confirm:",
  );
  if (password !== "agreed") return password;
  return askTwice(session, options.get("domain"), domain, "Please re-enter cloning domain to confirm:");
}

/** Asks for something hidden twice, unless an option gave it. */
export async function askTwice(
  session: LunaSession,
  given: string | undefined,
  first: string,
  second: string,
): Promise<Agreement> {
  if (given !== undefined) return "agreed";
  const one = await session.ask(`  ${first}\n  > `, "stars");
  if (one === undefined) return "quit";
  const two = await session.ask(`  ${second}\n  > `, "stars");
  if (two === undefined) return "quit";
  return one === two ? "agreed" : "differs";
}

// 9 digits up to 6.x, 12 to 13 from 7.x on, so that nobody parses them by width.
function nextSerial(session: LunaSession): string {
  const { partitions, hsm, generation } = session.appliance;
  const base = generation.profile === "7" ? `${hsm.serial}438` : hsm.serial;
  for (let number = partitions.length + 1; ; number++) {
    const serial = `${base}${String(number).padStart(3, "0")}`;
    if (!partitions.some((partition) => partition.serial === serial)) return serial;
  }
}

function cell(value: number, width: number): string {
  return String(value).padStart(width);
}
