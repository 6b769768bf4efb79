import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkRunbook } from "../../src/check/check-runbook.ts";
import { bodyKey, type Program, type Statement } from "../../src/check/program.ts";
import { loadFile } from "../../src/text/load.ts";
import { check, codes } from "./checked.ts";

function programOf(runbook: string, files: Readonly<Record<string, string>> = {}): Program {
  const checked = check(runbook, files);
  expect(codes(checked)).toEqual([]);
  if (checked.program === undefined) throw new Error("there is no program");
  return checked.program;
}

function hostOf(statement: Statement | undefined): string {
  if (statement === undefined || !("placement" in statement)) return "nowhere";
  const { host, as, in: folder } = statement.placement;
  const text = (node: typeof as): string =>
    node?.parts.map((part) => (part.type === "literal" ? part.text : "?")).join("") ?? "";
  return [host.type === "here" ? "here" : host.name, text(as), text(folder)].filter((part) => part !== "").join(" ");
}

describe("the contract's own runbooks", () => {
  it("are clean: the shortest one", () => {
    const { steps, sketch } = programOf(
      'host web1: linux at 10.0.1.1\n\non web1\n  run systemctl reload nginx\n  run curl -sf http://localhost/health\n    expect line "ok"\n',
    );
    expect(sketch).toBe(true);
    expect(steps.map(({ title }) => title)).toEqual(["on web1"]);
    expect(steps[0]?.statements.map(hostOf)).toEqual(["web1", "web1"]);
  });

  it("are clean: the founding procedure", () => {
    const { steps } = programOf(
      "use luna\n\non client\n  fetch server.pem from hsm\n  register server hsm with server.pem\n  create certificate for 192.168.5.174\n  send certificate of 192.168.5.174 to hsm\non hsm\n  register client supreme ip 192.168.5.174\n  assign partition ade_partition to client supreme\non client\n  verify\n",
    );
    expect(steps.map(({ statements }) => statements.length)).toEqual([4, 2, 1]);
  });

  it("are clean: the whole runbook", () => {
    const path = join(
      import.meta.dirname,
      "..",
      "..",
      "runbooks",
      "exchange-certificates",
      "exchange-certificates.runbook",
    );
    const { program, diagnostics } = checkRunbook({ path, load: loadFile });
    expect(diagnostics).toEqual([]);
    expect(program?.steps).toHaveLength(7);
    expect(program?.roles.get("officer")).toBe("HSM officer");
    expect(program?.needs.map(({ name }) => name)).toEqual([
      "hsm",
      "client",
      "client_name",
      "client_address",
      "partition",
    ]);
  });
});

describe("a program", () => {
  it("gives each statement its place, with user and folder from the `on`s of that host", () => {
    const { steps } = programOf(
      "on web1 as root in /srv\n  run a\n  on web1 in /tmp\n    run b\n  on web2\n    run c\n  on here\n    run d\nrun e\n",
    );
    expect(steps.flatMap(({ statements }) => statements.map(hostOf))).toEqual([
      "web1 root /srv",
      "web1 root /tmp",
      "web2",
      "here",
      "here",
    ]);
  });

  it("sends a phrase outside `on` to the only host of its kinds, and the core's happen here", () => {
    const { steps } = programOf("use luna\n\nlist clients\nfetch notes.txt from hsm\nshow slots\n", {
      "hosts.runbook": "use luna\n\nhost hsm: luna at 10.0.0.1\nhost client: windows at 10.0.0.2\n",
    });
    expect(steps.map(({ statements }) => hostOf(statements[0]))).toEqual(["hsm", "here", "client"]);
  });

  it("holds the bodies that it may call, nested ones too, with their undo", () => {
    const { steps, bodies } = programOf(
      'runbook "x"\n  assume "192.168.5.174.pem is on {hsm}"\n\nuse luna\n\non hsm\n  register client supreme ip 192.168.5.174\n',
    );
    const [call] = steps[0]?.statements ?? [];
    if (call?.type !== "call") throw new Error("the step holds a call");
    const own = call.phrase.blocks.map((block) => bodies.get(bodyKey(call.phrase, block)));
    expect(own.map((body) => body?.undo?.map(({ type }) => type))).toEqual([["call"], ["call"]]);
    expect([...bodies.keys()].some((key) => key.startsWith("luna: delete client"))).toBe(true);
  });

  it("takes a host slot of a body as a plain word", () => {
    const { bodies } = programOf("use luna\n\non client\n  create certificate for a\n  send certificate of a to hsm\n");
    const body = [...bodies].find(([key]) => key.startsWith("luna: send certificate"))?.[1];
    const [send] = body?.statements ?? [];
    expect(send?.type === "call" && send.slots.get("server")?.parts).toMatchObject([
      { type: "literal", text: "server" },
    ]);
    expect(hostOf(send)).toBe("host");
  });

  it("keeps `on each` as one statement, in a step's own line too", () => {
    const { steps } = programOf(
      'step "All" on each server in web, 2 at a time\n  run hostname\n  undo\n    run uptime\n',
    );
    expect(steps[0]?.statements).toMatchObject([
      { type: "on-each", name: "server", group: "web", block: [{ type: "run" }] },
    ]);
    expect(steps[0]?.undo).toMatchObject([{ type: "on-each", block: [{ type: "run" }] }]);
  });

  it("keeps for a sketch what each line lacks", () => {
    const { program, diagnostics } = check(
      "use luna\n\non hsm\n  register client supreme ip 192.168.5.174\n  register client supreme ip 192.168.5.174\n",
    );
    expect(diagnostics.map(({ severity }) => severity)).toEqual(["warning"]);
    expect(program?.steps[0]?.statements.map((statement) => statement.type === "call" && statement.unmet)).toEqual([
      ["192.168.5.174.pem is on hsm"],
      ["192.168.5.174.pem is on hsm"],
    ]);
  });

  it("is there with warnings, and not with an error", () => {
    expect(check("let x = 5\n").program).toBeDefined();
    expect(check('note "{x}"\n').program).toBeUndefined();
  });

  it("takes the runbook's own host before the inventory's of the same name", () => {
    expect(programOf("host web1: linux at 10.9.9.9\n\non web1\n  run ls\n").inventory.hosts.get("web1")?.address).toBe(
      "10.9.9.9",
    );
  });

  it("takes the kinds and phrases of the file itself without a `use`", () => {
    const { steps } = programOf(
      "vocabulary own\n\nphrase look\n  on linux\n    changes nothing\n    run ls\n\non web1\n  look\n",
    );
    expect(steps[0]?.statements).toMatchObject([{ type: "call", phrase: { id: "own: look" } }]);
  });
});

