// The generations of the appliance that the lab can be, and what differs between them.

/** A generation: 4.x, 5.1, 5.3 to 5.4, 6.2, 7.x. */
export type LunaProfile = "4" | "5.1" | "5.3" | "6.2" | "7";

/** What differs between the generations. */
export interface LunaGeneration {
  readonly profile: LunaProfile;
  readonly version: string;
  /** `client -register` (4.x) or `client register`. */
  readonly hasHyphenatedCommands: boolean;
  readonly hasPartitionTable: boolean;
  readonly showsHtl: boolean;
  readonly hasAuditRole: boolean;
  readonly modelLine: string;
  readonly banner: string;
}

const models = {
  k5: "Hardware Model:                     Luna K5 [sim]",
  k6: "Hardware Model:                     Luna K6",
  base: "HSM Model:                          K6 Base",
  seven: "HSM Model:                          Luna K7 [sim]",
};

/** The version that a profile has unless an option says otherwise. */
export const profileVersions: Readonly<Record<LunaProfile, string>> = {
  "4": "4.4.2-5",
  "5.1": "5.1.0-24",
  "5.3": "5.4.7-1",
  "6.2": "6.2.2-5",
  "7": "7.0.0-1286",
};

/** The profile that a version belongs to: `5.4.7-1` is of profile 5.3. */
export function profileOf(version: string): LunaProfile {
  const [major = 0, minor = 0] = version.split(/[.-]/).map(Number);
  if (major <= 4) return "4";
  if (major === 5) return minor < 3 ? "5.1" : "5.3";
  return major === 6 ? "6.2" : "7";
}

/** Puts together what an appliance of a version says and does. Banners without a capture end with `[sim]`. */
export function makeGeneration(version: string): LunaGeneration {
  const profile = profileOf(version);
  return {
    profile,
    version,
    hasHyphenatedCommands: profile === "4",
    hasPartitionTable: profile !== "4",
    showsHtl: profile === "5.3" || profile === "6.2",
    hasAuditRole: profile !== "4" && profile !== "5.1",
    modelLine: { "4": models.k5, "5.1": models.k6, "5.3": models.k6, "6.2": models.base, "7": models.seven }[profile],
    banner: makeBanner(profile, version),
  };
}

function makeBanner(profile: LunaProfile, version: string): string {
  const safeNet = (years: string): string =>
    `Luna SA ${version} Command Line Shell - Copyright (c) ${years} SafeNet, Inc. All rights reserved.`;
  switch (profile) {
    case "4":
      return `${safeNet("2001-2009")} [sim]`;
    case "5.1":
      return `${safeNet("2001-2011")} [sim]`;
    case "5.3":
      return safeNet("2001-2014");
    case "6.2":
      return `${safeNet("2001-2016")} [sim]`;
    case "7": {
      const [major, minor] = version.split(".");
      return `SafeNet Luna Network HSM ${major}.${minor} Command Line Shell - Copyright (c) 2001-2017 Gemalto, Inc. All rights reserved.`;
    }
  }
}
