// The texts of the luna vocabulary, held against outputs as they were captured from appliances and clients.
import { describe, expect, it } from "vitest";
import type { ClauseNode, PatternNode, TextNode } from "../../src/language/tree.ts";
import { compilePattern, isCompiled, type CompiledPattern } from "../../src/vocabulary/pattern.ts";
import type { PhraseBlock } from "../../src/vocabulary/vocabulary.ts";
import { judge, type Judged } from "./phrase-runner.ts";
import { shipped, wordsOf } from "./shipped-index.ts";

const plain = (node: TextNode): string => node.parts.map((part) => (part.type === "literal" ? part.text : "")).join("");
const pattern = (node: PatternNode | undefined, values: Readonly<Record<string, string>> = {}): CompiledPattern => {
  if (node === undefined) throw new Error("there is no such pattern");
  const compiled = compilePattern(node, (value) => values[value.name.text]);
  if (!isCompiled(compiled)) throw new Error(compiled.message);
  return compiled;
};

function blocksOf(
  line: string,
  kind: string,
): { readonly blocks: readonly PhraseBlock[]; readonly slots: ReadonlyMap<string, string> } {
  const [match] = shipped().index.find(wordsOf(line).words, "luna");
  if (match === undefined) throw new Error(`${line} is no phrase`);
  return {
    blocks: match.phrase.blocks.filter(({ kinds }) => kinds?.includes(kind)),
    slots: new Map([...match.slots].map(([name, node]) => [name, plain(node)])),
  };
}

/** The first command's clauses, over an output; both dialects must judge the same. */
function judged(line: string, kind: string, output: string): Judged {
  const { blocks, slots } = blocksOf(line, kind);
  const each = blocks.map(({ node }) => {
    const [run] = node.body;
    if (run?.type !== "run") throw new Error(`${line} does not begin with a run`);
    return judge({ output, status: 0, statuses: [0] }, run.clauses, slots);
  });
  expect(new Set(each).size, line).toBe(1);
  return each[0] ?? "failed: nothing";
}

function answerOf(line: string): { readonly value: string; readonly to: CompiledPattern } {
  const { blocks, slots } = blocksOf(line, "luna");
  const run = blocks.at(-1)?.node.body[0];
  const answer =
    run?.type === "run"
      ? run.clauses.find((clause): clause is ClauseNode & { readonly type: "answer" } => clause.type === "answer")
      : undefined;
  if (answer === undefined) throw new Error(`${line} answers nothing`);
  return { value: plain(answer.value), to: pattern(answer.to, Object.fromEntries(slots)) };
}

const verifyTable = `vtl (64-bit) v10.2.0-111. Copyright (c) 2020 SafeNet. All rights reserved.

The following Luna SA Slots/Partitions were found:

Slot    Serial #                Label
====    ================        =====
   0           534071053        partition6
`;
const deletion = `CAUTION:  Are you sure you wish to delete client named:
          supreme
        Type 'proceed' to delete the client, or 'quit'
        to quit now.
        > `;

describe("the appliance", () => {
  const kind = shipped().vocabularies.find(({ name }) => name === "luna")?.kinds[0];
  it("is known by its prompt, its trailer and its banner", () => {
    const prompt = pattern(kind?.dialogue?.prompts[0]);
    for (const shown of [
      "[ade_luna_sa] lunash:>",
      "[hsm-2-1-2-6] lunash:>",
      "[cloudflare-hsm.softlayer.com] lunash:> ",
    ])
      expect(prompt.first(shown), shown).toBeDefined();
    expect(prompt.first("[a] lunash:>client list")).toBeUndefined();
    const verdict = pattern(kind?.dialogue?.verdict);
    expect(verdict.first("x\n\nCommand Result : 0 (Success)\n")).toEqual({ code: "0", meaning: "Success" });
    expect(verdict.first("Command Result: 0 (Success)")).toEqual({ code: "0", meaning: "Success" });
    expect(verdict.first("Command Result : 65535 (Luna Shell execution)\r\n")).toEqual({
      code: "65535",
      meaning: "Luna Shell execution",
    });
    const version = pattern(kind?.version?.pattern);
    expect(
      version.first(
        "Last login: Thu May 12\nLuna SA 5.4.7-1 Command Line Shell - Copyright (c) 2001-2014 SafeNet, Inc.",
      ),
    ).toEqual({ version: "5.4.7-1" });
    expect(
      version.first("SafeNet Luna Network HSM 7.0 Command Line Shell - Copyright (c) 2001-2017 Gemalto, Inc."),
    ).toEqual({ version: "7.0" });
    expect(version.first("Luna SA 5.1.0-24 [Build Time: 20111223 11:55]")).toEqual({ version: "5.1.0-24" });
  });
  it("leaves only a proceed/quit question with quit", () => {
    const cancel = pattern(kind?.dialogue?.cancels[0]?.at);
    expect(cancel.endsWith(deletion)).toBe(true);
    expect(cancel.endsWith("  Please enter the HSM Administrators' password:\n  > ")).toBe(false);
  });
});

const shown = (address: string): string => `ClientID:     web1\nIPAddress:    ${address}\nPartitions:   <none>\n`;

