import { describe, expect, it } from "vitest";
import { nearest } from "../../src/text/nearest.ts";

describe("the nearest word", () => {
  it("is the one with the fewest slips", () => {
    expect(nearest("registre", ["register", "registry", "verify"])).toBe("register");
    expect(nearest("hms", ["hsm", "client"])).toBe("hsm");
  });

  it("is none when all are too far", () => {
    expect(nearest("fetch", ["verify", "list"])).toBeUndefined();
    expect(nearest("x", [])).toBeUndefined();
  });
});
