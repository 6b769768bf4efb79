import { describe, expect, it } from "vitest";
import { personNeeds } from "../../src/plan/needs-person.ts";
import type { Plan, PlanItem } from "../../src/plan/plan.ts";
import { previewPlan, showPlan } from "../../src/plan/preview.ts";
import { blockFor, compareVersions } from "../../src/plan/version.ts";
import { planOf } from "../support/plan-of.ts";

const vocabulary = `vocabulary own "Own"

kind box "Box"
  dialogue
    prompt line "<_>>"
    on opening
      run terminal length 0
    quote with '"<value>"'

phrase show client <name: word>
  on box before 5.0
    changes nothing
    run client -show {name}
  on box before 6.0
    changes nothing
    run client shw {name}
  on box
    changes nothing
    run client show {name}

phrase drop client <name: word>
  on box
    destroys "client {name} of {host}"
    run client drop {name}
      answer yes to "sure"

phrase copy notes to <host2: linux>
  on box
    run tell {host2} {host2.address}
`;

async function plan(text: string, set: ReadonlyMap<string, string> = new Map()): Promise<Plan> {
  const made = await planOf({ path: "/none/a.runbook", text: `${vocabulary}\n${text}`, set });
  if (made.plan === undefined) throw new Error(made.diagnostics.map(({ message }) => message).join("\n"));
  return made.plan;
}

function bodies(item: PlanItem | undefined): readonly (string | undefined)[] {
  return item?.type === "call" ? item.bodies.map(({ before }) => before) : [];
}

/** The commands of the preview: host, text and how sure. */
function commands(of: Plan): string[] {
  return previewPlan(of).flatMap(({ lines }) =>
    lines.flatMap((line) => (line.type === "command" ? [`${line.host}> ${line.text} (${line.certainty.type})`] : [])),
  );
}

const commandsFor = async (version: string): Promise<string[]> =>
  commands(await plan(`host b: box at 10.0.0.1\n  version ${version}\non b\n  show client x\n`));

const branching = (condition: string): string => `host web1: linux at 10.0.0.1
needs fast: word = yes
step "One" on web1
  run hostname
    capture line "<seen>"
  if ${condition}
    let speed = "high"
  otherwise
    let speed = "low"
step "Two" on web1
  run echo {speed}
`;

describe("a phrase", () => {
  it("is opened to the body of its host's version", async () => {
    expect(await commandsFor("4.9-3")).toEqual(["b> client -show x (certain)"]);
    expect(await commandsFor("5.0")).toEqual(["b> client shw x (certain)"]);
    expect(await commandsFor("5.10")).toEqual(["b> client shw x (certain)"]);
    expect(await commandsFor("10.0")).toEqual(["b> client show x (certain)"]);
  });

  it("keeps all bodies, the narrowest first, where the version is known only then", async () => {
    const made = await plan("host b: box at 10.0.0.1\non b\n  show client x\n");
    expect(bodies(made.steps[0]?.items[0])).toEqual(["5.0", "6.0", undefined]);
    expect(showPlan(previewPlan(made), 200)).toContain(
      "known only then (if the version of b is 5.0 or later and before 6.0)",
    );
  });

  it("takes a host by its plain name, and its body sees that host's fields", async () => {
    const made = await plan(
      "host b: box at 10.0.0.1\nhost web1: linux at 10.0.0.2\nhost web10: linux at 10.0.0.3\non b\n  copy notes to web1\n",
    );
    expect(commands(made)).toEqual(["b> tell web1 10.0.0.2 (certain)"]);
    expect([...made.hosts.keys()]).toEqual(["here", "b", "web1"]);
  });

  it("whose slot can't hold what an input turned out to be is an error before the run", async () => {
    const text = `${vocabulary}
phrase ping <address: ip>
  on box
    run ping {address}
      expect text "reply"

host b: box at 10.0.0.1
needs target: address
on b
  ping {target}
`;
    const made = await planOf({ path: "/none/a.runbook", text, set: new Map([["target", "web1"]]) });
    expect(made.diagnostics.filter(({ severity }) => severity === "error")).toMatchObject([{ code: "wrong-type" }]);
    const right = await planOf({ path: "/none/a.runbook", text, set: new Map([["target", "10.0.0.9"]]) });
    expect(right.plan).toBeDefined();
  });

  it("runs as the user and in the folder of its line, in its body too", async () => {
    const made = await plan(`phrase tidy
  on linux
    run ls
    on here
      run date
host web1: linux at 10.0.0.1
needs user: word = root
on web1 as {user} in /srv
  tidy
`);
    const lines = previewPlan(made).flatMap(({ lines: all }) => all);
    expect(lines).toMatchObject([{ text: "ls", account: "root", folder: "/srv" }, { text: "date" }]);
    expect(lines[1]).not.toHaveProperty("account");
  });

  it("is opened for each host of a group on its own", async () => {
    const made = await plan(
      "host a: box at 10.0.0.1\n  version 4.0\nhost b: box at 10.0.0.2\n  version 7.0\ngroup all: a, b\non each one in all\n  show client {one.address}\n",
    );
    expect(commands(made)).toEqual(["a> client -show 10.0.0.1 (certain)", "b> client show 10.0.0.2 (certain)"]);
  });

  it("sends a dialogue's opening to each host that has one", async () => {
    const made = await plan(
      "host a: box at 10.0.0.1\nhost web1: linux at 10.0.0.2\non a\n  show client x\non web1\n  run ls\n",
    );
    expect([...made.openings.keys()]).toEqual(["a"]);
  });
});

