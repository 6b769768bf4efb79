// What a statement may ask the host where it stands.
import type { Given } from "../../plan/evaluate.ts";
import type { PlannedPlace } from "../../plan/plan.ts";
import type { HostLink } from "../hosts/host-link.ts";
import { givenBy, type FilesOf } from "../readings/given.ts";
import { defaultWithinMs } from "../commands/settings.ts";
import { placeHere, type Frame } from "./frame.ts";
import { inTime } from "./in-time.ts";
import { plainText } from "./values.ts";

/** Conditions and readings at a place. */
export function givenAt(frame: Frame, place: PlannedPlace): Given {
  return givenBy(filesAt(frame, place));
}

/** The same on a host whose folder is known. */
export function givenOn(frame: Frame, link: HostLink, folder: string | undefined): Given {
  return givenBy(filesOn(frame, link, folder));
}

/** The files of the host at a place. Throws `HostFailure` where the host is none of the plan. */
export function filesAt(frame: Frame, place: PlannedPlace): FilesOf {
  const here = placeHere(frame, place);
  return filesOn(
    frame,
    frame.run.hosts.link(here.host),
    here.in === undefined ? undefined : plainText(here.in, frame.scope),
  );
}

export function filesOn(frame: Frame, link: HostLink, folder: string | undefined): FilesOf {
  const { given } = frame.run;
  return {
    name: link.name,
    here: link.planned.host.here,
    connection: async () => {
      const connection = await link.connection();
      link.announce(connection, frame.step === undefined ? {} : { step: frame.step });
      return connection;
    },
    inTime: (work) =>
      inTime(
        frame,
        { links: [link], untilMs: Math.min(frame.deadlineMs, given.clock.monotonicMs() + defaultWithinMs), late },
        work,
      ),
    folder,
    startFolder: given.startFolder,
    temporaryFolder: given.temporaryFolder,
    now: () => given.clock.now(),
  };
}

const late = {
  message: "The host did not say within its time what is in the file.",
  wayOn: "Look whether the host is overloaded, and how large the file is.",
};
