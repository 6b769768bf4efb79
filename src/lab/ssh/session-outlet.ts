// The outlet of one session, with its host's faults.

import type { Faults } from "../host.ts";
import { Outlet } from "./outlet.ts";
import type { ByteSink } from "./outlet.ts";
import type { SessionRequest } from "./server.ts";

/** Opens an outlet to a session's channel, or to its standard error. */
export function openOutlet(request: SessionRequest, faults: Faults, sink: ByteSink = request.channel): Outlet {
  return new Outlet({
    sink,
    socket: request.socket,
    isSlow: () => faults.find("slow") !== undefined,
    settle: request.settle,
  });
}
