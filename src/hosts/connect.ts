// Opens a host by whatever way its inventory entry gives. What a way needs is loaded when it is taken: ssh2 takes 100 ms.
import type { Connect } from "./connection.ts";

/** Makes a connection; rejects with `HostFailure`, or with the signal's reason when that was given first. */
export const connect: Connect = async (target, signal) => {
  signal.throwIfAborted();
  if (target.here) {
    const { connectLocal } = await import("./local.ts");
    return connectLocal(target);
  }
  const { connectSsh } = await import("./ssh.ts");
  return connectSsh(target, signal);
};
