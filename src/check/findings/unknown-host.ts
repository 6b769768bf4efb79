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

/** `on {hsm}`, or a host's name where something else bound it. */
export function noHost(span: Span, name: string, what: string): Diagnostic {
  return error("unknown-host", span, `"${name}" is ${what}, and a host is needed here. Name one by a plain word.`);
}
