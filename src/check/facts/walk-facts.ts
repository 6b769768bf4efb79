// Walks a program as it will run, and asks at each call whether what it needs is so by then.
import type { CallStatement, FactGround, Placement, Program, Statement } from "../program.ts";
import type { Diagnostic } from "../../text/diagnostic.ts";
import type { Span } from "../../text/source.ts";
import type { Phrase, PhraseBlock } from "../../vocabulary/vocabulary.ts";
import { factLeftOpen } from "../findings/fact-left-open.ts";
import { unmetBefore } from "../findings/unmet-before.ts";
import type { WrongLine } from "../names/walk.ts";
import { bodyKey } from "../program.ts";
import { alternatives, hasCall, isFilled, nameOfHere, slotsOf } from "./calls.ts";
import { couldBe } from "./could-be.ts";
import { establishing } from "./establishing.ts";
import {
  anything,
  fill,
  keyOf,
  known,
  marks,
  showAssumed,
  showFact,
  substitute,
  unknown,
  type Fact,
  type Names,
} from "./fact.ts";
import { makeFactSet, type Changes } from "./fact-set.ts";
import { nameInputs, type BoundText } from "./inputs.ts";
import { idOf, listOf, makeNames, setCaptured, setValue, type FactList, type FactNames } from "./names.ts";
import { makeAsker, tagMark } from "./needs.ts";

export interface FactsGiven extends FactGround {
  readonly program: Omit<Program, "factGround">;
  /** Inputs that are bound; the others may turn out to be anything. */
  readonly values: ReadonlyMap<string, BoundText>;
  readonly wrongLines: readonly WrongLine[];
  readonly report: (finding: Diagnostic) => void;
}

/** A phrase may call others, which may call others: deeper than this, nothing is asked. */
const deepest = 12;

interface Place {
  readonly names: FactNames;
  /** The call of the runbook that this is part of: where findings stand. */
  readonly call: CallStatement | undefined;
  /** The kind of the host of the phrase's body. */
  readonly kind: string | undefined;
  readonly isAsked: boolean;
  readonly depth: number;
}

