import { isNot, isRead, type ReadResult } from "./read-result.ts";

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `30s`, `1h30m`, `1.5s` */
export const durationSource = String.raw`(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+`;

const whole = new RegExp(`^${durationSource}$`);

/** Reads a duration, its units from the greatest to the least; its number is milliseconds. */
export function readDuration(text: string): ReadResult {
  if (!whole.test(text)) return isNot(`"${text}" is no duration: ${whyNot(text)}`);
  let total = 0;
  let last = Infinity;
  for (const [, count = "", unit = ""] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    const size = unitMs[unit] ?? 0;
    if (size >= last)
      return isNot(`"${text}" is no duration: its units go from the greatest to the least, each once, as in 1h30m.`);
    total += Number(count) * size;
    last = size;
  }
  return isRead(text, total);
}

function whyNot(text: string): string {
  if (/^\d+(?:\.\d+)?$/.test(text)) return `its unit is missing; ${text} seconds are ${text}s.`;
  const words = /^(\d+)\s*(?:(sec)|(min)|(hour|hr)|(day))[a-z]*$/i.exec(text);
  if (words !== null) {
    const unit = words[2] ? "s" : words[3] ? "m" : words[4] ? "h" : "d";
    return `write ${words[1] ?? ""}${unit}.`;
  }
  return "a duration is numbers with ms, s, m, h or d, such as 30s or 1h30m.";
}
