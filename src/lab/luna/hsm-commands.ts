// `hsm …`: the module itself. Three wrong passwords destroy what it holds, as on the real one.

import { maxLoginAttempts } from "./appliance.ts";
import { aborted, confirms, refuse } from "./command.ts";
import type { LunaCommand } from "./command.ts";
import { askTwice } from "./partition-commands.ts";

const show: LunaCommand = {
  words: ["hsm", "show"],
  run: async (session) => {
    const { hsm, generation, partitions } = session.appliance;
    const attempts = hsm.isZeroized ? "HSM IS ZEROIZED !!!!" : `${hsm.attemptsLeft} before HSM zeroization!`;
    const used = partitions.reduce((sum, partition) => sum + partition.totalBytes, 0);
    await session.print(`

   Appliance Details:
   ==================
   Software Version:                ${generation.version}

   HSM Details:${" "}
   ============
   HSM Label:                          ${hsm.label}
   Serial #:                           ${hsm.serial}
   Firmware:                           6.10.9
   ${generation.modelLine}
   Authentication Method:              Password
   HSM Admin login status:             ${hsm.isLoggedIn ? "Logged In" : "Not Logged In"}
   HSM Admin login attempts left:      ${attempts}
   RPV Initialized:                    No`);
    if (generation.hasAuditRole)
      await session.print("   Audit Role Initialized:             No\n   Remote Login Initialized:           No");
    await session.print(`   Manually Zeroized:                  No

   Partitions created on HSM:${" "}
   ==========================`);
    if (partitions.length === 0) await session.print("   There are no partitions.\n");
    for (const { serial, name } of partitions) await session.print(`   Partition: ${serial},     Name: ${name}`);
    if (generation.profile === "6.2" || generation.profile === "7") {
      await session.print(
        `\n   Number of partitions allowed:        20 [sim]\n   Number of partitions created:        ${partitions.length} [sim]`,
      );
    }
    await session.print(`
   FIPS 140-2 Operation:
   =====================
   The HSM is NOT in FIPS 140-2 approved operation mode.

   HSM Storage Information:
   ========================
   Maximum HSM Storage Space (Bytes):   2097152
   Space In Use (Bytes):                ${used}
   Free Space Left (Bytes):             ${2_097_152 - used}
`);
    return "success";
  },
};

const login: LunaCommand = {
  words: ["hsm", "login"],
  options: ["password"],
  flags: ["force"],
  run: async (session, { options, flags }) => {
    const { appliance } = session;
    const { hsm } = appliance;
    if (hsm.isZeroized) {
      return refuse(session, "hsm login", "(30000F : LUNA_RET_SO_LOGIN_FAILURE_THRESHOLD) HSM IS ZEROIZED !!!!");
    }
    if (hsm.attemptsLeft === 1 && !flags.has("force")) {
      const question = `Caution:  This is your LAST available HSM Admin login attempt.
          If you fail, the HSM will be zeroized. [sim]
          Type 'proceed' to continue, or 'quit' to quit now. [sim]
          > `;
      if (!(await confirms(session, question))) return aborted(session, "hsm login");
    }
    const password =
      options.get("password") ?? (await session.ask("  Please enter the HSM Administrators' password:\n  > ", "stars"));
    if (password === undefined) return aborted(session, "hsm login");
    if (password === hsm.password) {
      appliance.hsm = { ...hsm, isLoggedIn: true, attemptsLeft: maxLoginAttempts };
      await session.print("\n'hsm login' successful.\n");
      return "success";
    }
    appliance.hsm = { ...hsm, isLoggedIn: false, attemptsLeft: hsm.attemptsLeft - 1 };
    if (appliance.hsm.attemptsLeft > 0) return refuse(session, "hsm login", "(A00000 : LUNA_RET_UM_PIN_INCORRECT)");
    appliance.zeroize();
    return refuse(session, "hsm login", "(30000F : LUNA_RET_SO_LOGIN_FAILURE_THRESHOLD)");
  },
};

const logout: LunaCommand = {
  words: ["hsm", "logout"],
  run: async (session) => {
    const { appliance } = session;
    appliance.hsm = { ...appliance.hsm, isLoggedIn: false };
    await session.print("\n'hsm logout' successful. [sim]\n");
    return "success";
  },
};

const init: LunaCommand = {
  words: ["hsm", "init"],
  options: ["label", "domain", "password"],
  flags: ["defaultdomain", "force"],
  run: async (session, { options, flags }) => {
    const { appliance } = session;
    const label = options.get("label");
    if (label === undefined) return refuse(session, "hsm init", "Give -label with a name.");
    let password = options.get("password");
    if (password === undefined) {
      password = await session.ask("  Please enter a password for the HSM Administrator: [sim]\n  > ", "stars");
      if (password === undefined) return aborted(session, "hsm init");
      const again = await session.ask("  Please re-enter password to confirm:\n  > ", "stars");
      if (again !== password) return refuse(session, "hsm init", "The two entries are not the same.");
    }
    const domain = flags.has("defaultdomain") ? "default" : options.get("domain");
    const agreement = await askTwice(
      session,
      domain,
      "Please enter a cloning domain to use for initializing this HSM: [sim]",
      "Please re-enter cloning domain to confirm:",
    );
    if (agreement === "quit") return aborted(session, "hsm init");
    if (agreement === "differs") return refuse(session, "hsm init", "The two entries are not the same.");
    const question = `CAUTION:  Are you sure you wish to initialize this HSM?
${appliance.hsm.isInitialized ? "          All partitions and data will be erased. [sim]\n" : ""}
          Type 'proceed' to initialize the HSM, or 'quit'
          to quit now.
          > `;
    if (!flags.has("force") && !(await confirms(session, question))) return aborted(session, "hsm init");
    appliance.zeroize();
    appliance.hsm = {
      ...appliance.hsm,
      label,
      password,
      isInitialized: true,
      isZeroized: false,
      attemptsLeft: maxLoginAttempts,
    };
    await session.print("'hsm init' successful.\n");
    return "success";
  },
};

/** `hsm show`, `login`, `logout`, `init`. */
export const hsmCommands: readonly LunaCommand[] = [show, login, logout, init];
