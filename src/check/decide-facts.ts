// Facts once the inputs are bound: what `check` left open is so, or it is not.
import type { Diagnostic } from "../text/diagnostic.ts";
import type { BoundText } from "./facts/inputs.ts";
import { walkFacts } from "./facts/walk-facts.ts";
import type { Program } from "./program.ts";

/**
 * Follows the facts again with the values of inputs filled in.
 * @returns what is missing now and was not said before
 */
export function decideFacts(program: Program, values: ReadonlyMap<string, BoundText>): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const { calls } = program.factGround;
  walkFacts({
    ...program.factGround,
    program,
    values,
    wrongLines: [],
    calls: new Map([...calls].map(([call, { kinds }]) => [call, { kinds, unmet: [] }])),
    report: (finding) => void found.push(finding),
  });
  const said = new Set([...calls].flatMap(([call, { unmet }]) => (unmet.length === 0 ? [] : [call.span.start])));
  return found.filter(({ code, span }) => code === "unmet-before" && !said.has(span.start));
}
