// Values of the lab's PowerShell, and how they look when they are printed.

/** A value: what the lab's cmdlets give. */
export type PowershellValue = string | number | boolean | null | PowershellObject | readonly PowershellValue[];

/** An object: its members by their lower-case names, and how it is printed. */
export interface PowershellObject {
  readonly members: Readonly<Record<string, PowershellValue>>;
  readonly table: Table;
  /** What it is as a text. */
  readonly text: string;
}

/** Columns of a printed table: heading, width (negative: right), member. */
export interface Table {
  readonly before?: string;
  readonly columns: readonly { readonly heading: string; readonly width: number; readonly member: string }[];
}

/** A cmdlet's error, as PowerShell words it. */
export class PowershellError extends Error {
  readonly category: string;

  constructor(message: string, category = "") {
    super(message);
    this.category = category;
  }
}

export function isObject(value: PowershellValue): value is PowershellObject {
  return typeof value === "object" && value !== null && "members" in value;
}

export function isList(value: PowershellValue): value is readonly PowershellValue[] {
  return Array.isArray(value);
}

/** A value as a list: nothing is the empty list. */
export function asList(value: PowershellValue): readonly PowershellValue[] {
  if (value === null) return [];
  return isList(value) ? value : [value];
}

/** A value inside a text. */
export function asText(value: PowershellValue): string {
  if (value === null) return "";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (isList(value)) return value.map(asText).join(" ");
  return isObject(value) ? value.text : String(value);
}

/** Whether a condition holds for a value. */
export function asTruth(value: PowershellValue): boolean {
  if (isList(value)) return value.length > 1 || (value[0] !== undefined && asTruth(value[0]));
  return value !== null && value !== false && value !== 0 && value !== "";
}

/** What PowerShell prints for values that nobody took: texts a line each, objects as a table. */
export function printValues(values: readonly PowershellValue[]): string {
  let printed = "";
  let table: Table | undefined;
  for (const value of values) {
    if (!isObject(value)) {
      printed += `${asText(value)}\n`;
      continue;
    }
    if (table !== value.table) {
      table = value.table;
      const headings = table.columns.map(({ heading, width }) => cell(heading, width)).join(" ");
      const lines = table.columns.map(({ heading, width }) => cell("-".repeat(heading.length), width)).join(" ");
      printed += `${table.before ?? ""}\n${headings}\n${lines}\n`;
    }
    printed += `${table.columns.map(({ width, member }) => cell(asText(value.members[member] ?? null), width)).join(" ")}\n`;
  }
  return table === undefined ? printed : `${printed}\n\n`;
}

function cell(text: string, width: number): string {
  return width < 0 ? text.padStart(-width) : text.padEnd(width);
}