describe("what the appliance says", () => {
  it.each<[string, string, Judged]>([
    ["register client supreme ip 192.168.5.174", "\n'client register' successful.\n", "done"],
    [
      "register client supreme ip 192.168.5.174",
      "Error:  client with the same IP address has already been registered.\n",
      "already so",
    ],
    ["register client supreme hostname a.example.com", "'client register' successful\n", "done"],
    ["register client supreme hostname a.example.com", "Error: client already exists\n", "already so"],
    ["assign partition p to client supreme", "'client assignPartition' successful.\n", "done"],
    ["assign partition p to client supreme", "Error: client already has access to p\n", "already so"],
    ["revoke partition p from client supreme", "'client revokePartition' successful.\n", "done"],
    ["map client supreme to ip 10.0.0.1", "already mapped", "already so"],
    [
      "show client client3",
      "Error:  'client show' failed. (C000040A : RC_OBJECT_NOT_IN_LIST)\n\nError:  Specified client does not exist.\n",
      "failed: No client of this name is registered.",
    ],
    [
      "show fingerprint of client c",
      "Certificate fingerprint: D9:9E:25:B3:A9:68:06:50:8F:C4:90:FC:E5:50:E2:BC\n",
      "done",
    ],
    [
      "regenerate the server certificate",
      "Proceeding...\n'sysconf regenCert' successful. NTLS must be (re)started before clients can connect.\n",
      "done",
    ],
    ["bind ntls to eth0", "Success: NTLS binding network device eth0 set.\n", "done"],
    ["disable ntls ip check", "NTLS client source IP validation disabled\n", "done"],
    ["add time server 10.0.0.9", "NTP server 'server 10.0.0.9' added.\n", "done"],
  ])("to %s: %j", (line, output, outcome) => {
    expect(judged(line, "luna", output)).toBe(outcome);
  });
  it("when nothing of it was said is a failure", () => {
    for (const line of [
      "register client a ip 10.0.0.1",
      "assign partition p to client a",
      "regenerate the server certificate",
    ]) {
      expect(judged(line, "luna", "\nCommand Result : 0 (Success)\n"), line).toMatch(/^failed/);
    }
  });
  it("of a client is compared with the address that was meant", () => {
    const { blocks } = blocksOf("register client web1 ip 10.0.0.1", "luna");
    for (const { node } of blocks) {
      const again = node.body[1];
      if (again?.type !== "run") throw new Error("the state is not read again");
      const slots = new Map([["address", "10.0.0.1"]]);
      expect(judge({ output: shown("10.0.0.1"), status: 0, statuses: [0] }, again.clauses, slots)).toBe("done");
      expect(judge({ output: shown("10.0.0.10"), status: 0, statuses: [0] }, again.clauses, slots)).toMatch(/^failed/);
      const unknown =
        "Error:  'client show' failed. (C000040A : RC_OBJECT_NOT_IN_LIST)\n\nError:  Specified client does not exist.\n";
      expect(judge({ output: unknown, status: 0, statuses: [0] }, again.clauses, slots)).toBe(
        "failed: The address is registered already, under the name of another client.",
      );
    }
  });
  it("is answered only where it asks for this", () => {
    expect(answerOf("delete client supreme").value).toBe("proceed");
    expect(answerOf("delete client supreme").to.endsWith(deletion)).toBe(true);
    expect(answerOf("delete client sup").to.endsWith(deletion)).toBe(false);
    const regenerate = answerOf("regenerate the server certificate");
    expect(regenerate.value).toBe("proceed");
    expect(
      regenerate.to.endsWith(
        "WARNING !!  This command will overwrite the current server certificate and private key.\nAll clients will have to add this server again with this new certificate.\nIf you are sure that you wish to proceed, then type 'proceed', otherwise type 'quit'\n> ",
      ),
    ).toBe(true);
    const login = answerOf("log in as hsm admin with x");
    expect(login.to.endsWith("  Please enter the HSM Administrators' password:\n  > ")).toBe(true);
    expect(
      login.to.endsWith(
        "Caution:  This is your LAST available HSM Admin login attempt\n Type 'proceed' to continue, or 'quit' to quit now.\n> ",
      ),
    ).toBe(false);
  });
});

describe("what the client's tools say", () => {
  it.each<[string, string, Judged | RegExp]>([
    ["verify", verifyTable, "done"],
    ["verify", "Error: There are no registered servers\n", "failed: No appliance is registered with this client."],
    [
      "verify",
      "Error: Unable to find any Luna SA slots/partitions among registered server\n",
      /^failed: The client reached no partition/,
    ],
    ["verify", "", /^failed/],
    ["register server hsm with server.pem", "New server 10.0.0.5 successfully added to server list.\n", "done"],
    ["register server hsm with server.pem", "Error: This server is already registered\n", "already so"],
    [
      "create certificate for 10.0.0.6",
      "Private Key created and written to: C:\\Program Files\\SafeNet\\LunaClient\\cert\\client\\10.0.0.6Key.pem\r\nCertificate created and written to: C:\\Program Files\\SafeNet\\LunaClient\\cert\\client\\10.0.0.6.pem\r\n",
      "done",
    ],
    [
      "create certificate for 10.0.0.6",
      "Error:  Could not create client certificate or private key. Ensure\n        the current user has read and write permissions to the\n",
      /^failed: The account can't write to/,
    ],
    ["show slots", "Number of slots: 5\n", "done"],
  ])("to %s: %j", (line, output, outcome) => {
    for (const kind of ["windows", "linux"]) {
      if (typeof outcome === "string") expect(judged(line, kind, output)).toBe(outcome);
      else expect(judged(line, kind, output)).toMatch(outcome);
    }
  });
});
