// The Windows-like client's drive C: as a private folder of this machine, without regard to case.

import { existsSync, readdirSync } from "node:fs";
import { join, win32 } from "node:path";

/** The drive of one client. */
export class WindowsDrive {
  readonly #root: string;
  /** Where relative paths start unless a shell has gone elsewhere: the account's profile. */
  readonly profile: string;

  constructor(root: string, profile: string) {
    this.#root = root;
    this.profile = profile;
  }

  /** The absolute path that a person means, with the names that the files really have; undefined for another drive. */
  absolute(path: string, folder: string = this.profile): string | undefined {
    const fromSftp = /^\/[A-Za-z]:/.test(path) ? path.slice(1) : path;
    const whole = win32.resolve(folder, fromSftp);
    if (!/^[Cc]:\\/.test(whole)) return undefined;
    let real = this.#root;
    const shown = whole
      .slice(3)
      .split("\\")
      .filter((part) => part !== "")
      .map((part) => {
        const name = findName(real, part);
        real = join(real, name);
        return name;
      });
    return `C:\\${shown.join("\\")}`;
  }

  /** The real path of a client's path; undefined for another drive. */
  real(path: string, folder: string = this.profile): string | undefined {
    const shown = this.absolute(path, folder);
    return shown === undefined ? undefined : join(this.#root, ...shown.slice(3).split("\\"));
  }
}

// Windows keeps the case of a name and finds it in any.
function findName(folder: string, name: string): string {
  if (!existsSync(folder) || existsSync(join(folder, name))) return name;
  try {
    return readdirSync(folder).find((other) => other.toLowerCase() === name.toLowerCase()) ?? name;
  } catch {
    return name;
  }
}
