import { error, type Diagnostic } from "../../text/diagnostic.ts";
import type { Span } from "../../text/source.ts";

/** A password written out in the runbook. */
export function secretInFile(span: Span, what: string): Diagnostic {
  return error(
    "secret-in-file",
    span,
    `${what} is a secret, and it would stand in this file for everyone who reads it. Say where it comes from instead: secret NAME from prompt, and write {NAME} here.`,
  );
}
