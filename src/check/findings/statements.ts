// What can be wrong with a statement's place or form.
import { error, warning, type Diagnostic } from "../../text/diagnostic.ts";
import type { Span } from "../../text/source.ts";

/** What follows a `fail`. */
export function neverRuns(span: Span, fail: Span): Diagnostic {
  return warning(
    "never-runs",
    span,
    "This never runs: the runbook ends before it. Put it before that line, or take it out.",
    { notes: [{ message: "It always ends here", span: fail }] },
  );
}

/** `for each h in hsm`, where hsm is a name. */
export function plainWordIsName(span: Span, name: string): Diagnostic {
  return error(
    "plain-word-is-name",
    span,
    `"${name}" is a name, and as a plain word it is only its letters. For its value, write {${name}}; for the word itself, write "${name}".`,
    {
      fixes: [{ span, text: `{${name}}`, safe: false }],
    },
  );
}

/** A `step` or `finally` inside something, or something after `finally`. */
export function misplacedStatement(span: Span, message: string): Diagnostic {
  return error("misplaced-form", span, message);
}
