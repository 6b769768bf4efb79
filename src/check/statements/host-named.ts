// A host as a line names it: by a plain word.
import type { TextNode } from "../../language/tree.ts";
import type { Type } from "../../vocabulary/vocabulary.ts";
import { nearest } from "../../text/nearest.ts";
import { hostInBraces } from "../findings/host-in-braces.ts";
import { noHost, unknownHost } from "../findings/unknown-host.ts";
import { candidates } from "../names/candidates.ts";
import { use } from "../names/scope.ts";
import type { Walk } from "../names/walk.ts";
import type { Placement } from "../program.ts";

export interface NamedHost {
  readonly host: Placement["host"];
  /** The kinds that it may have; undefined: any. */
  readonly kinds: readonly string[] | undefined;
  /** Whether a finding was reported, and this is only the likeliest host. */
  readonly guessed: boolean;
}

/** Looks up a host; where none is meant, says so and goes on with the likeliest. */
export function hostNamed(node: TextNode, walk: Walk): NamedHost {
  const [part] = node.parts;
  if (node.parts.length === 1 && part?.type === "value" && part.fields.length === 0) {
    const found = hostCalled(part.name.text, walk);
    if (found !== undefined) {
      walk.report(hostInBraces(node.span, part.name.text));
      return { ...found, guessed: true };
    }
  }
  const name = node.parts.map((one) => (one.type === "literal" ? one.text : `{${one.name.text}}`)).join("");
  const found = hostCalled(name, walk);
  if (found !== undefined) return found;
  const other = walk.scope.find(name);
  const known = candidates(hostNames(walk), walk.world);
  if (walk.world.doubtful.has(name)) return { host: { type: "named", name }, kinds: undefined, guessed: true };
  if (other === undefined) walk.report(unknownHost(node.span, name, known));
  else walk.report(noHost(node.span, name, other.type.type === "group"));
  const near = nearest(name, known);
  return {
    ...((near === undefined ? undefined : hostCalled(near, walk)) ?? {
      host: { type: "named" as const, name },
      kinds: undefined,
    }),
    guessed: true,
  };
}

function hostCalled(name: string, walk: Walk): NamedHost | undefined {
  const binding = walk.scope.find(name);
  if (binding?.type.type === "host") {
    use(binding);
    return { host: { type: "named", name }, kinds: binding.type.kinds, guessed: false };
  }
  if (name === "here" && binding === undefined)
    return { host: { type: "here" }, kinds: [walk.world.here.kind], guessed: false };
  return undefined;
}

function* hostNames(walk: Walk): Iterable<string> {
  yield "here";
  for (const binding of walk.scope.all()) if (isHost(binding.type)) yield binding.name;
}

function isHost(type: Type): boolean {
  return type.type === "host";
}
