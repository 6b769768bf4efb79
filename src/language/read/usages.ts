// How each form is written, as the findings show it, and how its line is cut into tokens.
import type { Cut } from "./tokenise.ts";

interface Usage {
  readonly cut: Cut["as"];
  readonly write: string;
}

const condition = "VALUE is VALUE, VALUE has VALUE, file PATH exists, … joined by and or by or";

export const usages = {
  runbook: { cut: "plain", write: 'runbook "title"' },
  about: { cut: "plain", write: 'about "…"' },
  source: { cut: "plain", write: 'source "…"' },
  version: { cut: "plain", write: "version WORD" },
  owner: { cut: "plain", write: 'owner "…"' },
  assume: { cut: "plain", write: 'assume "FACT"' },
  use: { cut: "plain", write: 'use NAME, or use "./own.runbook"' },
  needs: { cut: "plain", write: "needs NAME: TYPE, or needs NAME: TYPE = DEFAULT" },
  role: { cut: "plain", write: 'role NAME "title"' },
  host: { cut: "plain", write: "host NAME: KIND at ADDRESS, or host NAME: KIND at here" },
  group: { cut: "plain", write: "group NAME: HOST, HOST" },
  secret: { cut: "plain", write: "secret NAME from env VARIABLE, from prompt, from file PATH, or from command …" },
  vocabulary: { cut: "plain", write: 'vocabulary NAME "title"' },
  kind: { cut: "plain", write: 'kind NAME "title"' },
  phrase: { cut: "shape", write: "phrase WORDS <slot: type> [optional words]" },
  user: { cut: "plain", write: "user NAME" },
  port: { cut: "plain", write: "port NUMBER" },
  password: { cut: "plain", write: "password from env VARIABLE, from prompt, from file PATH, or from command …" },
  sudo: { cut: "plain", write: "sudo password from env VARIABLE, from prompt, from file PATH, or from command …" },
  key: { cut: "plain", write: "key PATH" },
  via: { cut: "plain", write: "via HOST" },
  hostKey: { cut: "plain", write: 'host key "SHA256:…"' },
  allow: { cut: "plain", write: "allow weak algorithms NAME NAME" },
  bySystem: { cut: "plain", write: "by system ssh" },
  dialogue: { cut: "plain", write: "dialogue" },
  shell: { cut: "plain", write: "shell sh, shell bash, shell cmd or shell powershell" },
  files: { cut: "plain", write: "files by sftp, files by scp or files by none" },
  versionFrom: { cut: "pattern", write: 'version from text "…<version>", or version from COMMAND with "…<version>"' },
  prompt: { cut: "pattern", write: 'prompt line "…" or prompt text "…"' },
  verdict: { cut: "pattern", write: 'verdict line "… <code: number>"' },
  succeeds: { cut: "pattern", write: `succeeds when ${condition}` },
  page: { cut: "pattern", write: 'page with VALUE at "…"' },
  cancel: { cut: "pattern", write: 'cancel with VALUE at "…"' },
  elevate: { cut: "plain", write: "elevate with COMMAND" },
  opening: { cut: "plain", write: "on opening" },
  quote: { cut: "plain", write: "quote with '\"<value>\"'" },
  refuse: { cut: "plain", write: "refuse '\"'" },
  describe: { cut: "plain", write: '"What this phrase does."' },
  kinds: { cut: "plain", write: "on KIND, on KIND or KIND, or on KIND before VERSION" },
  before: { cut: "plain", write: 'before "FACT"' },
  after: { cut: "plain", write: 'after "FACT", or after "FACT" in this session' },
  ends: { cut: "plain", write: 'ends "FACT"' },
  logs: { cut: "plain", write: "logs in" },
  call: { cut: "plain", write: "the words of a phrase, and in quotes what holds a comma or a colon" },
  on: { cut: "plain", write: "on HOST, with as USER and in DIR where they are meant" },
  onEach: { cut: "plain", write: "on each NAME in GROUP, 5 at a time, stop after 1 failure" },
  step: { cut: "plain", write: 'step "title", or step "title" on HOST' },
  let: { cut: "plain", write: "let NAME = VALUE" },
  ask: { cut: "plain", write: 'ask NAME: TYPE "question"' },
  if: { cut: "pattern", write: `if ${condition}` },
  otherwise: { cut: "pattern", write: `otherwise, or otherwise if ${condition}` },
  for: { cut: "plain", write: "for each NAME in LIST" },
  confirm: { cut: "plain", write: 'confirm "statement", or confirm "statement" by ROLE' },
  byHand: { cut: "pattern", write: 'by hand "instruction", or by hand "instruction" by ROLE' },
  note: { cut: "plain", write: 'note "…"' },
  attach: { cut: "plain", write: "attach FILE" },
  wait: { cut: "plain", write: "wait DURATION, such as wait 30s" },
  fail: { cut: "plain", write: 'fail "reason"' },
  finally: { cut: "plain", write: "finally" },
  undo: { cut: "plain", write: "undo" },
  run: { cut: "plain", write: "run COMMAND" },
  expectValues: { cut: "pattern", write: `expect ${condition}` },
  expect: {
    cut: "pattern",
    write: 'expect line "…", expect no text "…", expect exit 0, expect nothing, or expect CONDITION',
  },
  capture: {
    cut: "pattern",
    write: 'capture line "… <name: type>", capture each line "…" as NAME, capture output as NAME, or capture NAME',
  },
  already: { cut: "pattern", write: 'already so when "…", or already so when CONDITION' },
  fails: { cut: "pattern", write: 'fails when "…", or fails when "…" because "…"' },
  answer: { cut: "pattern", write: 'answer VALUE to "question"' },
  by: { cut: "pattern", write: 'by hand "instruction" at "question"' },
  input: { cut: "plain", write: "input VALUE" },
  within: { cut: "plain", write: "within DURATION, such as within 10m" },
  idle: { cut: "plain", write: "idle DURATION, such as idle 30s" },
  retry: { cut: "plain", write: "retry 3 times every 5s, or retry for 1m every 5s" },
  using: { cut: "plain", write: "using sh, using bash, using cmd, using powershell or using program" },
  as: { cut: "plain", write: "as USER" },
  in: { cut: "plain", write: "in DIR" },
  with: { cut: "plain", write: "with NAME = VALUE" },
  hide: { cut: "plain", write: "hide output" },
  changes: { cut: "plain", write: "changes nothing" },
  destroys: { cut: "plain", write: 'destroys "…"' },
  may: { cut: "plain", write: 'may fail, or may fail because "…"' },
} as const satisfies Record<string, Usage>;

