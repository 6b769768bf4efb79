// sudo's password: given to the runner's own marker and to nothing else, once. A second marker means that it was wrong.
import type { Session } from "../../hosts/connection.ts";
import type { Secret } from "../../secrets/secret.ts";
import type { Act, Awaited } from "./converse.ts";

export interface SudoParts {
  readonly marker: string;
  readonly ready: string;
  readonly password: Secret | undefined;
  readonly host: string;
  /** Written once sudo has let the command in. */
  readonly input: readonly (string | Secret)[];
  readonly session: () => Session;
  /** The input ends after it; else a terminal stays open. */
  readonly endsInput: boolean;
  readonly record: (name: string) => Promise<void>;
}

/** What is awaited of sudo, before anything that the runbook awaits. */
export function awaitSudo(parts: SudoParts): readonly Awaited[] {
  let asked = false;
  return [
    {
      asks: (text) => text.includes(parts.marker),
      stands: (text) => text.includes(parts.marker),
      again: true,
      act: async (): Promise<Act> => {
        const wayOn = `Look at "sudo password from" of ${parts.host} in the inventory.`;
        if (asked)
          return {
            type: "stop",
            because: "refused",
            reason: `sudo on ${parts.host} did not take the password. It was given once and is not given again.`,
            wayOn,
          };
        asked = true;
        if (parts.password === undefined)
          return {
            type: "stop",
            because: "refused",
            reason: `sudo on ${parts.host} asks for a password, and none is known.`,
            wayOn,
          };
        await parts.record(parts.password.name);
        return { type: "send", reply: parts.password };
      },
    },
    {
      asks: (text) => text.includes(parts.ready),
      stands: (text) => text.includes(parts.ready),
      again: false,
      act: async (): Promise<Act> => {
        const session = parts.session();
        // Only what writes to a host reveals a secret: this does.
        for (const input of parts.input) await session.sendRaw(typeof input === "string" ? input : input.reveal());
        if (parts.endsInput) await session.endInput?.();
        return { type: parts.input.length > 0 ? "wrote" : "read on" };
      },
    },
  ];
}

/** Texts without the prompts that the runner itself gave to sudo: they are no output. */
export function withoutMarkers(
  text: string,
  sudo: { readonly marker: string; readonly ready: string } | undefined,
): string {
  return sudo === undefined ? text : text.replaceAll(sudo.marker, "").replaceAll(sudo.ready, "");
}

/** The same in bytes. One that is cut in two stays: it tells nothing. */
export function withoutMarkerBytes(
  bytes: Uint8Array,
  sudo: { readonly marker: string; readonly ready: string },
): Uint8Array {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (!buffer.includes(sudo.marker) && !buffer.includes(sudo.ready)) return bytes;
  return Buffer.from(withoutMarkers(buffer.toString("latin1"), sudo), "latin1");
}
