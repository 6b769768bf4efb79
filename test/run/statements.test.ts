import { describe, expect, it } from "vitest";
import { HostFailure } from "../../src/hosts/connection.ts";
import { personWho, quickClock, runOf } from "../support/run-of.ts";
import { ScriptedHost, type Script } from "../support/scripted-host.ts";

const one = "host web1: linux at 192.0.2.1\n\n";

/** A program that fails so often and then succeeds. */
function failing(times: number): Script {
  let left = times;
  return function* () {
    yield { say: left > 0 ? "not yet\n" : "ready\n" };
    return left-- > 0 ? 1 : 0;
  };
}

describe("steps", () => {
  it("after a failed one are not reached, and finally runs all the same", async () => {
    const web1 = new ScriptedHost({
      commands: [
        [/bad/, failing(9)],
        [/./, "ok\n"],
      ],
    });
    const { of, summary } = await runOf({
      text: `${one}step "One" on web1\n  run bad\n  run after\nstep "Two" on web1\n  run two\nfinally\n  on web1\n    run clean up\n`,
      hosts: { web1 },
    });
    expect(of("step-ended").map(({ title, outcome }) => `${title}: ${outcome}`)).toEqual([
      "One: failed",
      "Two: not reached",
      "finally: done",
    ]);
    expect(web1.sent.join("\n")).not.toMatch(/after|two/);
    expect(web1.sent.join("\n")).toContain("clean up");
    expect(summary.outcome).toBe("failed");
  });

  it("that are left out give the later ones what they name by let", async () => {
    const web1 = new ScriptedHost({ commands: [[/./, "ok\n"]] });
    const { summary } = await runOf({
      text: `${one}let folder = "/srv/a b"\nlet file = "{folder}/x"\nstep "One" on web1\n  run one\nstep "Two" on web1\n  run cat {file}\n`,
      hosts: { web1 },
      options: { from: "Two" },
    });
    expect(summary.failures).toEqual([]);
    expect(web1.sent.join("\n")).toContain("/srv/a b/x");
    expect(web1.sent.join("\n")).not.toContain("one");
  });

  it("are chosen by --only and --from, by number or title, and that is a deviation", async () => {
    const text = `${one}step "One" on web1\n  run one\nstep "Two" on web1\n  run two\nstep "Three" on web1\n  run three\n`;
    const web1 = new ScriptedHost({ commands: [[/./, ""]] });
    const only = await runOf({ text, hosts: { web1 }, options: { only: "Two" } });
    expect(only.of("step-ended").map(({ outcome }) => outcome)).toEqual(["skipped", "done", "skipped"]);
    expect(only.of("deviation")).toMatchObject([{ what: "--only Two: no other step is run", who: "op" }]);
    const from = await runOf({ text, hosts: { web1 }, options: { from: "2" } });
    expect(from.of("step-ended").map(({ outcome }) => outcome)).toEqual(["skipped", "done", "done"]);
  });

  it("say what a value is missing that a left-out step would have given", async () => {
    const web1 = new ScriptedHost({ commands: [[/./, "id 4\n"]] });
    const text = `${one}step "One" on web1\n  run show\n    capture line "id <id: number>"\nstep "Two" on web1\n  run use {id}\n`;
    const { summary } = await runOf({ text, hosts: { web1 }, options: { only: "2" } });
    expect(summary.failures[0]?.reason).toContain("is not known");
    expect(web1.sent).toEqual([]);
  });
});

