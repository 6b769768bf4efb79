// What the declarations of a file, and of the files that it uses, say before any statement: inputs, roles, secrets, hosts.
import type { DeclarationNode, FileNode } from "../../language/tree.ts";
import type { Diagnostic } from "../../text/diagnostic.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import { fits, isDiagnostic, showType, typeFromNode, wordType } from "../../vocabulary/types.ts";
import type { Kind, Type } from "../../vocabulary/vocabulary.ts";
import { boundTwice } from "../findings/bound-twice.ts";
import { declaredTwice } from "../findings/declared-twice.ts";
import { unknownHost } from "../findings/unknown-host.ts";
import { needsOtherKind } from "../findings/wrong-kind.ts";
import { secondRunbook } from "../findings/second-runbook.ts";
import { secretInFile } from "../findings/secret-in-file.ts";
import { expectType } from "../names/fit.ts";
import { readValue } from "../names/read-value.ts";
import type { Scope } from "../names/scope.ts";
import type { Walk } from "../names/walk.ts";
import type { Need, Program } from "../program.ts";

type Report = (finding: Diagnostic) => void;
type SecretNode = DeclarationNode & { readonly type: "secret" };

/** The `needs` of the runbook, their types resolved; one whose type is unknown is left out. */
export function readNeeds(file: FileNode, kinds: ReadonlyMap<string, Kind>, report: Report): readonly Need[] {
  const needs = new Map<string, Need>();
  for (const node of file.declarations) {
    if (node.type !== "needs") continue;
    const type = typeFromNode(node.of, kinds);
    if (isDiagnostic(type)) report(type);
    const earlier = needs.get(node.name.text);
    if (earlier !== undefined)
      report(declaredTwice(node.name.span, { word: "input", name: node.name.text, first: earlier.span }));
    else
      needs.set(node.name.text, {
        name: node.name.text,
        type: isDiagnostic(type) ? { type: "host", kinds: undefined } : type,
        default: node.default,
        span: node.name.span,
      });
  }
  return [...needs.values()];
}

/** The roles of the runbook: name → title. */
export function readRoles(file: FileNode, report: Report): ReadonlyMap<string, string> {
  const roles = new Map<string, string>();
  const spans = new Map<string, DeclarationNode["span"]>();
  for (const node of file.declarations) {
    if (node.type !== "role") continue;
    const first = spans.get(node.name.text);
    if (first !== undefined) report(declaredTwice(node.name.span, { word: "role", name: node.name.text, first }));
    else spans.set(node.name.text, node.name.span);
    const title = node.title?.parts.map((part) => (part.type === "literal" ? part.text : "")).join("");
    roles.set(node.name.text, title ?? node.name.text);
  }
  return roles;
}

/** The secrets of the runbook's own files, then those of the inventory that they do not name themselves. */
export function readSecrets(
  own: readonly FileNode[],
  inventory: readonly FileNode[],
  report: Report,
): Program["secrets"] {
  const secrets = new Map<
    string,
    { readonly name: string; readonly from: SecretNode["from"]; readonly span: SecretNode["span"] }
  >();
  for (const files of [own, inventory]) {
    const here = new Map<string, SecretNode>();
    for (const node of files.flatMap((file) => file.declarations)) {
      if (node.type !== "secret") continue;
      const first = here.get(node.name.text);
      if (first !== undefined)
        report(declaredTwice(node.name.span, { word: "secret", name: node.name.text, first: first.name.span }));
      here.set(node.name.text, node);
      if (!secrets.has(node.name.text))
        secrets.set(node.name.text, { name: node.name.text, from: node.from, span: node.name.span });
    }
  }
  return secrets;
}

/** Hosts and groups of both, without those of the inventory that the runbook's own files name themselves. */
export function hostDeclarations(own: readonly FileNode[], inventory: readonly FileNode[]): readonly DeclarationNode[] {
  const mine = own.flatMap((file) => file.declarations);
  const named = new Set(
    mine.flatMap((node) => (node.type === "host" || node.type === "group" ? [node.name.text] : [])),
  );
  return [
    ...mine,
    ...inventory
      .flatMap((file) => file.declarations)
      .filter((node) => !((node.type === "host" || node.type === "group") && named.has(node.name.text))),
  ];
}

