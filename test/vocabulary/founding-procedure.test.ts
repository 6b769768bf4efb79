// The facts of the luna vocabulary: the exchange of certificates is clean as a whole, and without any one of its lines it is not.
import { describe, expect, it } from "vitest";
import { checkRunbook } from "../../src/check/check-runbook.ts";
import { makeSource } from "../../src/text/source.ts";

const hosts = `host hsm: luna at 10.0.0.5
  user admin
host client: windows at 10.0.0.6
  user operator
host linux_client: linux at 10.0.0.7
  user operator
`;

const procedure = (client: string): readonly (readonly [host: string, line: string])[] => [
  [client, "fetch server.pem from hsm"],
  [client, "register server hsm with server.pem"],
  [client, "create certificate for 192.168.5.174"],
  [client, `send certificate of 192.168.5.174 to hsm`],
  ["hsm", "register client supreme ip 192.168.5.174"],
  ["hsm", "assign partition ade_partition to client supreme"],
  [client, "verify"],
];

function check(lines: readonly (readonly [host: string, line: string])[]): readonly string[] {
  const text = `runbook "Exchange certificates"\n\nuse luna\n\n${lines.map(([host, line]) => `on ${host}\n  ${line}\n`).join("")}`;
  const files = new Map([
    ["exchange.runbook", text],
    ["hosts.runbook", hosts],
  ]);
  const { diagnostics } = checkRunbook({
    path: "exchange.runbook",
    hostsFile: "hosts.runbook",
    load: (path) => {
      const found = files.get(path);
      if (found === undefined) throw new Error(`${path} was not expected`);
      return makeSource(path, found);
    },
  });
  return diagnostics.map(({ code, message }) => `${code}: ${message}`);
}

describe.each(["client", "linux_client"])("the exchange of certificates with %s", (client) => {
  const whole = procedure(client);
  it("is clean as a whole", () => {
    expect(check(whole)).toEqual([]);
  });
  it.each<[string, RegExp]>([
    ["fetch", /^unmet-before: This needs "server.pem is on \w+"/],
    ["register server", /^unmet-before: This needs "server <_> is registered with \w+"/],
    ["create certificate", /^unmet-before: This needs "certificate 192.168.5.174 is on \w+"/],
    ["send certificate", /^unmet-before: This needs "192.168.5.174.pem is on hsm"/],
    ["register client", /^unmet-before: This needs "client supreme is registered with hsm"/],
    ["assign partition", /^unmet-before: This needs "client <_> has <_> on <_>"/],
  ])("is not without the line that begins with %s", (words, finding) => {
    const findings = check(whole.filter(([, line]) => !line.startsWith(words)));
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatch(finding);
  });
  it("is found wrong where the certificate has another name than the address", () => {
    const changed = whole.map(([host, line]): readonly [string, string] => [
      host,
      line.replace("supreme ip 192.168.5.174", "supreme ip 192.168.5.175"),
    ]);
    expect(check(changed)).toMatchObject([
      expect.stringMatching(/^unmet-before: This needs "192.168.5.175.pem is on hsm"/),
    ]);
  });
  it("is found wrong where the server's certificate was made anew in between", () => {
    const changed = [...whole.slice(0, -1), ["hsm", "regenerate the server certificate"] as const, ...whole.slice(-1)];
    expect(check(changed)).toMatchObject([
      expect.stringMatching(/^unmet-before: This needs "server <_> is registered with/),
    ]);
  });
});
