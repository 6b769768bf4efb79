// The preview as lines for a terminal or a file.
import { printable } from "../../text/code-frame.ts";
import type { Certainty } from "../walk-plan.ts";
import type { PreviewLine, PreviewStep } from "./preview-line.ts";

/** Lines of at most `width` columns. */
export function linesOfSteps(steps: readonly PreviewStep[], width: number): string[] {
  const out: string[] = [];
  for (const step of steps) {
    if (out.length > 0) out.push("");
    out.push(
      ...wrap(step.number === undefined ? "finally" : `step ${step.number}: ${printable(step.title)}`, {
        width,
        indent: "  ",
        first: "",
      }),
    );
    let sentence = "";
    for (const line of step.lines) {
      const place = `${line.line}`;
      if (`${place} ${line.sentence}` !== sentence && line.sentence !== step.title)
        out.push(...wrap(printable(line.sentence), { width, first: "  ", indent: "    " }));
      sentence = `${place} ${line.sentence}`;
      out.push(...linesOf(line, width));
    }
    if (step.lines.length === 0) out.push("  (nothing happens here)");
  }
  return out;
}

function linesOf(line: PreviewLine, width: number): string[] {
  const note = noteOf(line);
  const head = [line.host, ...(line.type === "command" ? settings(line) : []), shownCertainty(line.certainty)].filter(
    (part) => part !== undefined,
  );
  const where = `    ${head.join(", ")}`;
  const refused =
    line.type === "command" && line.refused !== undefined
      ? wrap(`can't be sent: ${line.refused}`, { width, first: "      ", indent: "        " })
      : [];
  const text = line.type === "command" ? line.text.split("\n") : [line.text];
  const body = text.flatMap((part, index) =>
    wrap(`${index === 0 ? note : ""}${printable(part)}`, {
      width,
      first: index === 0 ? "      " : "        ",
      indent: "        ",
    }),
  );
  return [...wrap(where.trimStart(), { width, first: "    ", indent: "      " }), ...body, ...refused];
}

function settings(line: PreviewLine & { readonly type: "command" }): string[] {
  return [
    ...(line.shell === "dialogue" ? [] : [line.shell]),
    ...(line.account === undefined ? [] : [`as ${line.account}`]),
    ...(line.folder === undefined ? [] : [`in ${line.folder}`]),
    ...Object.entries(line.environment ?? {}).map(([name, value]) => `with ${name} = ${printable(value)}`),
    ...(line.changesNothing ? ["changes nothing"] : []),
  ];
}

function noteOf(line: PreviewLine): string {
  switch (line.type) {
    case "command":
      return line.shell === "dialogue" ? "> " : "$ ";
    case "copy":
      return "copy: ";
    case "confirm":
      return "! a person confirms: ";
    case "by-hand":
      return "! by hand: ";
    case "ask":
      return "! a person is asked for ";
    case "destroys":
      return "! this destroys ";
    case "check":
      return "check: ";
    case "note":
      return "note: ";
    case "attach":
      return "attach: ";
    case "wait":
      return "wait ";
    case "fail":
      return "the run fails here: ";
    case "on-each":
      return "on each of ";
  }
}

function shownCertainty(certainty: Certainty): string {
  switch (certainty.type) {
    case "certain":
      return "certain";
    case "depends":
      return `depends on step ${certainty.step}`;
    case "then":
      return `known only then (${certainty.why})`;
  }
}

interface Wrapping {
  readonly width: number;
  readonly first: string;
  readonly indent: string;
}

/** Breaks at blanks, which stay at the line's end; a word longer than a line is broken where it must be. Nothing is lost. */
function wrap(text: string, { width, first, indent }: Wrapping): string[] {
  const out: string[] = [];
  let line = first;
  let empty = true;
  for (const piece of text.match(/\s*\S+|\s+$/g) ?? [""]) {
    let rest = piece;
    if (!empty && line.length + rest.length > width) {
      out.push(line);
      line = indent;
      rest = rest.trimStart();
    }
    while (line.length + rest.length > width) {
      const room = width - line.length;
      out.push(line + rest.slice(0, room));
      rest = rest.slice(room);
      line = indent;
    }
    line += rest;
    empty = false;
  }
  return [...out, line];
}
