import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fits, isDiagnostic, listItems, readAs, showType, typeFromNode } from "../../src/vocabulary/types.ts";
import type { ScalarName, Type } from "../../src/vocabulary/vocabulary.ts";
import { typeNode } from "./patterns.ts";
import { shipped } from "./shipped-index.ts";
import { kindsOf } from "../../src/vocabulary/read-vocabulary.ts";

const scalar = (name: ScalarName): Type => ({ type: "scalar", name });
const host = (...kinds: string[]): Type => ({ type: "host", kinds: kinds.length === 0 ? undefined : kinds });
const problem = (name: ScalarName, text: string): string => {
  const read = readAs(scalar(name), text);
  return read.ok ? `"${text}" is one` : read.problem;
};
const number = (name: ScalarName, text: string): number | undefined => {
  const read = readAs(scalar(name), text);
  return read.ok ? read.number : undefined;
};

describe("a text that is no value of a type", () => {
  it.each<[ScalarName, string, string]>([
    ["ip", "192.168.5.999", '"192.168.5.999" is no IP address: its last part is 999, and 255 is the highest.'],
    ["ip", "300.1.1.1", '"300.1.1.1" is no IP address: its first part is 300, and 255 is the highest.'],
    [
      "ip",
      "10.0.1",
      '"10.0.1" is no IP address: it has 3 numbers, and an IPv4 address has four, such as 192.168.5.174.',
    ],
    ["ip", "192.168.5.174.", '"192.168.5.174." is no IP address: a full stop follows it; leave that out.'],
    ["ip", "10.0.0.0/8", '"10.0.0.0/8" is no IP address: a network\'s mask follows it; write the address alone.'],
    ["ip", "10.0.0.1:22", '"10.0.0.1:22" is no IP address: a port follows it; write the address alone.'],
    [
      "ip",
      "010.0.0.1",
      '"010.0.0.1" is no IP address: a part begins with 0, which some programs read as an octal number; leave the 0 out.',
    ],
    ["ip", "web1", '"web1" is no IP address: an IP address is four numbers with dots, such as 192.168.5.174.'],
    ["address", "192.168.5.999", '"192.168.5.999" is no IP address: its last part is 999, and 255 is the highest.'],
    [
      "address",
      "web_1",
      '"web_1" is no address: it holds "_", and only letters, digits, hyphens and dots may stand in it.',
    ],
    ["hostname", "10.0.0.1", '"10.0.0.1" is no host name: it is an IP address.'],
    ["hostname", "-web", '"-web" is no host name: its part "-web" begins or ends with a hyphen.'],
    ["hostname", "a..b", '"a..b" is no host name: two dots stand side by side, or one at its start.'],
    ["hostname", "", '"" is no host name: it is empty.'],
    ["number", "1,000", '"1,000" is no number here: write it without commas, as 1000.'],
    ["number", "3,5", '"3,5" is no number here: its fraction follows a point, as in 3.5.'],
    ["number", "many", '"many" is no number: a number is digits, such as 5 or 2.75.'],
    ["duration", "30", '"30" is no duration: its unit is missing; 30 seconds are 30s.'],
    ["duration", "5min", '"5min" is no duration: write 5m.'],
    [
      "duration",
      "30m1h",
      '"30m1h" is no duration: its units go from the greatest to the least, each once, as in 1h30m.',
    ],
    ["duration", "1m1m", '"1m1m" is no duration: its units go from the greatest to the least, each once, as in 1h30m.'],
    ["size", "10 mb", '"10 mb" is no size: write it with B, kB, MB, GB or TB, such as 10MB.'],
    ["size", "big", '"big" is no size: a size is a number with B, kB, MB, GB or TB, such as 10MB.'],
    ["date", "31.1.2027", '"31.1.2027" is no date: a date is year, month and day, such as 2027-01-31.'],
    ["date", "2027-02-29", '"2027-02-29" is no date: month 2 of 2027 has no day 29.'],
    ["date", "2027-13-01", '"2027-13-01" is no date: there is no month 13.'],
    ["word", "a b", '"a b" is no word: it holds a blank.'],
    ["path", " ", '" " is no path: it is empty.'],
  ])("is told what it lacks: %s %s", (type, text, sentence) => {
    expect(problem(type, text)).toBe(sentence);
  });
});

const day = (at: Date): number => number("date", at.toISOString().slice(0, 10)) ?? NaN;

describe("a value's number", () => {
  it("is itself, milliseconds, bytes, or days since 1970", () => {
    expect(number("number", "-2.5")).toBe(-2.5);
    expect(number("duration", "1h30m")).toBe(5_400_000);
    expect(number("duration", "250ms")).toBe(250);
    expect(number("duration", "1.5s")).toBe(1500);
    expect(number("size", "10MB")).toBe(10_000_000);
    expect(number("size", "1.5kB")).toBe(1500);
    expect(number("date", "1970-01-02")).toBe(1);
    expect(number("date", "2028-02-29")).toBe(21_243);
    expect(number("word", "5")).toBeUndefined();
  });
  it("of a later day is greater", () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date("0100-01-01"), max: new Date("9998-12-30"), noInvalidDate: true }),
        (date) => {
          expect(day(new Date(date.getTime() + 86_400_000))).toBe(day(date) + 1);
        },
      ),
    );
  });
});

