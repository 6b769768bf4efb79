import { error, type Diagnostic } from "../../text/diagnostic.ts";
import { nearest } from "../../text/nearest.ts";
import type { Span } from "../../text/source.ts";

/** `on hms`: neither the file nor the inventory names this host. */
export function unknownHost(span: Span, name: string, known: readonly string[]): Diagnostic {
  const near = nearest(name, known);
  const hint =
    near === undefined
      ? `Name it in hosts.runbook or here: host ${name}: KIND at ADDRESS, or needs ${name}: KIND`
      : `The nearest is: ${near}`;
  return error(
    "unknown-host",
    span,
    `No host is named "${name}". ${hint}`,
    near === undefined ? {} : { fixes: [{ span, text: near, safe: false }] },
  );
}

/** `on web`, where web is a group, or `on size`, where size is a number. */
export function noHost(span: Span, name: string, isGroup: boolean): Diagnostic {
  return error(
    "unknown-host",
    span,
    isGroup
      ? `"${name}" is a group, and one host is needed here. For every host of it, write: on each NAME in ${name}`
      : `"${name}" is no host, and one is needed here. Name a host of this file or of the inventory.`,
  );
}
