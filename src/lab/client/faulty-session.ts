// One command on a lab's client, with the faults that are meant for it.

import type { Readable } from "node:stream";
import { findCut, freezesAtOnce } from "../host.ts";
import type { Faults, Received } from "../host.ts";
import type { Outlet } from "../ssh/outlet.ts";
import type { SessionRequest } from "../ssh/server.ts";
import { openOutlet } from "../ssh/session-outlet.ts";

/** Where a command writes to. */
export interface Outlets {
  readonly out: Outlet;
  readonly err: Outlet;
}

/**
 * Makes the outlets of a command and lets its faults happen before its work.
 * @param command what the client asked for, decoded as far as its host can
 * @returns the outlets, or undefined where the work must not be done; a frozen command never comes back
 */
export async function beginCommand(
  request: SessionRequest,
  command: string,
  host: { readonly faults: Faults; readonly received: (item: Received) => void },
): Promise<Outlets | undefined> {
  const { channel } = request;
  const out = openOutlet(request, host.faults);
  const err = openOutlet(request, host.faults, request.hasPty ? channel : channel.stderr);
  if (freezesAtOnce(host.faults, command, isMeant)) await new Promise<never>(() => undefined);
  const byHand = host.faults.findFor("by-hand", command, isMeant);
  if (byHand !== undefined) {
    await out.write(byHand.text);
    await byHand.done;
    await out.write("\n");
  }
  const surprise = host.faults.findFor("surprise", command, isMeant);
  if (surprise !== undefined) {
    await out.write(surprise.text);
    const answer = await readRawLine(channel);
    if (answer !== undefined) host.received({ type: "line", text: answer, hidden: false });
    if (answer === undefined || !/^(?:proceed|yes|y)$/i.test(answer.trim())) return undefined;
  }
  out.cutAfter(findCut(host.faults, command, isMeant));
  return { out, err };
}

function isMeant(command: string, words: string): boolean {
  return command.includes(words);
}

/** Reads one line byte by byte, so that what follows it stays in the stream. */
async function readRawLine(input: Readable): Promise<string | undefined> {
  const bytes: number[] = [];
  for (;;) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a stream in byte mode gives a Buffer of the length that was asked for
    const next = input.read(1) as Buffer | null;
    const byte = next?.[0];
    if (byte === 0x0a || byte === 0x0d) return Buffer.from(bytes).toString("utf8");
    if (byte !== undefined) bytes.push(byte);
    else if (input.readableEnded || input.destroyed) return undefined;
    else {
      await new Promise<void>((resolve) => {
        for (const event of ["readable", "end", "close"]) input.once(event, resolve);
      });
    }
  }
}
