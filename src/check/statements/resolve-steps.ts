// The outermost level: steps, what stands outside any step, and `finally`.
import type { FileNode, StatementNode, StepNode } from "../../language/tree.ts";
import { sentenceText } from "../../text/source.ts";
import { neverRuns } from "../findings/never-runs.ts";
import { endNames } from "../names/bind.ts";
import { checkWords } from "../names/fit.ts";
import type { Resolved, Walk } from "../names/walk.ts";
import type { Statement, Step } from "../program.ts";
import { resolveBlock } from "./resolve-block.ts";
import { resolveOnEach } from "./resolve-loops.ts";
import { whereOn } from "./where.ts";

export interface Steps {
  readonly steps: readonly Step[];
  readonly finally: readonly Statement[];
}

/** Resolves the statements of a runbook, in the order of its text. */
export function resolveSteps(file: FileNode, walk: Walk): Steps {
  const steps: Step[] = [];
  let last: readonly Statement[] | undefined;
  let stops: StatementNode["span"] | undefined;
  let isSaid = false;
  for (const node of file.statements) {
    if (node.type === "finally") {
      last = resolveBlock(node.block, { ...walk, inFinally: true }).statements;
      continue;
    }
    if (stops !== undefined && !isSaid) {
      walk.report(neverRuns(node.span, stops));
      isSaid = true;
    }
    const resolved = node.type === "step" ? resolveStep(node, walk) : resolveLine(node, walk);
    if (resolved.step !== undefined) steps.push(resolved.step);
    stops ??= resolved.stops;
    endSecrets(walk);
  }
  return { steps, finally: last ?? [] };
}

interface OneStep {
  readonly step: Step | undefined;
  readonly stops: Resolved["stops"];
}

function resolveStep(node: StepNode, walk: Walk): OneStep {
  checkWords(node.title, walk);
  const { on } = node;
  const of = (statements: readonly Statement[], undo: readonly Statement[] | undefined): Step => ({
    title: node.title,
    statements,
    undo,
    narrative: node.narrative,
    span: node.span,
  });
  if (on?.type === "on-each") {
    // Names of the step end with its loop, so its `undo` is resolved inside it as well.
    let undo: readonly Statement[] | undefined;
    const loop = resolveOnEach(on, walk, (inside) => {
      const { statements } = resolveBlock(node.block, inside);
      undo = node.undo === undefined ? undefined : resolveBlock(node.undo, inside).statements;
      return statements;
    });
    return {
      step: of([loop], undo === undefined ? undefined : [{ ...loop, block: undo }]),
      stops: undefined,
    };
  }
  const inside = on === undefined ? walk : { ...walk, where: whereOn(on, walk) };
  const { statements, stops } = resolveBlock(node.block, inside);
  const undo = node.undo === undefined ? undefined : resolveBlock(node.undo, inside).statements;
  return { step: of(statements, undo), stops };
}

/** A statement outside any `step` is a step titled with its text. */
function resolveLine(node: StatementNode, walk: Walk): OneStep {
  const { statements, stops } = resolveBlock([node], walk);
  if (node.type === "unreadable") return { step: undefined, stops };
  return {
    step: { title: sentenceText(node.span), statements, undo: undefined, narrative: undefined, span: node.span },
    stops,
  };
}

/** A captured secret ends with its step. */
function endSecrets(walk: Walk): void {
  endNames(walk.scope.endSecrets(), walk);
}
