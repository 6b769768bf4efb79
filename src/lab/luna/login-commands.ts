// What can stand between a login and the first prompt: the change of a password that must be changed.

import type { LunaSession } from "./command.ts";

/** Asks for a new password as sshd's login does (text of 5.1); tells whether it was changed. */
export async function changeFirstPassword(session: LunaSession): Promise<boolean> {
  const { appliance, account } = session;
  await session.print("You are required to change your password immediately (root enforced)");
  await session.print(`Changing password for ${account}`);
  const current = await session.ask("(current) UNIX password: ", "none");
  if (current !== appliance.passwords.get(account)) return false;
  const first = await session.ask("Enter new password: ", "none");
  const second = first === undefined ? undefined : await session.ask("Re-type new password: ", "none");
  if (first === undefined || first !== second || !isStrongPassword(first) || first === current) return false;
  appliance.setPassword(account, first);
  return true;
}

/** At least 8 characters from 3 of 4 classes. */
export function isStrongPassword(password: string): boolean {
  const classes = [/[a-z]/, /[A-Z]/, /\d/, /[^a-zA-Z\d]/].filter((kind) => kind.test(password)).length;
  return password.length >= 8 && classes >= 3;
}
