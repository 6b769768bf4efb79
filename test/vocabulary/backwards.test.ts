import { describe, expect, it } from "vitest";
import { phraseForCommand } from "../../src/vocabulary/backwards.ts";
import { makePhraseIndex } from "../../src/vocabulary/phrase-index.ts";
import { shipped, vocabularyOf } from "./shipped-index.ts";

function back(command: string, kind: string): string | undefined {
  const found = phraseForCommand(command, kind, shipped().index);
  return found && `${found.phrase.shown} | ${[...found.slots].map(([name, text]) => `${name}=${text}`).join(" ")}`;
}

describe("a command gives its phrase back", () => {
  it.each([
    [
      "client register -client supreme -ip 192.168.5.174",
      "luna",
      "register client <name> ip <address> | name=supreme address=192.168.5.174",
    ],
    [
      "client -register -client supreme -ip 192.168.5.174",
      "luna",
      "register client <name> ip <address> | name=supreme address=192.168.5.174",
    ],
    [
      "client register -client supreme -hostname a.example.com",
      "luna",
      "register client <name> hostname <address> | name=supreme address=a.example.com",
    ],
    [
      "client  assignPartition -client supreme -partition p1",
      "luna",
      "assign partition <partition> to client <name> | name=supreme partition=p1",
    ],
    ['client show -client "client name with spaces"', "luna", undefined],
    ["client -list", "luna", "list clients | "],
    ["vtl verify", "windows", "verify | "],
    ['"C:\\Program Files\\SafeNet\\LunaClient\\vtl.exe" VERIFY', "windows", "verify | "],
    [
      "/usr/safenet/lunaclient/bin/vtl addServer -n 10.0.0.5 -c server.pem",
      "linux",
      "register server <server> with <file> | server=10.0.0.5 file=server.pem",
    ],
    [
      "vtl addserver -n 10.0.0.5 -c server.pem",
      "windows",
      "register server <server> with <file> | server=10.0.0.5 file=server.pem",
    ],
    ["systemctl restart nginx", "linux", "restart service <service> | service=nginx"],
    [
      "openssl verify -CAfile ca.pem server.pem",
      "linux",
      "verify certificate <file> against <authority> | authority=ca.pem file=server.pem",
    ],
  ])("%s on %s", (command, kind, expected) => {
    expect(back(command, kind)).toBe(expected);
  });
  it("that has most text of its own", () => {
    const { vocabulary } = vocabularyOf(
      "vocabulary own\n\nphrase see <x>\n  on linux\n    run show {x}\n\nphrase see everything now\n  on linux\n    run show all\n\nphrase look at <x>\n  on linux\n    run show {x}\n",
    );
    const { index } = makePhraseIndex([vocabulary]);
    expect(phraseForCommand("show all", "linux", index)?.phrase.shown).toBe("see everything now");
    expect(phraseForCommand("show one", "linux", index)?.phrase.shown).toBe("see <x>");
  });
  it("only on its own kind of host, whole, and with values of its types", () => {
    expect(back("client list", "linux")).toBeUndefined();
    expect(back("client list all", "luna")).toBeUndefined();
    expect(back("client register -client supreme -ip 192.168.5.999", "luna")).toBeUndefined();
    expect(back("", "luna")).toBeUndefined();
    expect(back("(((", "luna")).toBeUndefined();
  });
});