/** Reports a second `runbook` line; gives the first. */
export function readRunbookLine(
  file: FileNode,
  report: Report,
): (DeclarationNode & { readonly type: "runbook" }) | undefined {
  const lines = file.declarations.filter(
    (node): node is DeclarationNode & { readonly type: "runbook" } => node.type === "runbook",
  );
  const [first, ...others] = lines;
  if (first !== undefined) for (const other of others) report(secondRunbook(other.span, first.span));
  return first;
}

export interface Names {
  readonly needs: readonly Need[];
  readonly secrets: Program["secrets"];
  /** Secrets declared in the runbook's own files: only those must be used. */
  readonly ownSecrets: ReadonlySet<string>;
  readonly inventory: Inventory;
}

/** Binds what is known in the whole file. A `needs` may have the name of the host or secret that fills it. */
export function bindDeclared(names: Names, scope: Scope, report: Report): void {
  const { inventory } = names;
  for (const { name, type, span } of names.needs) {
    scope.bind({ name, type, origin: "need", span, known: undefined, used: false, from: [] });
    const host = inventory.hosts.get(name);
    const given: Type | undefined =
      host === undefined ? groupType(name, inventory) : { type: "host", kinds: [host.kind] };
    const declared = host?.span ?? inventory.groups.get(name)?.span;
    if (given !== undefined && fits(given, type) !== "yes" && (type.type === "host" || type.type === "group"))
      report(needsOtherKind(span, name, showType(type), { kind: showType(given), span: declared }));
  }
  const add = (
    name: string,
    type: Type,
    origin: "host" | "group" | "secret",
    span: Need["span"] | undefined,
    used: boolean,
  ): void => {
    const earlier = scope.bind({ name, type, origin, span, known: undefined, used, from: [] });
    if (earlier !== undefined && earlier.type.type !== type.type && span !== undefined)
      report(boundTwice(span, name, earlier));
  };
  for (const host of inventory.hosts.values())
    add(host.name, { type: "host", kinds: [host.kind] }, "host", host.span, true);
  for (const group of inventory.groups.values())
    add(group.name, groupType(group.name, inventory) ?? wordType, "group", group.span, true);
  for (const secret of names.secrets.values())
    add(secret.name, { type: "secret" }, "secret", secret.span, !names.ownSecrets.has(secret.name));
}

/** Checks the defaults of inputs: of their type, and never a secret. */
export function checkDefaults(needs: readonly Need[], walk: Walk): void {
  for (const need of needs) {
    if (need.default === undefined) continue;
    if (need.type.type === "secret") {
      walk.report(secretInFile(need.default.span, `The input ${need.name}`));
      continue;
    }
    const read = readValue(need.default, walk);
    if (need.type.type === "host" || need.type.type === "group") {
      if (read.known === undefined) continue;
      const named = walk.scope.find(read.known);
      if (named?.type.type !== need.type.type)
        walk.report(
          unknownHost(
            need.default.span,
            read.known,
            [...walk.scope.all()].filter(({ type }) => type.type === need.type.type).map(({ name }) => name),
          ),
        );
      else if (fits(named.type, need.type) === "no")
        walk.report(
          needsOtherKind(need.default.span, need.name, showType(need.type), {
            kind: showType(named.type),
            span: named.span,
          }),
        );
    } else expectType(read, { type: need.type, place: need.name }, need.default.span, walk);
  }
}

function groupType(name: string, inventory: Inventory): Type | undefined {
  const group = inventory.groups.get(name);
  if (group === undefined) return undefined;
  return {
    type: "group",
    kinds: [...new Set(group.members.map((member) => inventory.hosts.get(member)?.kind ?? "linux"))],
  };
}
