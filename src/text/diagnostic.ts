import type { Span } from "./source.ts";

/** What is wrong with something that a person wrote: a value, never an exception. */
export interface Diagnostic {
  /** Plain words joined by hyphens, such as `unknown-phrase`; a code keeps its meaning. */
  readonly code: string;
  readonly severity: "error" | "warning";
  readonly span: Span;
  /** Whole sentences: what is wrong in the writer's words, why, and what to write instead. */
  readonly message: string;
  readonly notes: readonly Note[];
  readonly fixes: readonly Fix[];
}

/** A further sentence, and the place that it speaks of where there is one. */
export interface Note {
  readonly message: string;
  readonly span?: Span;
}

/** A repair that can be applied as it stands: the span's text becomes `text`. */
export interface Fix {
  readonly span: Span;
  readonly text: string;
  /** Whether `check --fix` may apply it unasked: it can't change what the runbook means. */
  readonly safe: boolean;
}

/** Makes an error; notes and fixes may be left out. */
export function error(code: string, span: Span, message: string, more: DiagnosticMore = {}): Diagnostic {
  return { code, severity: "error", span, message, notes: more.notes ?? [], fixes: more.fixes ?? [] };
}

/** Makes a warning; notes and fixes may be left out. */
export function warning(code: string, span: Span, message: string, more: DiagnosticMore = {}): Diagnostic {
  return { code, severity: "warning", span, message, notes: more.notes ?? [], fixes: more.fixes ?? [] };
}

interface DiagnosticMore {
  readonly notes?: readonly Note[];
  readonly fixes?: readonly Fix[];
}