export type Form = keyof typeof usages;

/** Forms whose strings programs read: typographic damage in them is damage. */
export const valueForms: ReadonlySet<Form> = new Set<Form>([
  "call",
  "let",
  "needs",
  "for",
  "on",
  "onEach",
  "attach",
  "input",
  "with",
  "as",
  "in",
  "user",
  "key",
  "hostKey",
  "host",
]);

/** The words with which clauses begin. */
export const clauseForms = [
  "expect",
  "capture",
  "already",
  "fails",
  "answer",
  "by",
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
] as const satisfies readonly Form[];

/** The words with which declarations of the outermost level begin. */
export const declarationForms = [
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
] as const satisfies readonly Form[];

/** The words with which statements begin; any other line calls a phrase. */
export const statementWords = [
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
] as const;

const clauses = new Map<string, Form>(clauseForms.map((form) => [form, form]));
const declarations = new Map<string, Form>(declarationForms.map((form) => [form, form]));
const firstWords = new Set<string>([
  ...clauseForms,
  ...declarationForms,
  ...statementWords,
  "before",
  "after",
  "ends",
  "undo",
]);

export function clauseForm(word: string): Form | undefined {
  return clauses.get(word);
}

export function declarationForm(word: string): Form | undefined {
  return declarations.get(word);
}

/** Whether a word makes its line a form, so that no phrase begins with it. */
export function isFirstWord(word: string): boolean {
  return firstWords.has(word);
}
