// `ntls …`, `service …` and `sysconf regenCert`: the trust link's service and its certificate.

import { aborted, confirms, refuse } from "./command.ts";
import type { LunaCommand, LunaSession } from "./command.ts";

const regenerateCertificate: LunaCommand = {
  words: ["sysconf", "regenCert"],
  flags: ["force"],
  run: async (session, { flags }) => {
    if (!flags.has("force")) {
      const question = `
WARNING !!  This command will overwrite the current server certificate and private key.
            All clients will have to add this server again with this new certificate.

If you are sure that you wish to proceed, then type 'proceed', otherwise type 'quit'
> `;
      if (!(await confirms(session, question))) return aborted(session, "sysconf regenCert");
      await session.print("Proceeding...");
    }
    await session.appliance.regenerateIdentity();
    await session.print(`
'sysconf regenCert' successful. NTLS must be (re)started before clients can connect.

Please use the 'ntls show' command to ensure that NTLS is bound to an appropriate network device or IP address/hostname
for the network device(s) NTLS should be active on. Use 'ntls bind' to change this binding if necessary.
`);
    return "success";
  },
};

const bind: LunaCommand = {
  words: ["ntls", "bind"],
  flags: ["force"],
  run: async (session, { rest, flags }) => {
    const { ntls } = session.appliance;
    const [device] = rest;
    if (device === undefined) return refuse(session, "ntls bind", "Name a network device or an address.");
    ntls.boundTo = device;
    await session.print(`Success: NTLS binding network device ${device} set. [sim]`);
    const question = `NTLS must be restarted for the change to take effect. [sim]
          Type 'proceed' to restart NTLS now, or 'quit' to do it later. [sim]
          > `;
    if (flags.has("force") || (await confirms(session, question))) await restart(session);
    else ntls.needsRestart = true;
    return "success";
  },
};

const show: LunaCommand = {
  words: ["ntls", "show"],
  run: async (session) => {
    const { ntls } = session.appliance;
    await session.print(`NTLS bound to network device: ${ntls.boundTo ?? "none"} [sim]`);
    await session.print(
      `NTLS is ${ntls.isRunning ? "running" : "not running"}${ntls.needsRestart ? ", and must be restarted" : ""}. [sim]`,
    );
    return "success";
  },
};

const ipCheckShow: LunaCommand = {
  words: ["ntls", "ipcheck", "show"],
  run: async (session) => {
    await session.print(
      `NTLS client source IP validation : ${session.appliance.ntls.checksSourceIp ? "Enable" : "Disable"}`,
    );
    return "success";
  },
};

const ipCheckDisable: LunaCommand = {
  words: ["ntls", "ipcheck", "disable"],
  run: async (session) => {
    session.appliance.ntls.checksSourceIp = false;
    await session.print("NTLS client source IP validation disabled");
    return "success";
  },
};

const ipCheckEnable: LunaCommand = {
  words: ["ntls", "ipcheck", "enable"],
  run: async (session) => {
    session.appliance.ntls.checksSourceIp = true;
    await session.print("NTLS client source IP validation enabled [sim]");
    return "success";
  },
};

const services = ["ntls", "syslog"];

const serviceRestart: LunaCommand = {
  words: ["service", "restart"],
  flags: ["force"],
  run: async (session, { rest }) => {
    const service = rest[0]?.toLowerCase() ?? "";
    if (!services.includes(service))
      return refuse(session, "service restart", `The lab has the services ${services.join(" and ")}.`);
    if (service === "ntls") await restart(session);
    else {
      await session.print("Shutting down kernel logger:                               [  OK  ]");
      await session.print("Starting kernel logger:                                    [  OK  ] [sim]");
    }
    return "success";
  },
};

const serviceStop: LunaCommand = {
  words: ["service", "stop"],
  flags: ["force"],
  run: async (session, { rest }) => {
    const { appliance } = session;
    if (rest[0]?.toLowerCase() === "ntls") {
      await appliance.ntls.stop();
      await session.print("Stopping ntls:                                             [  OK  ] [sim]");
    } else if (rest[0]?.toLowerCase() === "syslog") {
      appliance.isSyslogRunning = false;
      await session.print("Shutting down kernel logger:                               [  OK  ]");
    } else return refuse(session, "service stop", `The lab has the services ${services.join(" and ")}.`);
    return "success";
  },
};

const serviceStart: LunaCommand = {
  words: ["service", "start"],
  run: async (session, { rest }) => {
    const { appliance } = session;
    if (rest[0]?.toLowerCase() === "ntls") {
      if (!appliance.ntls.isRunning) await appliance.restartNtls();
      await session.print("Starting ntls:                                             [  OK  ] [sim]");
    } else if (rest[0]?.toLowerCase() === "syslog") {
      appliance.isSyslogRunning = true;
      await session.print("Starting kernel logger:                                    [  OK  ] [sim]");
    } else return refuse(session, "service start", `The lab has the services ${services.join(" and ")}.`);
    return "success";
  },
};

const serviceStatus: LunaCommand = {
  words: ["service", "status"],
  run: async (session, { rest }) => {
    const { appliance } = session;
    const service = rest[0]?.toLowerCase() ?? "";
    if (!services.includes(service))
      return refuse(session, "service status", `The lab has the services ${services.join(" and ")}.`);
    const isRunning = service === "ntls" ? appliance.ntls.isRunning : appliance.isSyslogRunning;
    await session.print(`\n   ${service} is ${isRunning ? "running" : "not running"}\n`);
    return "success";
  },
};

/** `sysconf regenCert`, `ntls bind`, `show`, `ipcheck`, `service restart`, `stop`, `start`, `status`. */
export const ntlsCommands: readonly LunaCommand[] = [
  regenerateCertificate,
  bind,
  show,
  ipCheckShow,
  ipCheckDisable,
  ipCheckEnable,
  serviceRestart,
  serviceStop,
  serviceStart,
  serviceStatus,
];

async function restart(session: LunaSession): Promise<void> {
  const wasRunning = session.appliance.ntls.isRunning;
  await session.print(
    `Stopping ntls:                                             [  ${wasRunning ? "OK" : "FAILED"}  ] [sim]`,
  );
  await session.appliance.restartNtls();
  await session.print("Starting ntls:                                             [  OK  ] [sim]");
}
