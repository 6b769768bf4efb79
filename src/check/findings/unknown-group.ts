import { error, type Diagnostic } from "../../text/diagnostic.ts";
import { nearest } from "../../text/nearest.ts";
import type { Span } from "../../text/source.ts";

/** `on each s in web`: no group of this name. */
export function unknownGroup(span: Span, name: string, known: readonly string[], isHost: boolean): Diagnostic {
  const near = nearest(name, known);
  const hint = isHost
    ? `It is one host; write: on ${name}`
    : near === undefined
      ? `Name it in hosts.runbook or here: group ${name}: HOST, HOST, or needs ${name}: group of KIND`
      : `The nearest is: ${near}`;
  return error(
    "unknown-group",
    span,
    `No group of hosts is named "${name}". ${hint}`,
    near === undefined || isHost ? {} : { fixes: [{ span, text: near, safe: false }] },
  );
}