describe("choices and loops", () => {
  it("take the first branch that holds and bind its names for the rest", async () => {
    const web1 = new ScriptedHost({ commands: [[/./, ""]] });
    await runOf({
      text: `${one}needs way: word = ip\non web1\n  if {way} is host\n    let option = -hostname\n  otherwise if {way} is ip\n    let option = "ip"\n  otherwise\n    fail "no way"\n    let option = none\n  run register {option}\n`,
      hosts: { web1 },
    });
    expect(web1.sent[0]).toContain("register ip");
  });

  it("go through a list, each round with its own names", async () => {
    const web1 = new ScriptedHost({ commands: [[/./, ""]] });
    await runOf({
      text: `${one}on web1\n  for each n in a, b, c\n    let file = "{n}.txt"\n    run touch {file}\n`,
      hosts: { web1 },
    });
    expect(web1.sent.map((line) => /touch (\S+?)'?$/.exec(line)?.[1])).toEqual(["a.txt", "b.txt", "c.txt"]);
  });

  it("fail with the given words", async () => {
    const { summary } = await runOf({ text: 'let a = b\nif {a} is b\n  fail "b is not supported"\n' });
    expect(summary).toMatchObject({ outcome: "failed", reason: "b is not supported" });
  });

  it("check values, and say what was seen", async () => {
    const { summary, of } = await runOf({ text: "let a = 5\nexpect {a} > 7\n" });
    expect(summary.outcome).toBe("failed");
    expect(of("check")[0]).toMatchObject({ seen: "5", held: false });
  });
});

const runRetrying = async (clause: string) => {
  const web1 = new ScriptedHost({ commands: [[/probe/, failing(99)]] });
  const { summary } = await runOf({
    text: `${one}on web1\n  run probe\n    changes nothing\n    ${clause}\n`,
    hosts: { web1 },
  });
  expect(summary.outcome).toBe("failed");
  return web1.sent.length;
};

describe("retry", () => {
  it("tries again until the verdict is good, and records each try", async () => {
    const clock = quickClock();
    const web1 = new ScriptedHost({ commands: [[/probe/, failing(2)]] });
    const { of, summary } = await runOf({
      text: `${one}on web1\n  run probe\n    changes nothing\n    retry for 1m every 5s\n`,
      hosts: { web1 },
      clock,
    });
    expect(summary.outcome).toBe("done");
    expect(of("command").map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect(clock.waited).toEqual([5000, 5000]);
  });

  it("ends when its time or its number is over", async () => {
    expect(await runRetrying("retry for 20s every 5s")).toBe(5);
    expect(await runRetrying("retry 2 times every 5s")).toBe(3);
  });

  it("never tries a failed login again", async () => {
    const web1 = new ScriptedHost({
      commands: [
        [
          /login/,
          function* () {
            yield { ask: "Password: " };
            yield { say: "\nwrong\n" };
            return 1;
          },
        ],
      ],
    });
    const { summary, events } = await runOf({
      text: `${one}secret pin from env PIN\non web1\n  run login\n    answer {pin} to "Password:"\n    retry 5 times every 1s\n`,
      hosts: { web1 },
      secrets: { pin: "h1dd3n-value" },
    });
    expect(summary.outcome).toBe("failed");
    expect(web1.sent).toHaveLength(2);
    expect(JSON.stringify(events)).not.toContain("h1dd3n-value");
  });

  it("carries out a phrase's whole body again", async () => {
    const web1 = new ScriptedHost({
      commands: [
        [/first/, ""],
        [/second/, failing(1)],
      ],
    });
    const { summary } = await runOf({
      text: `vocabulary own "Own"\nphrase do it\n  "Does it."\n  on linux\n    changes nothing\n    run first\n    run second\n\n${one}on web1\n  do it\n    retry 3 times every 1s\n`,
      hosts: { web1 },
    });
    expect(summary.outcome).toBe("done");
    expect(web1.sent.map((line) => /(first|second)/.exec(line)?.[1])).toEqual(["first", "second", "first", "second"]);
  });
});

describe("may fail", () => {
  it("records the failure, says why the run goes on, and forgets its names", async () => {
    const web1 = new ScriptedHost({
      commands: [
        [/bad/, failing(9)],
        [/./, "ok\n"],
      ],
    });
    const { summary, of } = await runOf({
      text: `${one}on web1\n  run bad\n    may fail because "it may not be installed"\n  run good\n`,
      hosts: { web1 },
    });
    expect(summary).toMatchObject({ outcome: "done", failures: [] });
    expect(of("result").map(({ outcome }) => outcome)).toEqual(["failed", "done"]);
    expect(of("note")[0]?.words).toContain("it may not be installed");
  });
});

const many = (names: readonly string[], head: string, body: string) =>
  `${names.map((name) => `host ${name}: linux at 192.0.2.1\n`).join("")}group web: ${names.join(", ")}\n\n${head}\n${body}`;

describe("on each", () => {
  const names = ["a1", "b1", "c1", "d1", "e1", "f1"];

  it("never has more hosts at work than it says, and comes to all", async () => {
    let running = 0;
    let most = 0;
    const script: Script = function* () {
      running += 1;
      most = Math.max(most, running);
      yield { until: new Promise((resolve) => setImmediate(resolve)) };
      running -= 1;
      return 0;
    };
    const hosts = Object.fromEntries(names.map((name) => [name, new ScriptedHost({ commands: [[/probe/, script]] })]));
    const { of, summary } = await runOf({
      text: many(names, "on each w in web, 3 at a time", "  run probe {w}\n"),
      hosts,
    });
    expect(summary.outcome).toBe("done");
    expect(most).toBe(3);
    expect(of("step-ended").filter(({ host }) => host !== undefined)).toHaveLength(6);
  });

  it("begins none after the first failure, and names those that it did not reach", async () => {
    const hosts = Object.fromEntries(
      names.map((name) => [name, new ScriptedHost({ commands: [[/probe/, name === "b1" ? failing(9) : ""]] })]),
    );
    const { of, summary } = await runOf({ text: many(names, "on each w in web", "  run probe {w}\n"), hosts });
    expect(summary.outcome).toBe("failed");
    expect(
      of("step-ended")
        .filter(({ host }) => host !== undefined)
        .map(({ host, outcome }) => `${host ?? ""} ${outcome}`),
    ).toEqual(["a1 done", "b1 failed", "c1 not reached", "d1 not reached", "e1 not reached", "f1 not reached"]);
  });

  it("leaves a dead host's failure to that host", async () => {
    const hosts = Object.fromEntries(
      names.map((name) => [
        name,
        new ScriptedHost({
          commands: [[/probe/, ""]],
          ...(name === "c1"
            ? { refuse: new HostFailure("refused", "c1 refuses connections on port 22.", "Look whether sshd runs.") }
            : {}),
        }),
      ]),
    );
    const { of, summary } = await runOf({
      text: many(names, "on each w in web, 2 at a time, stop after 3 failures", "  run probe {w}\n"),
      hosts,
    });
    expect(summary.failures).toMatchObject([
      { host: "c1", reason: "c1 refuses connections on port 22.", wayOn: "Look whether sshd runs." },
    ]);
    expect(of("step-ended").filter(({ outcome, host }) => host !== undefined && outcome === "done")).toHaveLength(5);
  });
});

describe("persons", () => {
  it("confirm, and who said so is recorded before anything follows", async () => {
    const web1 = new ScriptedHost({ commands: [[/go/, ""]] });
    const { of, summary } = await runOf({
      text: `role officer "Officer"\n${one}on web1\n  confirm "The lamp is green" by officer\n  run go\n`,
      hosts: { web1 },
      person: personWho({ confirm: () => Promise.resolve(true) }),
    });
    expect(summary.outcome).toBe("done");
    expect(of("confirmed")).toMatchObject([{ words: "The lamp is green", role: "officer", who: "ada" }]);
  });

  it("who refuse stop the run", async () => {
    const web1 = new ScriptedHost({ commands: [[/go/, ""]] });
    const { of, summary } = await runOf({
      text: `${one}on web1\n  confirm "The lamp is green"\n  run go\n`,
      hosts: { web1 },
      person: personWho({}),
    });
    expect(summary.outcome).toBe("stopped for a person");
    expect(of("refused")).toHaveLength(1);
    expect(web1.sent).toEqual([]);
  });

  it("are not needed with --yes, which says that nobody looked", async () => {
    const { of, summary } = await runOf({ text: 'confirm "It is so"\n', options: { yes: true } });
    expect(summary.outcome).toBe("done");
    expect(of("confirmed")).toMatchObject([{ who: "nobody" }]);
    expect(of("deviation")).toMatchObject([{ reason: "nobody looked" }]);
  });

  it("allow what destroys; --yes does not, and --allow-destroy does with the very text", async () => {
    const text = `${one}on web1\n  run wipe\n    destroys "everything on {host}"\n`.replace("{host}", "web1");
    const web1 = new ScriptedHost({ commands: [[/wipe/, ""]] });
    const refused = await runOf({ text, hosts: { web1 }, options: { yes: true } });
    expect(refused.summary.outcome).toBe("stopped for a person");
    expect(refused.summary.failures[0]?.wayOn).toContain('--allow-destroy "everything on web1"');
    expect((await runOf({ text, hosts: { web1 }, options: { allowDestroy: ["everything"] } })).summary.outcome).toBe(
      "stopped for a person",
    );
    expect(web1.sent).toEqual([]);
    const allowed = await runOf({ text, hosts: { web1 }, options: { allowDestroy: ["everything on web1"] } });
    expect(allowed.summary.outcome).toBe("done");
    expect(allowed.of("deviation")).toHaveLength(1);
    const asked = await runOf({
      text,
      hosts: { web1 },
      person: personWho({ confirm: ({ purpose }) => Promise.resolve(purpose === "destroys") }),
    });
    expect(asked.summary.outcome).toBe("done");
  });

  it("give values, which --set gives without them", async () => {
    const text = 'ask size: number "How many?"\nexpect {size} is 4\n';
    const asked = await runOf({
      text,
      person: personWho({ ask: ({ problem }) => Promise.resolve(problem("four") === undefined ? "four" : "4") }),
    });
    expect(asked.summary.outcome).toBe("done");
    expect(asked.of("asked")).toMatchObject([{ name: "size", value: "4", who: "ada" }]);
    expect((await runOf({ text, options: { set: new Map([["size", "4"]]) } })).summary.outcome).toBe("done");
    expect((await runOf({ text })).summary).toMatchObject({ outcome: "stopped for a person" });
  });

  it("do what is by hand, which no option does", async () => {
    const text = 'by hand "Insert the blue key"\n';
    expect((await runOf({ text, options: { yes: true } })).summary.outcome).toBe("stopped for a person");
    const done = await runOf({ text, person: personWho({ byHand: () => Promise.resolve(true) }) });
    expect(done.of("by-hand")).toHaveLength(1);
  });
});

describe("phrases", () => {
  const own =
    `vocabulary own "Own"\nphrase make <name: word>\n  "Makes it."\n  on linux\n    run make {name}\n      already so when "exists"\n      capture line "made <id: number>"\n    run check {name}\n      changes nothing\n\n`.replace(
      '      already so when "exists"\n',
      "",
    );

  it("see their slots only, and give the names of their bodies away", async () => {
    const web1 = new ScriptedHost({
      commands: [
        [/make/, "made 7\n"],
        [/./, "all well\n"],
      ],
    });
    const { of, summary } = await runOf({
      text: `${own}${one}on web1\n  make box\n    capture id as number\n    expect line "all well"\n  run use {number}\n`,
      hosts: { web1 },
    });
    expect(summary.outcome).toBe("done");
    expect(web1.sent.at(-1)).toContain("use 7");
    const [phrase, ...inner] = of("command");
    expect(phrase).toMatchObject({ shell: "phrase", text: "make box", sentence: "make box" });
    expect(inner.slice(0, 2)).toMatchObject([
      { command: phrase?.n, text: "make box" },
      { command: phrase?.n, text: "check box" },
    ]);
    expect(of("result").map(({ command }) => command)).toContain(phrase?.n);
  });

  it("end when their time is over: the command that runs is cut off, and the next is not sent", async () => {
    const clock = quickClock();
    const slow: Script = function* () {
      yield { until: clock.wait(20_000, new AbortController().signal) };
      return 0;
    };
    const web1 = new ScriptedHost({
      commands: [
        [/make/, slow],
        [/./, ""],
      ],
    });
    const text = `${own.replace('      capture line "made <id: number>"\n', "")}${one}on web1\n  make box\n    within 10s\n`;
    const { summary } = await runOf({ text, hosts: { web1 }, clock });
    expect(summary.failures[0]?.reason).toContain("within");
    expect(web1.sent).toHaveLength(1);
  });

  it("fail by what is expected under them, with the last command's output", async () => {
    const web1 = new ScriptedHost({
      commands: [
        [/make/, "made 7\n"],
        [/./, "all broken\n"],
      ],
    });
    const { summary, of } = await runOf({
      text: `${own}${one}on web1\n  make box\n    expect line "all well"\n`,
      hosts: { web1 },
    });
    expect(summary.failures).toMatchObject([
      { sentence: "make box", sent: "check box", lastLines: ["all broken"], place: { line: 13 } },
    ]);
    expect(of("result").at(-1)).toMatchObject({ outcome: "failed" });
  });
});
