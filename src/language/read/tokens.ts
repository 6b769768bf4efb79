// What the grammar is made of. The tokens come from our own line scanner, not from chevrotain's lexer:
// what a word is depends on where it stands (a path or a regex, a command or a value).
import { createToken, Lexer, type IToken, type TokenType } from "chevrotain";
import type { TextBlock } from "./line-reader.ts";

/** A token of one line: offsets count in the line's text, `endOffset` is its last character. */
export interface LineToken extends IToken {
  endOffset: number;
  /** The body of a text of several lines. */
  readonly lines?: TextBlock | undefined;
}

/** Whether a token came from our scanner; chevrotain's own end of the line did not. */
export function isLineToken(token: IToken): token is LineToken {
  return token.endOffset !== undefined;
}

/** One past a token's last character. */
export function end(token: IToken): number {
  return (token.endOffset ?? token.startOffset) + 1;
}

/** A word, a string or a text of several lines: whatever can be a value. */
export const TextToken = make("Text", "a word or a text in quotes");
export const Quoted = make("Quoted", "a text in quotes", TextToken);
/** Whatever a name can stand for; whether it has a name's form is asked when the name is made. */
export const NameToken = make("Name", "a name");
export const Word = make("Word", "a word", TextToken, NameToken);
export const StringToken = make("String", "a text in quotes", Quoted);
export const Lines = make("Lines", "a text of several lines", Quoted);
export const Regex = make("Regex", "a /regex/");
/** A command within a line that isn't `run`: `elevate with COMMAND`. */
export const RawCommand = make("RawCommand", "a command");
export const Comma = make("Comma", '","');
export const Colon = make("Colon", '":"');
/** `<name: type>` in a phrase's definition. */
export const Slot = make("Slot", "a slot such as <name: word>");
export const Open = make("Open", '"["');
export const Close = make("Close", '"]"');

const keywords = new Map<string, TokenType>();

/** The token type of a word: its own where it is a keyword, else `Word`. */
export function wordType(word: string): TokenType {
  return keywords.get(word) ?? Word;
}

/** The token type of a keyword; every keyword is also a word, since further on in a line it is plain. */
function keyword(word: string): TokenType {
  // Not by createToken, which looks at every type again for each new one (8 ms of start-up): the grammar does it once.
  const type: TokenType = { name: `word ${word}`, LABEL: `"${word}"`, CATEGORIES: [Word] };
  keywords.set(word, type);
  return type;
}

function make(name: string, label: string, ...categories: TokenType[]): TokenType {
  return createToken({ name, label, pattern: Lexer.NA, categories });
}

export const K = {
  a: keyword("a"),
  about: keyword("about"),
  after: keyword("after"),
  algorithms: keyword("algorithms"),
  allow: keyword("allow"),
  already: keyword("already"),
  an: keyword("an"),
  and: keyword("and"),
  answer: keyword("answer"),
  as: keyword("as"),
  ask: keyword("ask"),
  assume: keyword("assume"),
  at: keyword("at"),
  attach: keyword("attach"),
  because: keyword("because"),
  before: keyword("before"),
  by: keyword("by"),
  cancel: keyword("cancel"),
  capture: keyword("capture"),
  changes: keyword("changes"),
  command: keyword("command"),
  confirm: keyword("confirm"),
  contains: keyword("contains"),
  destroys: keyword("destroys"),
  dialogue: keyword("dialogue"),
  each: keyword("each"),
  elevate: keyword("elevate"),
  ends: keyword("ends"),
  env: keyword("env"),
  equals: keyword("="),
  every: keyword("every"),
  exists: keyword("exists"),
  exit: keyword("exit"),
  expect: keyword("expect"),
  fail: keyword("fail"),
  fails: keyword("fails"),
  failure: keyword("failure"),
  failures: keyword("failures"),
  file: keyword("file"),
  files: keyword("files"),
  finally: keyword("finally"),
  for: keyword("for"),
  from: keyword("from"),
  greater: keyword(">"),
  group: keyword("group"),
  hand: keyword("hand"),
  has: keyword("has"),
  hide: keyword("hide"),
  host: keyword("host"),
  idle: keyword("idle"),
  if: keyword("if"),
  in: keyword("in"),
  input: keyword("input"),
  is: keyword("is"),
  key: keyword("key"),
  kind: keyword("kind"),
  less: keyword("<"),
  let: keyword("let"),
  line: keyword("line"),
  list: keyword("list"),
  logs: keyword("logs"),
  matches: keyword("matches"),
  may: keyword("may"),
  needs: keyword("needs"),
  no: keyword("no"),
  not: keyword("not"),
  note: keyword("note"),
  nothing: keyword("nothing"),
  of: keyword("of"),
  on: keyword("on"),
  opening: keyword("opening"),
  or: keyword("or"),
  otherwise: keyword("otherwise"),
  output: keyword("output"),
  owner: keyword("owner"),
  page: keyword("page"),
  password: keyword("password"),
  phrase: keyword("phrase"),
  port: keyword("port"),
  prompt: keyword("prompt"),
  quote: keyword("quote"),
  refuse: keyword("refuse"),
  retry: keyword("retry"),
  role: keyword("role"),
  runbook: keyword("runbook"),
  secret: keyword("secret"),
  session: keyword("session"),
  shell: keyword("shell"),
  so: keyword("so"),
  source: keyword("source"),
  ssh: keyword("ssh"),
  step: keyword("step"),
  stop: keyword("stop"),
  succeeds: keyword("succeeds"),
  sudo: keyword("sudo"),
  system: keyword("system"),
  text: keyword("text"),
  this: keyword("this"),
  time: keyword("time"),
  times: keyword("times"),
  to: keyword("to"),
  undo: keyword("undo"),
  use: keyword("use"),
  user: keyword("user"),
  using: keyword("using"),
  verdict: keyword("verdict"),
  version: keyword("version"),
  via: keyword("via"),
  vocabulary: keyword("vocabulary"),
  wait: keyword("wait"),
  weak: keyword("weak"),
  when: keyword("when"),
  with: keyword("with"),
  within: keyword("within"),
} as const;

/** Every token type, as chevrotain wants them. */
export const allTokens: TokenType[] = [
  TextToken,
  Quoted,
  NameToken,
  Word,
  StringToken,
  Lines,
  Regex,
  RawCommand,
  Comma,
  Colon,
  Slot,
  Open,
  Close,
  ...Object.values(K),
];
