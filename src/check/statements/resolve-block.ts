// A block of statements, each resolved by its own file; what follows a `fail` is never reached.
import type { StatementNode } from "../../language/tree.ts";
import type { Span } from "../../text/source.ts";
import { isDiagnostic, typeFromNode } from "../../vocabulary/types.ts";
import { neverRuns } from "../findings/never-runs.ts";
import { unknownRole } from "../findings/unknown-role.ts";
import { bindName, bindUnknown } from "../names/bind.ts";
import { checkCondition } from "../names/conditions.ts";
import { checkDuration, checkText, checkWords } from "../names/fit.ts";
import { readValue } from "../names/read-value.ts";
import type { Resolved, Walk } from "../names/walk.ts";
import type { Statement } from "../program.ts";
import { resolveCall } from "./resolve-call.ts";
import { resolveIf } from "./resolve-if.ts";
import { resolveForEach, resolveOnEach } from "./resolve-loops.ts";
import { rememberUnreadable } from "./unknown-phrase.ts";
import { whereOn } from "./where.ts";
import { resolveRun } from "./resolve-run.ts";

/** Resolves the statements of a block, in order. */
export function resolveBlock(nodes: readonly StatementNode[], walk: Walk): Resolved {
  const statements: Statement[] = [];
  let stops: Span | undefined;
  let isSaid = false;
  for (const node of nodes) {
    if (stops !== undefined && !isSaid) {
      walk.report(neverRuns(node.span, stops));
      isSaid = true;
    }
    const resolved = resolveStatement(node, walk);
    for (const statement of resolved.statements) statements.push(statement);
    stops ??= resolved.stops;
  }
  return { statements, stops };
}

function resolveStatement(node: StatementNode, walk: Walk): Resolved {
  const { placement } = walk.where;
  switch (node.type) {
    case "call":
      return plain(resolveCall(node, walk));
    case "run":
      return plain(resolveRun(node, walk));
    case "on":
      return walk.block(node.block, { ...walk, where: whereOn(node, walk) });
    case "on-each":
      return plain(resolveOnEach(node, walk, (inside) => walk.block(node.block, inside).statements));
    case "if":
      return resolveIf(node, walk);
    case "for-each":
      return plain(resolveForEach(node, walk));
    case "let": {
      const read = readValue(node.value, walk, "may be secret");
      if (read.type !== undefined) bindName(node.name, { type: read.type, origin: "let", known: read.known }, walk);
      else bindUnknown(node.name, "let", walk);
      return plain({ type: "let", name: node.name.text, value: node.value, placement, span: node.span });
    }
    case "expect":
      checkCondition(node.condition, walk);
      return plain({ type: "expect", condition: node.condition, placement, span: node.span });
    case "ask": {
      checkWords(node.question, walk);
      const of = typeFromNode(node.of, walk.world.kinds);
      if (isDiagnostic(of)) {
        walk.report(of);
        bindUnknown(node.name, "ask", walk);
        return nothing;
      }
      bindName(node.name, { type: of, origin: "ask" }, walk);
      return plain({
        type: "ask",
        name: node.name.text,
        of,
        typeNode: node.of,
        question: node.question,
        span: node.span,
      });
    }
    case "confirm":
    case "by-hand":
      checkWords(node.words, walk);
      if (node.by !== undefined && !walk.world.roles.has(node.by.text))
        walk.report(unknownRole(node.by.span, node.by.text, [...walk.world.roles.keys()]));
      return plain({ type: node.type, words: node.words, by: node.by?.text, span: node.span });
    case "note":
      checkWords(node.words, walk);
      return plain({ type: "note", words: node.words, span: node.span });
    case "attach":
      checkText(node.file, { type: { type: "scalar", name: "path" }, place: "attach" }, walk);
      return plain({ type: "attach", file: node.file, placement, span: node.span });
    case "wait":
      checkDuration(node.duration, "wait", walk);
      return plain({ type: "wait", duration: node.duration, span: node.span });
    case "fail":
      checkWords(node.reason, walk);
      return { statements: [{ type: "fail", reason: node.reason, span: node.span }], stops: node.span };
    // Where these stand inside a block, the parser has said so; what is in them is read all the same.
    case "step":
    case "finally":
      walk.block(node.block, walk);
      return nothing;
    case "unreadable":
      rememberUnreadable(node.span, walk);
      walk.block(node.block, walk);
      return nothing;
  }
}

const nothing: Resolved = { statements: [], stops: undefined };

function plain(statement: Statement | undefined): Resolved {
  return statement === undefined ? nothing : { statements: [statement], stops: undefined };
}
