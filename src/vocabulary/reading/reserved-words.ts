// The words that begin a form of the language: no phrase begins with one of them.

const reserved: ReadonlySet<string> = new Set([
  // declarations
  ...[
    "runbook",
    "use",
    "needs",
    "role",
    "host",
    "group",
    "secret",
    "vocabulary",
    "kind",
    "phrase",
    "assume",
    "about",
    "source",
    "owner",
  ],
  // statements
  ...[
    "run",
    "on",
    "step",
    "let",
    "expect",
    "if",
    "otherwise",
    "for",
    "ask",
    "confirm",
    "by",
    "note",
    "attach",
    "wait",
    "fail",
    "finally",
    "undo",
  ],
  // clauses
  ...[
    "capture",
    "already",
    "fails",
    "answer",
    "input",
    "within",
    "idle",
    "retry",
    "using",
    "as",
    "in",
    "with",
    "hide",
    "changes",
    "destroys",
    "may",
    "logs",
  ],
  // facts
  ...["before", "after", "ends"],
]);

export function isReservedWord(word: string): boolean {
  return reserved.has(word);
}
