/** The exit statuses, the same for all commands. */
export const exitStatus = {
  /** It is so. */
  ok: 0,
  /** It is not so: a step failed, an error was found, the transcript was altered. */
  notSo: 1,
  /** The command line is wrong, or a file named on it can't be read. */
  usage: 2,
  /** `verify`: whole and untouched so far, but not sealed. */
  unsealed: 3,
  /** Stopped for a person. */
  person: 4,
  interrupted: 130,
} as const;

export type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus];
