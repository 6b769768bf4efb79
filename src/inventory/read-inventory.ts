// Hosts and groups as declared, with what is wrong in their declarations. No secret is read and nothing is connected to.
import { hostname } from "node:os";
import type { DeclarationNode, HostNode } from "../language/tree.ts";
import type { Diagnostic } from "../text/diagnostic.ts";
import { error } from "../text/diagnostic.ts";
import { nearest } from "../text/nearest.ts";
import type { Span } from "../text/source.ts";
import { unknownKind } from "../vocabulary/types.ts";
import type { Kind } from "../vocabulary/vocabulary.ts";
import type { Group, Host, Inventory } from "./inventory.ts";
import { readHost } from "./reading/read-host.ts";

export interface ReadInventory {
  readonly inventory: Inventory;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads the hosts and groups among some declarations: of one file, or of several in the order in which they count (the
 * runbook's own before the inventory's). A path of a key is relative to the file that says it.
 * @param kinds every kind that is known where the declarations stand
 * @param home the folder that `~` stands for
 */
export function readInventory(
  declarations: readonly DeclarationNode[],
  kinds: ReadonlyMap<string, Kind>,
  home: string = homeFolder(),
): ReadInventory {
  const diagnostics: Diagnostic[] = [];
  const hosts = new Map<string, Host>();
  const nodes = new Map<string, HostNode>();
  for (const node of declarations) {
    if (node.type !== "host") continue;
    const other = nodes.get(node.name.text);
    if (other !== undefined) {
      diagnostics.push(twice("host", node.name.text, node.name.span, other.name.span));
      continue;
    }
    if (!kinds.has(node.kind.text)) diagnostics.push(unknownKind(node.kind, kinds));
    nodes.set(node.name.text, node);
    hosts.set(node.name.text, readHost(node, home, diagnostics));
  }
  for (const node of nodes.values()) checkWay(node, nodes, diagnostics);
  const groups = readGroups(declarations, nodes, diagnostics);
  return { inventory: { hosts, groups }, diagnostics };
}

/** The machine that runs the runbook: where things happen that are on no other host. */
export function hereHost(platform: NodeJS.Platform = process.platform): Host {
  return {
    name: "here",
    kind: platform === "win32" ? "windows" : platform === "darwin" ? "macos" : "linux",
    here: true,
    address: hostname(),
    port: 22,
    user: undefined,
    password: undefined,
    sudoPassword: undefined,
    key: undefined,
    hostKey: undefined,
    via: undefined,
    version: undefined,
    allowWeakAlgorithms: [],
    bySystemSsh: false,
    span: undefined,
  };
}

function readGroups(
  declarations: readonly DeclarationNode[],
  nodes: ReadonlyMap<string, HostNode>,
  diagnostics: Diagnostic[],
): ReadonlyMap<string, Group> {
  const groups = new Map<string, Group>();
  for (const node of declarations) {
    if (node.type !== "group") continue;
    const name = node.name.text;
    const other = groups.get(name)?.span ?? nodes.get(name)?.name.span;
    if (other !== undefined) {
      diagnostics.push(twice(nodes.has(name) ? "host" : "group", name, node.name.span, other));
      continue;
    }
    const members: string[] = [];
    for (const member of node.members) {
      if (members.includes(member.text)) {
        diagnostics.push(
          error(
            "bound-twice",
            member.span,
            `${member.text} is in the group ${name} already. Take one of the two out: a host is done once.`,
          ),
        );
      } else if (nodes.has(member.text)) members.push(member.text);
      else diagnostics.push(unknownHost(member.text, member.span, nodes));
    }
    groups.set(name, { name, members, span: node.span });
  }
  return groups;
}

// `via` leads over other hosts, and not in a circle.
function checkWay(node: HostNode, nodes: ReadonlyMap<string, HostNode>, diagnostics: Diagnostic[]): void {
  const seen = new Set([node.name.text]);
  let at = node;
  for (;;) {
    const line = at.lines.find((candidate) => candidate.type === "via");
    if (line?.type !== "via") return;
    const next = nodes.get(line.host.text);
    if (next === undefined) {
      if (at === node) diagnostics.push(unknownHost(line.host.text, line.host.span, nodes));
      return;
    }
    if (next === node) {
      // Said once for the whole circle, where the last of its hosts closes it.
      if ([...nodes.keys()].findLast((name) => seen.has(name)) !== node.name.text) return;
      const over = [...seen].slice(1);
      diagnostics.push(
        error(
          "via-circle",
          line.host.span,
          over.length === 0
            ? `${node.name.text} can't be reached over itself. Take the "via" line out.`
            : `The way to ${node.name.text} leads over ${over.join(" and ")} back to itself. Take one of the "via" lines out.`,
        ),
      );
      return;
    }
    if (seen.has(next.name.text)) return;
    seen.add(next.name.text);
    at = next;
  }
}

function unknownHost(name: string, span: Span, nodes: ReadonlyMap<string, HostNode>): Diagnostic {
  const near = nearest(name, nodes.keys());
  const hint = near === undefined ? `Declare it: host ${name}: linux at ADDRESS` : `The nearest is ${near}.`;
  return error(
    "unknown-host",
    span,
    `Nothing declares a host "${name}". ${hint}`,
    near === undefined ? {} : { fixes: [{ span, text: near, safe: false }] },
  );
}

function twice(what: string, name: string, span: Span, first: Span): Diagnostic {
  return error(
    "bound-twice",
    span,
    `There is a ${what} "${name}" already. Give this one another name, or take it out.`,
    { notes: [{ message: "The first is here.", span: first }] },
  );
}

function homeFolder(): string {
  return process.env["HOME"] ?? process.env["USERPROFILE"] ?? "~";
}