describe("a check", () => {
  it("finds six different mistakes in one call, each with its place, its reason and a way on", () => {
    const checked = check(`runbook "Six"
  assume "192.168.5.174.pem is on {hsm}"

use luna

needs partition: word

step "One" on hsm
  registre client supreme ip 192.168.5.174
  assign partition {partion} to client supreme
  show client "{partition}"
    within 5
step "Two" on web3
  run echo "hello {partition}"
  confirm "It is so" by officer
`);
    expect(codes(checked)).toEqual([
      "unknown-phrase 9:3",
      "unknown-name 10:20",
      "wrong-type 12:12",
      "unknown-host 13:15",
      "unknown-role 15:25",
    ]);
    const again = check(`runbook "Six"

use luna

step "Two" on web1
  run echo "hello {web1}"
  registre it
  note "{nobody}"
  wait soon
  confirm "It is so" by officer
step "Three" on hms
  run hsm show
`);
    expect(codes(again)).toEqual([
      "value-in-quotes 6:19",
      "unknown-phrase 7:3",
      "unknown-name 8:9",
      "wrong-type 9:8",
      "unknown-role 10:25",
      "unknown-host 11:17",
    ]);
    for (const { message } of again.diagnostics) expect(message.length).toBeGreaterThan(40);
  });

  it("says nothing of names that an unreadable line may have bound", () => {
    expect(codes(check('let x 5\nnote "{x}"\n'))).toEqual(["syntax 1:7"]);
  });

  it("says once what is wrong with a line that could not be read, and asks nothing of what it may have given", () => {
    const text =
      'runbook "x"\n\nuse luna\n\non client\n  create certificate for 10.0.0.1 "x\n  send certificate of 10.0.0.1 to hsm\n';
    expect(codes(check(text))).toEqual(["unclosed-string 6:35"]);
  });

  it("checks a vocabulary or an inventory alone as what it is", () => {
    expect(codes(check("host web1: linux at 10.0.0.1\n"))).toEqual([]);
    expect(codes(check("vocabulary own\n\nphrase look at <x>\n  on linux\n    run ls {y}\n"))).toEqual([
      "unknown-name 5:12",
    ]);
  });

  it("says why a runbook can't be read, and never throws", () => {
    const folder = mkdtempSync(join(tmpdir(), "check-"));
    writeFileSync(join(folder, "binary.runbook"), Buffer.from([1, 0, 2]));
    for (const path of [join(folder, "binary.runbook"), folder, join(folder, "none.runbook")]) {
      const { program, diagnostics } = checkRunbook({ path, load: loadFile });
      expect(program).toBeUndefined();
      expect(diagnostics).toMatchObject([{ code: "unreadable-file", severity: "error" }]);
    }
  });

  it("says of a named inventory that it is not there, and nothing of one that was only looked for", () => {
    expect(codes(check("run ls\n", { "hosts.runbook": "" }))).toEqual([]);
    const { diagnostics } = checkRunbook({
      path: "it.runbook",
      hostsFile: "no.runbook",
      load: (path) =>
        path === "it.runbook"
          ? { path, text: "run ls\n", lineStarts: [0, 7] }
          : { problem: `There is no file ${path}.`, missing: true },
    });
    expect(diagnostics).toMatchObject([{ code: "unreadable-file", message: "There is no file no.runbook." }]);
  });
});
