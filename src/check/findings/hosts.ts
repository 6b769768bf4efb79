// What can be wrong with where a line happens.
import { error, warning, type Diagnostic } from "../../text/diagnostic.ts";
import { nearest } from "../../text/nearest.ts";
import type { Span } from "../../text/source.ts";
import type { Phrase } from "../../vocabulary/vocabulary.ts";
import { list } from "./said.ts";

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

/** `on {hsm}` */
export function hostInBraces(span: Span, name: string): Diagnostic {
  return error("host-in-braces", span, `A host is named by a plain word; {${name}} is the text of its name.`, {
    fixes: [{ span, text: name, safe: true }],
  });
}

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

/** A phrase on a host of a kind that it has no block for. */
export function wrongKind(
  span: Span,
  phrase: Phrase,
  on: { readonly host: string; readonly kind: string; readonly isSure: boolean; readonly takes: readonly string[] },
): Diagnostic {
  return error(
    "wrong-kind",
    span,
    `"${phrase.shown}" works on ${list(on.takes, "or")}, and ${on.host} ${on.isSure ? "is" : "may be"} ${on.kind}. Put the line under "on" with a host of the right kind.`,
  );
}

/** A phrase outside `on`, and several hosts of its kinds. */
export function ambiguousHost(span: Span, phrase: Phrase, hosts: readonly string[]): Diagnostic {
  return error(
    "ambiguous-host",
    span,
    `"${phrase.shown}" could happen on ${list(hosts, "or")}, and nothing says where. Put it under: on ${hosts[0]}`,
  );
}

/** A phrase outside `on` that changes something, and no host of its kinds. */
export function noHostOfKind(span: Span, phrase: Phrase, kinds: readonly string[], couldBeHere: boolean): Diagnostic {
  const here = couldBeHere ? `, or write "on here" if this machine is meant` : "";
  return error(
    "no-host",
    span,
    `"${phrase.shown}" works on ${list(kinds, "or")}, and neither this file nor an inventory names such a host. Name one: host NAME: ${kinds[0]} at ADDRESS${here}.`,
  );
}

/** A phrase that changes nothing and happens on the machine that runs the runbook. */
export function fallsToHere(span: Span, phrase: Phrase, kinds: readonly string[]): Diagnostic {
  return warning(
    "falls-to-here",
    span,
    `Neither this file nor an inventory names a host of kind ${list(kinds, "or")}, so "${phrase.shown}" happens here, on the machine that runs the runbook. If that is meant, put it under: on here`,
  );
}

/** `by oficer` */
export function unknownRole(span: Span, name: string, known: readonly string[]): Diagnostic {
  const near = nearest(name, known);
  const hint = near === undefined ? `Declare it at the beginning: role ${name}` : `The nearest is: ${near}`;
  return error(
    "unknown-role",
    span,
    `No role is named "${name}". ${hint}`,
    near === undefined ? {} : { fixes: [{ span, text: near, safe: false }] },
  );
}

/** A `needs` for a host, and a host of that name and of another kind. */
export function needsOtherKind(
  span: Span,
  name: string,
  needs: string,
  host: { readonly kind: string; readonly span: Span | undefined },
): Diagnostic {
  return error(
    "wrong-kind",
    span,
    `This needs ${name} to be ${needs}, and what is named ${name} is ${host.kind}. Name another host, or add the kind here.`,
    {
      notes: host.span === undefined ? [] : [{ message: "It is declared here", span: host.span }],
    },
  );
}