/** Reports what no earlier line makes so, once, at its first need; fills `unmet` of the calls that need it. */
export function walkFacts(given: FactsGiven): void {
  const { program, report } = given;
  const facts = makeFactSet();
  const lists = new Map<string, FactList>();
  const asker = makeAsker(facts, lists);
  /** What was said of facts that are not so: each once, at its first need. */
  const answers = new Map<string, "open" | "unmet">();
  const wrong = new Map<Statement, WrongLine>();
  for (const line of given.wrongLines) if (line.statement !== undefined) wrong.set(line.statement, line);
  const openLoops = new Set<string>();
  /** The loops that a text was a member of. */
  const loopsOver = new Map<string, Set<string>>();
  let ofSession: string[] = [];
  const hereName = nameOfHere(program);

  const hostOf = ({ host }: Placement, names: Names): Fact =>
    host.type === "here" ? hereName : (names(host.name) ?? [known(host.name, true)]);

  /** Walks statements; says whether what follows them is never reached. */
  const walk = (statements: readonly Statement[], place: Place): "goes on" | "ends" => {
    for (const statement of statements) if (walkOne(statement, place) === "ends") return "ends";
    return "goes on";
  };

  const walkOne = (statement: Statement, place: Place): "goes on" | "ends" => {
    const { names } = place;
    switch (statement.type) {
      case "call":
        walkCall(statement, place);
        setCaptured(statement.clauses, statement.span.start, names);
        return "goes on";
      case "run":
        setCaptured(statement.clauses, statement.span.start, names);
        return "goes on";
      case "let":
        setValue(statement.name, statement.value, statement.span.start, names);
        return "goes on";
      case "ask":
        names.set(statement.name, [unknown(`ask ${statement.name} ${statement.span.start}`, statement.name)]);
        return "goes on";
      case "if":
        return walkIf(statement, place);
      case "for-each":
        walkLoop(statement, listOf(statement.list, names), place);
        return "goes on";
      case "on-each":
        walkLoop(statement, groupOf(statement.group, names), place);
        return "goes on";
      case "fail":
        return "ends";
      case "expect":
      case "confirm":
      case "by-hand":
      case "note":
      case "attach":
      case "wait":
        return "goes on";
    }
  };

  const walkIf = (statement: Statement & { readonly type: "if" }, place: Place): "goes on" | "ends" => {
    const { names } = place;
    const namesMark = names.mark();
    const ends = branch(
      statement.branches.map(
        ({ block }) =>
          () =>
            walk(block, place),
      ),
    );
    const isOpen = statement.branches.every(({ condition }) => condition !== undefined);
    if (isOpen) ends.push({ added: new Map(), removed: new Map() });
    unite(ends, undefined);
    for (const name of new Set(names.since(namesMark)))
      names.set(name, [unknown(`if ${name} ${statement.span.start}`, name)]);
    return ends.length === 0 ? "ends" : "goes on";
  };

  /** Walks alternatives, each from what is so now, and takes each back; gives the changes of those that go on. */
  const branch = (ways: readonly (() => "goes on" | "ends")[]): Changes[] => {
    const ends: Changes[] = [];
    for (const way of ways) {
      const mark = facts.mark();
      const how = way();
      if (how === "goes on") ends.push(facts.since(mark));
      facts.takeBack(mark);
    }
    return ends;
  };

  /** What every alternative gives is so; what one of them ends is not. `tags` keep what only one gives for its own kind. */
  const unite = (ends: readonly Changes[], tags: readonly string[] | undefined): void => {
    const [first] = ends;
    if (first === undefined) return;
    for (const end of ends) for (const key of end.removed.keys()) facts.remove(key);
    for (const [key, { fact }] of first.added)
      if (ends.every((end) => end.added.has(key) || (facts.has(key) && !end.removed.has(key)))) facts.add(fact, key);
    if (tags === undefined) return;
    for (const [index, end] of ends.entries())
      for (const [key, { fact }] of end.added)
        if (!facts.has(key)) facts.add(fact, key.includes(tagMark) ? key : key + (tags[index] ?? ""));
  };

  const walkLoop = (
    statement: Statement & { readonly type: "for-each" | "on-each" },
    list: FactList,
    place: Place,
  ): void => {
    let id = `each ${list.id}`;
    while (openLoops.has(id)) id += "'";
    openLoops.add(id);
    lists.set(id, list);
    for (const member of list.members ?? [])
      loopsOver.set(keyOf(member), (loopsOver.get(keyOf(member)) ?? new Set()).add(id));
    const mark = facts.mark();
    const symbol: Fact = [unknown(id, statement.name)];
    place.names.set(statement.name, symbol);
    walk(statement.block, place);
    place.names.forget(statement.name);
    openLoops.delete(id);
    const { added } = facts.since(mark);
    const isNeverEmpty = statement.type === "on-each" || (list.members?.length ?? 0) > 0;
    for (const { fact, key } of added.values()) {
      const isOfEach = fact.some((part) => part.type === "unknown" && part.id === id);
      if (!isOfEach && !isNeverEmpty) facts.remove(key);
      if (isOfEach && !key.includes(tagMark))
        for (const member of list.members ?? []) facts.add(substitute(fact, id, member));
    }
  };

  const groupOf = (name: string, names: FactNames): FactList => {
    const group = program.needs.some((need) => need.name === name) ? undefined : program.inventory.groups.get(name);
    const id = names.get(name);
    return {
      id: `group ${id === undefined ? name : idOf(id)}`,
      members: group?.members.map((member) => [known(member, true)]),
    };
  };

  const walkCall = (call: CallStatement, place: Place): void => {
    const host = hostOf(call.placement, place.names.get);
    const kinds =
      place.kind !== undefined && call.placement.host.type === "named" && call.placement.host.name === "host"
        ? [place.kind]
        : given.calls.get(call)?.kinds;
    const slots = slotsOf(call, place.names.get, hereName);
    const top = place.call ?? call;
    const isAsked = place.isAsked && !wrong.has(call);
    const mayFail = call.clauses.some(({ type }) => type === "may-fail");
    const mark = facts.mark();
    const ways: { readonly tag: string; readonly way: () => "goes on" | "ends" }[] = [];
    for (const { kind, blocks } of alternatives(call.phrase, kinds)) {
      const tag =
        kinds !== undefined && kinds.length > 1 && kind !== undefined ? `${tagMark}${keyOf(host)} ${kind}` : "";
      const inside = (block: PhraseBlock) => (): "goes on" => {
        runBlock(
          { phrase: call.phrase, block, slots, host, tag },
          { names: makeNames(), call: top, kind, isAsked, depth: place.depth + 1 },
        );
        return "goes on";
      };
      const [only] = blocks;
      if (blocks.length === 1 && only !== undefined) ways.push({ tag, way: inside(only) });
      // Blocks for several versions of one kind: what each of them gives is so.
      else ways.push({ tag, way: () => (unite(branch(blocks.map(inside)), undefined), "goes on") });
    }
    const [one] = ways;
    if (ways.length === 1) one?.way();
    else
      unite(
        branch(ways.map(({ way }) => way)),
        ways.map(({ tag }) => tag),
      );
    if (mayFail) for (const key of facts.since(mark).added.keys()) facts.remove(key);
  };

  interface Running {
    readonly phrase: Phrase;
    readonly block: PhraseBlock;
    readonly slots: ReadonlyMap<string, Fact>;
    readonly host: Fact;
    readonly tag: string;
  }

  const runBlock = ({ phrase, block, slots, host, tag }: Running, place: Place): void => {
    const names: Names = (name) => (name === "host" ? host : slots.get(name));
    for (const fact of block.facts)
      if (fact.type === "before" && isFilled(fact, phrase, slots)) need(fill(fact.parts, names), tag, host, place);
    const body = program.bodies.get(bodyKey(phrase, block));
    if (body !== undefined && place.depth < deepest && hasCall(body.statements)) {
      place.names.set("host", host);
      for (const [name, value] of slots) place.names.set(name, value);
      walk(body.statements, place);
    }
    for (const fact of block.facts)
      if (fact.type === "ends" && isFilled(fact, phrase, slots)) end(fill(fact.parts, names), tag);
    for (const fact of block.facts) {
      if (fact.type !== "after" || !isFilled(fact, phrase, slots)) continue;
      const filled = fill(fact.parts, names);
      facts.add(filled);
      if (fact.inThisSession) ofSession.push(keyOf(filled), keyOf(filled) + tag);
    }
  };

  const need = (fact: Fact, tag: string, host: Fact, { call, isAsked }: Place): void => {
    if (call === undefined || !isAsked) return;
    if (asker.isSo(fact, tag) || mightBeGiven(fact, call.span)) return;
    const key = keyOf(fact);
    const said = answers.get(key);
    const open = said === undefined ? asker.openFor(fact) : undefined;
    const isOpen = said === "open" || open !== undefined;
    const unmet = given.calls.get(call)?.unmet;
    if (!isOpen && unmet !== undefined && !unmet.includes(showFact(fact))) unmet.push(showFact(fact));
    if (said !== undefined) return;
    answers.set(key, isOpen ? "open" : "unmet");
    if (open !== undefined) return report(factLeftOpen(call.span, showFact(fact), showFact(open)));
    const by = establishing(fact, { phrases: given.phrases, hostsOfKind: given.hostsOfKind, host: keyOf(host) });
    report(unmetBefore(call.span, { fact: showFact(fact), by, assume: showAssumed(fact), sketch: program.sketch }));
  };

  /** Whether an earlier line that is wrong would give it, had it been written right: its own finding is enough. */
  const mightBeGiven = (fact: Fact, at: Span): boolean =>
    given.wrongLines.length > 200 ||
    given.wrongLines.some(
      ({ span, phrase }) =>
        span.source === at.source &&
        span.start < at.start &&
        phrase.blocks.some((block) =>
          block.facts.some(
            (after) =>
              after.type === "after" &&
              couldBe(
                fact,
                fill(after.parts, () => [anything]),
                ({ isInput }) => isInput,
              ),
          ),
        ),
    );

  const end = (fact: Fact, tag: string): void => {
    const key = keyOf(fact);
    if (!key.includes(marks.any)) {
      facts.remove(key);
      if (tag !== "") facts.remove(key + tag);
    } else for (const one of facts.near(key)) if (couldBe(fact, one.fact, () => false)) facts.remove(one.key);
    // What is so for each member of a list is so no longer when it ends for one.
    for (const part of fact)
      for (const id of part.type === "text" ? (loopsOver.get(part.text) ?? []) : []) {
        if (openLoops.has(id)) continue;
        facts.remove(keyOf(fact.map((one) => (one === part ? unknown(id, "") : one))));
      }
  };

  const names = makeNames();
  nameInputs(program, { values: given.values, names, here: hereName });
  for (const assumed of program.assumes) facts.add(fill(assumed.parts, names.get));
  for (const step of program.steps) {
    if (walk(step.statements, { names, call: undefined, kind: undefined, isAsked: true, depth: 0 }) === "ends") return;
    for (const key of ofSession) facts.remove(key);
    ofSession = [];
  }
}
