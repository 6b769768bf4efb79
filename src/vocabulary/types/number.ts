import { isNot, isRead, type ReadResult } from "./read-result.ts";

/** `5`, `-3`, `2.75` */
export const numberSource = String.raw`-?\d+(?:\.\d+)?`;

const whole = new RegExp(`^${numberSource}$`);

/** Reads a number in digits, with a point for the fraction. */
export function readNumber(text: string): ReadResult {
  if (whole.test(text)) return isRead(text, Number(text));
  if (/^-?\d{1,3}(?:,\d{3})+$/.test(text))
    return isNot(`"${text}" is no number here: write it without commas, as ${text.replaceAll(",", "")}.`);
  if (/^-?\d+,\d+$/.test(text))
    return isNot(`"${text}" is no number here: its fraction follows a point, as in ${text.replace(",", ".")}.`);
  return isNot(`"${text}" is no number: a number is digits, such as 5 or 2.75.`);
}
