import * as fc from "fast-check";
import { expect, it } from "vitest";
import { LayeredMap } from "../../src/plan/layered-map.ts";

it("a map over another reads like a copy of it, and leaves it as it was", () => {
  const change = fc.tuple(fc.constantFrom("set", "delete"), fc.constantFrom("a", "b", "c", "d"), fc.nat(9));
  fc.assert(
    fc.property(fc.array(change), fc.array(change), (below, above) => {
      const plain = new Map<string, number>();
      const base = new LayeredMap<number>([]);
      const apply = (
        to: { set(name: string, value: number): unknown; delete(name: string): unknown },
        changes: typeof below,
      ): void => {
        for (const [what, name, value] of changes)
          if (what === "set") to.set(name, value);
          else to.delete(name);
      };
      apply(plain, below);
      apply(base, below);
      const copy = new Map(plain);
      const layer = new LayeredMap<number>([], base);
      apply(copy, above);
      apply(layer, above);
      expect(new Map(layer)).toEqual(copy);
      expect(new Map(base)).toEqual(plain);
      expect(layer.size).toBe(copy.size);
      for (const name of ["a", "b", "c", "d"])
        expect([layer.has(name), layer.get(name)]).toEqual([copy.has(name), copy.get(name)]);
    }),
  );
});
