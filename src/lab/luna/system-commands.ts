// `network …`, `sysconf ntp …`, `my file …`, `status …`, `user …`: the appliance as a machine.

import { aborted, confirms, refuse } from "./command.ts";
import type { LunaCommand } from "./command.ts";
import { isStrongPassword } from "./login-commands.ts";

const hostname: LunaCommand = {
  words: ["network", "hostname"],
  run: async (session, { rest }) => {
    const [name] = rest;
    if (name === undefined) return refuse(session, "network hostname", "Give a name.");
    session.appliance.hostname = name;
    await session.print(`Success: Hostname ${name} set.`);
    return "success";
  },
};

const networkShow: LunaCommand = {
  words: ["network", "show"],
  run: async (session) => {
    await session.print(
      `   Hostname:            ${session.appliance.hostname} [sim]\n   IP Address (eth0):   127.0.0.1 [sim]`,
    );
    return "success";
  },
};

const ntpList: LunaCommand = {
  words: ["sysconf", "ntp", "list"],
  run: async (session) => {
    for (const server of session.appliance.ntpServers) await session.print(`server ${server} [sim]`);
    if (session.appliance.ntpServers.length === 0) await session.print("There are no NTP servers. [sim]");
    return "success";
  },
};

const ntpAdd: LunaCommand = {
  words: ["sysconf", "ntp", "addserver"],
  run: async (session, { rest }) => {
    const [server] = rest;
    if (server === undefined) return refuse(session, "sysconf ntp addserver", "Give a server.");
    session.appliance.ntpServers = [...session.appliance.ntpServers, server];
    await session.print(`NTP server 'server ${server}' added.`);
    return "success";
  },
};

const fileList: LunaCommand = {
  words: ["my", "file", "list"],
  run: async (session) => {
    const { appliance, account } = session;
    const server = Buffer.from((await appliance.identity()).certificate);
    const files = [...appliance.filesOf(account)].map(([name, file]) => ({
      name,
      size: file.content.length,
      at: file.changedAt,
    }));
    for (const { name, size, at } of [{ name: "server.pem", size: server.length, at: appliance.now() }, ...files]) {
      await session.print(`${String(size).padStart(8)} ${at.toISOString().slice(0, 16).replace("T", " ")} ${name}`);
    }
    await session.print("[sim]\n");
    return "success";
  },
};

const fileClear: LunaCommand = {
  words: ["my", "file", "clear"],
  flags: ["force"],
  run: async (session) => {
    session.appliance.clearFiles(session.account);
    await session.print("'my file clear' successful. [sim]\n");
    return "success";
  },
};

const statusDate: LunaCommand = {
  words: ["status", "date"],
  run: async (session) => {
    await session.print(`${unixDate(session.appliance.now())} [sim]\n`);
    return "success";
  },
};

const setTime: LunaCommand = {
  words: ["sysconf", "time"],
  run: async (session, { rest }) => {
    const [time = "", day = ""] = rest;
    const clock = /^(\d\d):(\d\d)(?::(\d\d))?$/.exec(time);
    const date = /^(\d{4})(\d\d)(\d\d)$/.exec(day);
    if (clock === null || date === null) return refuse(session, "sysconf time", "Give HH:MM YYYYMMDD.");
    const [, hours, minutes, seconds = "00"] = clock;
    const [, year, month, dayOfMonth] = date;
    const wanted = Date.parse(`${year}-${month}-${dayOfMonth}T${hours}:${minutes}:${seconds}Z`);
    if (Number.isNaN(wanted)) return refuse(session, "sysconf time", "There is no such time.");
    session.appliance.clockOffsetSeconds = Math.round((wanted - Date.now()) / 1000);
    await session.print(`${unixDate(session.appliance.now())} [sim]\n`);
    return "success";
  },
};

const reboot: LunaCommand = {
  words: ["sysconf", "appliance", "reboot"],
  flags: ["force"],
  run: async (session, { flags }) => {
    const question = "Type 'proceed' to reboot the appliance, or 'quit' to quit now. [sim]\n> ";
    if (!flags.has("force") && !(await confirms(session, question)))
      return aborted(session, "sysconf appliance reboot");
    const { appliance } = session;
    await session.print("The system is going down for reboot NOW!\nReboot commencing");
    appliance.hsm = { ...appliance.hsm, isLoggedIn: false };
    await appliance.restartNtls();
    session.endConnection();
    return "success";
  },
};

const userPassword: LunaCommand = {
  words: ["user", "password"],
  run: async (session, { rest }) => {
    const { appliance } = session;
    const user = rest[0] ?? session.account;
    if (!appliance.passwords.has(user)) return refuse(session, "user password", `There is no user '${user}'.`);
    const first = await session.ask("Enter new password: ", "none");
    const second = first === undefined ? undefined : await session.ask("Re-type new password: ", "none");
    if (first === undefined || first !== second)
      return refuse(session, "user password", "Sorry, passwords do not match.");
    if (!isStrongPassword(first))
      return refuse(session, "user password", "It takes 8 characters of at least 3 of 4 classes.");
    appliance.setPassword(user, first);
    await session.print(`\n'user password' successful. [sim]\n`);
    return "success";
  },
};

/** `network`, `sysconf ntp`, `sysconf time`, `my file`, `status date`, `user password`. */
export const systemCommands: readonly LunaCommand[] = [
  hostname,
  networkShow,
  ntpList,
  ntpAdd,
  setTime,
  reboot,
  fileList,
  fileClear,
  statusDate,
  userPassword,
];

/** A date as `date` and sshd print it, in UTC: `Thu May 12 19:52:00 UTC 2016`. */
export function unixDate(at: Date, zone = "UTC "): string {
  const [weekday, day, month, year] = at.toUTCString().replace(",", "").split(" ");
  return `${weekday} ${month} ${day?.replace(/^0/, " ")} ${at.toISOString().slice(11, 19)} ${zone}${year}`;
}
