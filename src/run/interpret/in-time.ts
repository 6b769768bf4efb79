// Work with files of hosts, within a time: what is over has its connections closed, so that nothing goes on behind the run.
import { HostFailure } from "../../hosts/connection.ts";
import type { HostLink } from "../hosts/host-link.ts";
import type { Frame } from "./frame.ts";

export interface Limit {
  /** Whose connections the work uses. */
  readonly links: readonly HostLink[];
  /** Monotonic time. */
  readonly untilMs: number;
  /** What is said when the time is over. */
  readonly late: { readonly message: string; readonly wayOn: string };
}

/** What the work gives. Rejects with `HostFailure` when it took too long. */
export async function inTime<T>(frame: Frame, { links, untilMs, late }: Limit, work: Promise<T>): Promise<T> {
  const { clock } = frame.run.given;
  const over = new AbortController();
  const tooLate = clock.wait(Math.max(0, untilMs - clock.monotonicMs()), over.signal).then(async () => {
    if (over.signal.aborted) return await work;
    work.catch(() => undefined); // it is cut off, and says so
    await Promise.all(links.map((link) => link.close("it took too long")));
    throw new HostFailure("no-answer", late.message, late.wayOn);
  });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    over.abort();
    tooLate.catch(() => undefined); // lost the race
  }
}
