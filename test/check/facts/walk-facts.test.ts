import { describe, expect, it } from "vitest";
import { check } from "../checked.ts";

/** A vocabulary of facts alone: `make X`, `use X`, `break X`, `open X`, `need X`, each on a Linux host. */
const own = `vocabulary own

phrase make <thing: word>
  on linux
    after "{thing} is on {host}"
    run make {thing}
      already so when "is there"

phrase break <thing: word>
  on linux
    ends "{thing} is on {host}"
    run rm {thing}

phrase wipe <thing: word> everywhere
  on linux
    ends "{thing} is on <_>"
    run wipe {thing}

phrase take <thing: word>
  on linux
    before "{thing} is on {host}"
    run take {thing}

phrase grab any
  on linux
    before "<_> is on {host}"
    run grab any

phrase open up
  on linux
    after "{host} is open" in this session
    run open

phrase enter
  on linux
    before "{host} is open"
    run enter

phrase double <thing: word>
  on linux
    make {thing}
    make {thing}2

phrase give <thing: word> to <other: linux>
  on linux
    before "{thing} is on {host}"
    after "{thing} is on {other}"
    run give {thing} {other.address}
`;

const head = 'runbook "x"\n\nuse "./own.runbook"\n\nneeds a: word\nneeds b: word\nneeds list: list of word\n\n';

/** The facts that are missing, or left open, in their order. */
function missing(lines: string, before = head): readonly string[] {
  const { diagnostics } = check(`${before}${lines}\nnote "{a} {b} {list}"\n`, { "own.runbook": own });
  for (const { code } of diagnostics) expect(["unmet-before", "fact-left-open"]).toContain(code);
  return diagnostics.map(
    ({ code, message }) => `${code === "unmet-before" ? "unmet" : "open"} ${/"(.*?)"/.exec(message)?.[1] ?? ""}`,
  );
}

