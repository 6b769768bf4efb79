// The cmdlets that make, choose and lay out what goes down a pipeline.

import type { Cmdlet } from "./powershell-cmdlet.ts";
import { asList, asText, asTruth, isObject, PowershellError } from "./powershell-values.ts";

/** Write-Output, Select-Object, Where-Object, Format-List, Format-Table, Out-Null and their like. */
export const pipelineCmdlets: readonly (readonly [string, Cmdlet])[] = [
  [
    "write-output",
    ({ rest, input, parameters }) => [...asList(parameters.get("inputobject") ?? null), ...rest, ...input],
  ],
  ["write-host", ({ rest }) => [rest.map(asText).join(" ")]],
  [
    "write-error",
    ({ rest }) => {
      throw new PowershellError(rest.map(asText).join(" "));
    },
  ],
  ["out-null", () => []],
  ["start-sleep", () => []],
  [
    "select-object",
    ({ input, parameters }) => {
      const property = asText(parameters.get("expandproperty") ?? "").toLowerCase();
      const first = parameters.get("first");
      const taken = typeof first === "number" ? input.slice(0, first) : input;
      return property === ""
        ? taken
        : taken.flatMap((value) => (isObject(value) ? asList(value.members[property] ?? null) : []));
    },
  ],
  [
    "measure-object",
    ({ input }) => [
      {
        members: { count: input.length },
        table: { columns: [{ heading: "Count", width: -5, member: "count" }] },
        text: String(input.length),
      },
    ],
  ],
  [
    "select-string",
    ({ input, parameters, rest }) => {
      const pattern = asText(parameters.get("pattern") ?? rest[0] ?? "");
      const found = input.filter((line) => new RegExp(pattern, "i").test(asText(line)));
      return parameters.has("quiet") ? [asTruth(found)] : found;
    },
  ],
  [
    "where-object",
    ({ input, parameters, rest }) => {
      const property = asText(parameters.get("property") ?? rest[0] ?? "").toLowerCase();
      const wanted = parameters.get("eq");
      return input.filter((value) => {
        const member = isObject(value) ? (value.members[property] ?? null) : null;
        return wanted === undefined ? asTruth(member) : asText(member).toLowerCase() === asText(wanted).toLowerCase();
      });
    },
  ],
  [
    "format-list",
    ({ input, parameters, rest }) =>
      input.map((value) => {
        if (!isObject(value)) return asText(value);
        const chosen = asList(parameters.get("property") ?? rest[0] ?? null).map(asText);
        const names =
          chosen.length > 0 && chosen[0] !== "*" ? chosen : value.table.columns.map(({ heading }) => heading);
        const width = Math.max(...names.map((name) => name.length));
        const lines = names.map(
          (name) => `${name.padEnd(width)} : ${asText(value.members[name.toLowerCase()] ?? null)}`,
        );
        return `\n\n${lines.join("\n")}\n\n`;
      }),
  ],
  [
    "format-table",
    ({ input, parameters, rest }) => {
      const chosen = asList(parameters.get("property") ?? rest[0] ?? null).map(asText);
      if (chosen.length === 0) return input;
      const objects = input.filter((value) => isObject(value));
      const columns = chosen.map((heading) => {
        const member = heading.toLowerCase();
        const cells = objects.map((object) => asText(object.members[member] ?? null).length);
        return { heading, member, width: Math.max(heading.length, ...cells) };
      });
      const table = { columns };
      return objects.map((object) => ({ ...object, table }));
    },
  ],
];