describe("the secrets of a plan", () => {
  it("are those that it names, and the passwords of the hosts that it touches", async () => {
    const made = await plan(`host a: box at 10.0.0.1
  password from env A
host b: linux at 10.0.0.2
  password from env B
  sudo password from env C
host c: linux at 10.0.0.3
  password from env D
secret used from env E
secret unused from env F
on a
  show client x
on b
  run cat
    input {used}
`);
    expect(made.secrets.map(({ name }) => name)).toEqual([
      "used",
      "password of a",
      "password of b",
      "sudo password of b",
    ]);
    expect(made.secrets.find(({ name }) => name === "password of a")?.from).toBe(made.hosts.get("a")?.host.password);
  });
});

describe("what a run may need a person for", () => {
  it("is covered by the exact words, or by any value where one isn't known yet", async () => {
    const needs = personNeeds(
      await plan(
        'host b: box at 10.0.0.1\non b\n  run x\n    capture line "<later>"\n  drop client supreme\n  drop client {later}\n',
      ),
    );
    expect(needs.map(({ type }) => type)).toEqual(["destroys", "destroys"]);
    const [first, second] = needs;
    if (first?.type !== "destroys" || second?.type !== "destroys") throw new Error("no destroys");
    expect([first.words, second.words]).toEqual(["client supreme of b", "client {name} of b"]);
    expect(first.covers("client supreme of b")).toBe(true);
    expect(first.covers("client supreme2 of b")).toBe(false);
    expect(second.covers("client other of b")).toBe(true);
    expect(second.covers("partition other of b")).toBe(false);
  });

  it("leaves out a branch that is decided not to be taken", async () => {
    const text = 'needs fast: word = yes\nif {fast} is "no"\n  confirm "Slowly?"\notherwise\n  note "fast"\n';
    expect(personNeeds(await plan(text))).toEqual([]);
    expect(personNeeds(await plan(text, new Map([["fast", "no"]])))).toMatchObject([
      { type: "confirm", words: "Slowly?" },
    ]);
  });
});

describe("names after a branch", () => {
  it("are known where the branch was decided, else they wait for what decides it", async () => {
    expect(commands(await plan(branching('{fast} is "no"'))).at(-1)).toBe("web1> echo low (certain)");
    expect(commands(await plan(branching('{seen} is "no"'))).at(-1)).toBe("web1> echo {speed} (depends)");
  });
});

describe("versions", () => {
  it("are compared number by number", () => {
    expect(compareVersions("5.4.7-1", "5.10")).toBeLessThan(0);
    expect(compareVersions("7", "7.0.0")).toBe(0);
    expect(blockFor([{ before: undefined }, { before: "5.0" }], "4.2")).toEqual({ before: "5.0" });
    expect(blockFor([{ before: "5.0" }], "6")).toBeUndefined();
  });
});