describe("a fact", () => {
  it("is given by an earlier line on the same host, and by no other", () => {
    expect(missing("on web1\n  make x\n  take x\n  grab any\n")).toEqual([]);
    expect(missing("on web1\n  make x\non web2\n  take x\n")).toEqual(["unmet x is on web2"]);
    expect(missing("on web1\n  make x1\n  take x\n")).toEqual(["unmet x is on web1"]);
    expect(missing("on web1\n  grab any\n")).toEqual(["unmet <_> is on web1"]);
    expect(missing("on web1\n  make x\n  give x to web2\non web2\n  take x\n")).toEqual([]);
  });

  it("is no longer so once it ended, on one host or anywhere", () => {
    expect(missing("on web1\n  make x\n  break x\n  take x\n")).toEqual(["unmet x is on web1"]);
    expect(missing("on web1\n  make x\non web2\n  make x\n  wipe x everywhere\n  take x\non web1\n  take x\n")).toEqual(
      ["unmet x is on web2", "unmet x is on web1"],
    );
  });

  it("is said once, at its first need", () => {
    expect(missing("on web1\n  take x\n  take x\n  take y\n")).toEqual(["unmet x is on web1", "unmet y is on web1"]);
  });

  it("is so after an `if` when every branch that goes on gives it", () => {
    const branches = (first: string, second: string): string =>
      `on web1\n  if {a} is b\n    ${first}\n  otherwise\n    ${second}\n  take x\n`;
    expect(missing(branches("make x", "make x"))).toEqual([]);
    expect(missing(branches("make x", "make y"))).toEqual(["unmet x is on web1"]);
    expect(missing(branches("make x", 'fail "no"'))).toEqual([]);
    expect(missing("on web1\n  make x\n  if {a} is b\n    break x\n  take x\n")).toEqual(["unmet x is on web1"]);
    expect(missing("on web1\n  if {a} is b\n    make x\n  take x\n")).toEqual(["unmet x is on web1"]);
  });

  it("lasts until its step ends where it says so", () => {
    expect(missing('step "1" on web1\n  open up\n  enter\nstep "2" on web1\n  enter\n')).toEqual([
      "unmet web1 is open",
    ]);
  });

  it("is not given by what may fail, nor asked in `finally` and `undo`", () => {
    expect(missing('on web1\n  make x\n    may fail because "it may"\n  take x\n')).toEqual(["unmet x is on web1"]);
    expect(missing('step "1" on web1\n  make x\n  undo\n    take y\n')).toEqual([]);
  });

  it("equals itself where its value is not known yet", () => {
    expect(missing("on web1\n  make {a}\n  take {a}\n")).toEqual([]);
    expect(missing('on web1\n  run x\n    capture line "<c> <d>"\n  make {c}\n  take {c}\n  take {d}\n')).toEqual([
      "unmet {d} is on web1",
    ]);
    expect(missing("let c = {a}\nlet d = x\non web1\n  make {c}\n  take {a}\n  make {d}\n  take x\n")).toEqual([]);
  });

  it("is left open where an input decides", () => {
    expect(missing("on web1\n  make x\n  take {a}\n")).toEqual(["open {a} is on web1"]);
    expect(missing("on web1\n  make {a}\n  take {b}\n")).toEqual(["open {b} is on web1"]);
    expect(missing("on web1\n  make {a}.pem\n  take x.pem\n  take x.txt\n")).toEqual([
      "open x.pem is on web1",
      "unmet x.txt is on web1",
    ]);
  });

  it("holds in a later loop over the same list, and for each member that the file names", () => {
    expect(missing("on web1\n  for each i in {list}\n    make {i}\n  for each j in {list}\n    take {j}\n")).toEqual(
      [],
    );
    expect(missing("on web1\n  for each i in x, y\n    make {i}\n  take x\n  take y\n  take z\n")).toEqual([
      "unmet z is on web1",
    ]);
    expect(
      missing("on web1\n  make x\n  make y\n  for each i in x, y\n    take {i}\n  for each i in x, z\n    take {i}\n"),
    ).toEqual(["unmet {i} is on web1"]);
    expect(
      missing(
        "let l = x, y\non web1\n  for each i in {l}\n    make {i}\n  for each j in {l}\n    take {j}\n  take y\n",
      ),
    ).toEqual([]);
    expect(
      missing("on web1\n  for each i in x, y\n    make {i}\n  break x\n  for each j in x, y\n    take {j}\n"),
    ).toEqual(["unmet {j} is on web1"]);
  });

  it("holds on each host of a group", () => {
    expect(missing("on each s in web\n  make x\non each t in web\n  take x\non web2\n  take x\n")).toEqual([]);
  });

  it("is not given by a loop that may have nothing to go through", () => {
    expect(missing("on web1\n  for each i in {list}\n    make x{i}\n    make y\n  take y\n")).toEqual([
      "unmet y is on web1",
    ]);
    expect(missing("on web1\n  for each i in 1, 2\n    make y\n  take y\n")).toEqual([]);
  });

  it("is given and needed by what a phrase calls, too", () => {
    expect(missing("on web1\n  double x\n  take x\n  take x2\n")).toEqual([]);
  });

  it("is given by an `assume`, with the values of inputs and hosts", () => {
    expect(
      missing(
        "on web1\n  take x\n  take {a}\n",
        head.replace("\n\n", '\n  assume "x is on {web1}"\n  assume "{a} is on {web1}"\n\n'),
      ),
    ).toEqual([]);
  });

  it("is not asked of what follows a line with a mistake that would give it", () => {
    const { diagnostics } = check('runbook "x"\n\nuse "./own.runbook"\n\non web1\n  mak x\n  take x\n', {
      "own.runbook": own,
    });
    expect(diagnostics.map(({ code }) => code)).toEqual(["unknown-phrase"]);
  });

  it("is asked for each kind that a host may have", () => {
    const two = `${own}
phrase begin
  on linux
    after "linux is begun on {host}"
    run begin
  on windows
    after "windows is begun on {host}"
    run begin

phrase end
  on linux
    before "linux is begun on {host}"
    run end
  on windows
    before "windows is begun on {host}"
    run end

phrase end wrong
  on linux or windows
    before "windows is begun on {host}"
    run end
`;
    const of = (lines: string): readonly string[] =>
      check(`runbook "x"\n\nuse "./own.runbook"\n\nneeds box: linux or windows\n\non box\n${lines}`, {
        "own.runbook": two,
      }).diagnostics.map(({ code }) => code);
    expect(of("  begin\n  end\n")).toEqual([]);
    expect(of("  begin\n  end wrong\n")).toEqual(["unmet-before"]);
  });
});
