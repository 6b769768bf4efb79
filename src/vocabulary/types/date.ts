import { isNot, isRead, type ReadResult } from "./read-result.ts";

/** `2027-01-31` */
export const dateSource = String.raw`\d{4}-\d{2}-\d{2}`;

const dayMs = 86_400_000;

/** Reads a day of the calendar; its number is days since 1970-01-01. */
export function readDate(text: string): ReadResult {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (parts === null) return isNot(`"${text}" is no date: a date is year, month and day, such as 2027-01-31.`);
  const [year = 0, month = 0, day = 0] = parts.slice(1).map(Number);
  const at = new Date(0);
  at.setUTCFullYear(year, month - 1, day);
  if (month < 1 || month > 12) return isNot(`"${text}" is no date: there is no month ${month}.`);
  if (day < 1 || at.getUTCMonth() !== month - 1)
    return isNot(`"${text}" is no date: month ${month} of ${year} has no day ${day}.`);
  return isRead(text, Math.round(at.getTime() / dayMs));
}
