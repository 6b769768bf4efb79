import { describe, expect, it } from "vitest";
import { checkRunbook } from "../../src/check/check-runbook.ts";
import { bindInputs, type GivenInputs } from "../../src/plan/bind-inputs.ts";
import { makeSource } from "../../src/text/source.ts";
import { loadFile } from "../../src/text/load.ts";

async function bind(text: string, given: GivenInputs = { set: new Map() }, hosts = "") {
  const files = new Map([
    ["/none/a.runbook", text],
    ["/none/hosts.runbook", hosts],
  ]);
  const load = (path: string) => {
    const file = files.get(path);
    return file === undefined ? loadFile(path) : makeSource(path, file);
  };
  const { program, diagnostics } = checkRunbook({ path: "/none/a.runbook", load });
  if (program === undefined) throw new Error(JSON.stringify(diagnostics.map(({ message }) => message)));
  return bindInputs(program, given);
}

const set = (...pairs: [string, string][]): GivenInputs => ({ set: new Map(pairs) });
const useIt = "\nrun echo {word}\n";

describe("an input", () => {
  it("given by --set goes before the default, and the default before a question", async () => {
    const text = `needs word: word = a${useIt}`;
    expect((await bind(text, set(["word", "b"]))).bindings).toEqual([
      { name: "word", value: "b", from: "--set", secret: false },
    ]);
    expect((await bind(text, { set: new Map(), ask: async () => "c" })).bindings).toMatchObject([
      { value: "a", from: "default" },
    ]);
  });

  it("without a default is asked for, by its name and type", async () => {
    const asked: string[] = [];
    const ask = async (name: string, type: string): Promise<string> => {
      asked.push(`${name}: ${type}`);
      return "c";
    };
    expect((await bind(`needs word: word${useIt}`, { set: new Map(), ask })).bindings).toMatchObject([
      { value: "c", from: "asked" },
    ]);
    expect(asked).toEqual(["word: word"]);
  });

  it("that nobody gives is an error which says how to give it", async () => {
    const { diagnostics } = await bind(`needs word: word${useIt}`);
    expect(diagnostics).toMatchObject([{ code: "unbound-input", severity: "error" }]);
    expect(diagnostics[0]?.message).toContain("--set word=VALUE");
    expect(
      (await bind(`needs word: word${useIt}`, { set: new Map(), ask: async () => undefined })).diagnostics,
    ).toMatchObject([{ code: "unbound-input" }]);
  });

  it("keeps its type: a number counts as one, a list has its members", async () => {
    const { values } = await bind(
      "needs count: number\nneeds disks: list of word = sda, sdb\nrun echo {count}\nfor each disk in {disks}\n  run echo {disk}\n",
      set(["count", "07"]),
    );
    expect(values.get("count")).toMatchObject({ of: "number", number: 7 });
    expect(values.get("disks")).toMatchObject({ items: [{ text: "sda" }, { text: "sdb" }] });
  });

  it("typed wrongly at the question is an error like any other", async () => {
    const { diagnostics } = await bind("needs count: number\nrun echo {count}\n", {
      set: new Map(),
      ask: async () => "many",
    });
    expect(diagnostics).toMatchObject([{ code: "wrong-type" }]);
  });
});

describe("a host", () => {
  const text = "needs db: linux\non db\n  run echo {db.address}\n";

  it("comes from the inventory by its name", async () => {
    const bound = await bind(text, set(), "host db: linux at 10.0.0.1\n");
    expect(bound.bindings).toEqual([{ name: "db", value: "db", from: "/none/hosts.runbook", secret: false }]);
  });

  it("is another one by --set", async () => {
    const bound = await bind(text, set(["db", "db2"]), "host db: linux at 10.0.0.1\nhost db2: linux at 10.0.0.2\n");
    expect(bound.values.get("db")).toEqual({ type: "host", name: "db2" });
  });

  it("that is not declared is an error with the nearest one", async () => {
    const bound = await bind(text, set(["db", "database1"]), "host database2: linux at 10.0.0.1\n");
    expect(bound.diagnostics[0]?.message).toContain("database2");
  });

  it("of a group is named by the group or one by one", async () => {
    const groups = "needs web: group of linux\non each one in web\n  run echo {one}\n";
    const hosts = "host a: linux at 10.0.0.1\nhost b: linux at 10.0.0.2\ngroup all: a, b\n";
    const members = { items: [{ name: "a" }, { name: "b" }] };
    expect((await bind(groups, set(["web", "all"]), hosts)).values.get("web")).toMatchObject(members);
    expect((await bind(groups, set(["web", "a,b"]), hosts)).values.get("web")).toMatchObject(members);
    const byDefault = groups.replace("group of linux", "group of linux = all");
    expect((await bind(byDefault, set(), hosts)).values.get("web")).toMatchObject(members);
    expect((await bind(groups, set(["web", "a,c"]), hosts)).diagnostics).toMatchObject([{ code: "wrong-kind" }]);
  });
});

describe("a secret", () => {
  const text = "needs pin: secret\nrun cat\n  input {pin}\n";

  it("comes from its declared source, or from the person", async () => {
    const bound = await bind(text, set(), "secret pin from env PIN\n");
    expect(bound.bindings).toMatchObject([{ name: "pin", value: "pin", from: "env PIN", secret: true }]);
    expect(bound.secrets.get("pin")?.type).toBe("env");
    expect((await bind(text, { set: new Map(), ask: async () => "never asked here" })).secrets.get("pin")?.type).toBe(
      "prompt",
    );
  });

  it("is never taken from --set, nor shown", async () => {
    const bound = await bind(text, set(["pin", "geheim"]), "secret pin from env PIN\n");
    expect(bound.diagnostics).toMatchObject([{ code: "secret-by-set" }]);
    expect(JSON.stringify([bound.bindings, bound.diagnostics])).not.toContain("geheim");
  });
});

describe("--set", () => {
  it("answers the runbook's questions, of their types", async () => {
    const text = 'ask count: number "How many?"\nrun echo {count}\n';
    expect((await bind(text, set(["count", "3"]))).diagnostics).toEqual([]);
    expect((await bind(text, set(["count", "x"]))).diagnostics).toMatchObject([{ code: "wrong-type" }]);
  });

  it("of a name that the runbook doesn't have is an error, which doesn't repeat the value", async () => {
    const { diagnostics } = await bind(`needs word: word = a${useIt}`, set(["wrod", "geheim"]));
    expect(diagnostics).toMatchObject([{ code: "unknown-input" }]);
    expect(diagnostics[0]?.message).toContain("The nearest is word.");
    expect(JSON.stringify(diagnostics)).not.toContain("geheim");
  });
});
