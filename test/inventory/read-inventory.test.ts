import { describe, expect, it } from "vitest";
import { hereHost, readInventory } from "../../src/inventory/read-inventory.ts";
import { parseFile } from "../../src/language/parse-file.ts";
import { makeSource } from "../../src/text/source.ts";
import type { Kind } from "../../src/vocabulary/vocabulary.ts";

const source = makeSource("kinds.runbook", "");
const kinds = new Map(
  ["linux", "windows", "luna"].map((name): [string, Kind] => [
    name,
    {
      name,
      title: name,
      vocabulary: "core",
      shell: "sh",
      dialogue: undefined,
      files: "sftp",
      version: undefined,
      span: { source, start: 0, end: 0 },
    },
  ]),
);
const fingerprint = `SHA256:${"aB3+/".repeat(8)}xyz`;

function read(text: string, path = "/srv/runbooks/hosts.runbook") {
  const { file, diagnostics } = parseFile(makeSource(path, text));
  const result = readInventory(file.declarations, kinds, "/home/operator");
  return {
    ...result.inventory,
    findings: [...diagnostics, ...result.diagnostics].map(({ code, message }) => `${code}: ${message}`),
  };
}
const codes = (text: string): readonly string[] => read(text).findings.map((finding) => finding.replace(/:.*/s, ""));

const key = (line: string, path?: string): string | undefined =>
  read(`host a: linux at web1\n  key ${line}\n`, path).hosts.get("a")?.key;

describe("a host", () => {
  it("has what its lines say", () => {
    const { hosts, findings } = read(`host jump: linux at jump.example.com
  user operator
  key keys/id_ed25519

host hsm: luna at 10.0.0.5
  user admin
  port 2222
  password from env HSM_PASSWORD
  via jump
  host key "${fingerprint}"
  version 5.4.7-1
  allow weak algorithms aes256-cbc, ssh-rsa
`);
    expect(findings).toEqual([]);
    expect(hosts.get("jump")).toMatchObject({
      kind: "linux",
      here: false,
      address: "jump.example.com",
      port: 22,
      user: "operator",
      key: "/srv/runbooks/keys/id_ed25519",
      password: undefined,
    });
    expect(hosts.get("hsm")).toMatchObject({
      address: "10.0.0.5",
      port: 2222,
      user: "admin",
      password: { type: "env" },
      via: "jump",
      hostKey: fingerprint,
      version: "5.4.7-1",
      allowWeakAlgorithms: ["aes256-cbc", "ssh-rsa"],
      bySystemSsh: false,
    });
  });
  it("has a key relative to the file that says it, or to the home folder", () => {
    expect(key("~/.ssh/id")).toBe("/home/operator/.ssh/id");
    expect(key("/etc/key")).toBe("/etc/key");
    expect(key("../key")).toBe("/srv/key");
    expect(key("key", "hosts.runbook")).toBe("key");
    expect(key('"my keys/id"')).toBe("/srv/runbooks/my keys/id");
  });
  it("may be this machine", () => {
    expect(read("host me: linux at here\n").hosts.get("me")).toMatchObject({ here: true });
    expect(codes("host me: linux at here\n  port 22\n")).toEqual(["here-without-ssh"]);
  });
  it.each([
    ["host a: lniux at web1\n", "unknown-kind"],
    ["host a: linux at web1\n  port 0\n", "wrong-port"],
    ["host a: linux at web1\n  port 65536\n", "wrong-port"],
    ["host a: linux at web1\n  port ssh\n", "wrong-port"],
    ["host a: linux at 10.0.0.999\n", "wrong-type"],
    ["host a: linux at root@web1\n", "wrong-type"],
    ["host a: linux at web1:22\n", "wrong-type"],
    ["host a: linux at web1\n  user root:secret\n", "wrong-user"],
    ["host a: linux at web1\n  user -x\n", "wrong-user"],
    ["host a: linux at web1\n  version new\n", "version-form"],
    ['host a: linux at web1\n  host key "SHA256:abc"\n', "host-key-form"],
    ['host a: linux at web1\n  host key "MD5:d9:9e:25:b3:a9:68:06:50:8f:c4:90:fc:e5:50:e2:bc"\n', "host-key-form"],
    ['host a: linux at web1\n  host key "ssh-ed25519 AAAA"\n', "host-key-form"],
    ["host a: linux at web1\n  user a\n  user b\n", "said-twice"],
    ["host a: linux at web1\n  key id\n  password from prompt\n", "two-ways-in"],
    ["host a: linux at web1\n  via b\n", "unknown-host"],
    ["host a: linux at web1\nhost a: linux at web2\n", "bound-twice"],
    ["host a: linux at {x}\n", "value-in-inventory"],
  ])("%j gives %s", (text, code) => {
    expect(codes(text)).toEqual([code]);
  });
  it("does not show what a user's line holds beyond the colon", () => {
    expect(read("host a: linux at web1\n  user root:hunter2\n").findings.join()).not.toContain("hunter2");
  });
  it("is not reached over itself", () => {
    expect(codes("host a: linux at web1\n  via b\nhost b: linux at web2\n  via a\n")).toEqual(["via-circle"]);
    expect(codes("host a: linux at web1\n  via a\n")).toEqual(["via-circle"]);
    expect(codes("host a: linux at web1\n  via b\nhost b: linux at web2\n  via b\n")).toEqual(["via-circle"]);
  });
});

describe("a group", () => {
  it("has its hosts in their order", () => {
    const { groups, findings } = read("host b: linux at web2\nhost a: linux at web1\ngroup web: b, a\n");
    expect(findings).toEqual([]);
    expect(groups.get("web")?.members).toEqual(["b", "a"]);
  });
  it("of an unknown host, of one twice, or of a taken name is a finding", () => {
    expect(codes("host web1: linux at web1\ngroup web: web1, wbe1\n")).toEqual(["unknown-host"]);
    expect(codes("host web1: linux at web1\ngroup web: web1, web1\n")).toEqual(["bound-twice"]);
    expect(codes("host web: linux at web1\ngroup web: web\n")).toEqual(["bound-twice"]);
    expect(codes("host a: linux at web1\ngroup g: a\ngroup g: a\n")).toEqual(["bound-twice"]);
  });
});

describe("this machine", () => {
  it("is a host of its own kind", () => {
    expect(hereHost()).toMatchObject({ name: "here", here: true });
    expect(hereHost("win32").kind).toBe("windows");
    expect(hereHost("darwin").kind).toBe("macos");
    expect(hereHost("linux").kind).toBe("linux");
  });
});