describe("what is read", () => {
  it("are addresses of both families, names, and lists of them", () => {
    for (const text of ["0.0.0.0", "255.255.255.255", "::1", "2001:db8::1", "::ffff:10.0.0.1"])
      expect(readAs(scalar("ip"), text).ok, text).toBe(true);
    for (const text of ["fe80::1%eth0", "1:2:3", "::g"]) expect(readAs(scalar("ip"), text).ok, text).toBe(false);
    for (const text of ["a", "supreme-testLunadomain.testval.activcard.com", "1and1.com", `${"a".repeat(63)}.b`])
      expect(readAs(scalar("hostname"), text).ok, text).toBe(true);
    expect(readAs(scalar("hostname"), `${"a".repeat(64)}.b`).ok).toBe(false);
    expect(readAs({ type: "list", of: scalar("ip") }, "10.0.0.1, 10.0.0.2").ok).toBe(true);
    expect(readAs({ type: "list", of: scalar("ip") }, "10.0.0.1, web1").ok).toBe(false);
    expect(readAs({ type: "list", of: scalar("ip") }, "<none>").ok).toBe(true);
  });
  it("every IPv4 and IPv6 address, and none with a part above 255", () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.ipV6(), fc.integer({ min: 256, max: 99_999 }), (ipv4, ipv6, part) => {
        expect(readAs(scalar("ip"), ipv4).ok).toBe(true);
        expect(readAs(scalar("ip"), ipv6).ok).toBe(true);
        expect(readAs(scalar("ip"), `10.0.${part}.1`).ok).toBe(false);
      }),
    );
  });
  it("lists keep their items, whatever is in the quotes", () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z][a-z ,.]{0,6}[a-z]$/), { minLength: 1 }), (items) => {
        expect(listItems(items.map((item) => `"${item}"`).join(", "))).toEqual(items);
      }),
    );
    expect(listItems("")).toEqual([]);
    expect(listItems('a, "b')).toEqual(["a", '"b']);
  });
});

describe("a type fits another", () => {
  it("always where it is narrower, when known where it is wider", () => {
    expect(fits(scalar("ip"), scalar("address"))).toBe("yes");
    expect(fits(scalar("address"), scalar("ip"))).toBe("when known");
    expect(fits(scalar("word"), scalar("ip"))).toBe("when known");
    expect(fits(scalar("number"), scalar("text"))).toBe("yes");
    expect(fits(scalar("ip"), scalar("hostname"))).toBe("no");
    expect(fits(scalar("date"), scalar("size"))).toBe("no");
    expect(fits(scalar("path"), scalar("word"))).toBe("when known");
    expect(fits(scalar("word"), scalar("path"))).toBe("yes");
  });
  it("by its kinds where it is a host", () => {
    expect(fits(host("luna"), host())).toBe("yes");
    expect(fits(host(), host("luna"))).toBe("when known");
    expect(fits(host("linux", "windows"), host("windows"))).toBe("when known");
    expect(fits(host("linux"), host("windows"))).toBe("no");
    expect(fits(host("linux"), scalar("word"))).toBe("yes");
    expect(fits(scalar("word"), host("linux"))).toBe("no");
  });
  it("never where one of them is a secret", () => {
    expect(fits({ type: "secret" }, scalar("text"))).toBe("no");
    expect(fits(scalar("text"), { type: "secret" })).toBe("no");
    expect(fits({ type: "secret" }, { type: "secret" })).toBe("yes");
  });
  it("item by item, field by field", () => {
    expect(fits({ type: "list", of: scalar("ip") }, { type: "list", of: scalar("address") })).toBe("yes");
    expect(fits({ type: "list", of: scalar("ip") }, scalar("ip"))).toBe("no");
    expect(
      fits(
        { type: "record", fields: { a: scalar("ip"), b: scalar("word") } },
        { type: "record", fields: { a: scalar("text") } },
      ),
    ).toBe("yes");
    expect(fits({ type: "record", fields: {} }, { type: "record", fields: { a: scalar("text") } })).toBe("no");
  });
});

describe("a type as it is written", () => {
  const kinds = kindsOf(shipped().vocabularies);
  it.each(["text", "ip", "secret", "host", "luna", "windows or linux", "list of word", "list of list of ip"])(
    "%s is read and shown the same",
    (written) => {
      const type = typeFromNode(typeNode(written), kinds);
      if (isDiagnostic(type)) throw new Error(type.message);
      expect(showType(type)).toBe(written);
    },
  );
  it("that nothing declares is a finding with the nearest", () => {
    expect(typeFromNode(typeNode("nubmer"), kinds)).toMatchObject({
      code: "unknown-type",
      message: expect.stringContaining("The nearest is number."),
    });
    expect(typeFromNode(typeNode("windows or lniux"), kinds)).toMatchObject({
      code: "unknown-kind",
      message: expect.stringContaining("The nearest is linux."),
    });
    expect(typeFromNode(typeNode("word or text"), kinds)).toMatchObject({ code: "unknown-kind" });
    expect(typeFromNode(typeNode("zzzzzz"), kinds)).toMatchObject({ code: "unknown-type" });
  });
});
