import { isNot, isRead, type ReadResult } from "./read-result.ts";

const unitBytes: Readonly<Record<string, number>> = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };

/** `10MB`, `1.5GB` */
export const sizeSource = String.raw`\d+(?:\.\d+)?(?:B|kB|MB|GB|TB)`;

const whole = new RegExp(`^${sizeSource}$`);

/** Reads a size; its number is bytes (1 kB is 1000 B). */
export function readSize(text: string): ReadResult {
  if (whole.test(text)) {
    const unit = text.replace(/^[\d.]+/, "");
    return isRead(text, Number(text.slice(0, -unit.length)) * (unitBytes[unit] ?? 1));
  }
  const near = /^([\d.]+)\s*([kmgt]?)i?b?$/i.exec(text);
  const unit = near?.[2]?.toUpperCase() ?? "";
  if (near === null) return isNot(`"${text}" is no size: a size is a number with B, kB, MB, GB or TB, such as 10MB.`);
  return isNot(
    `"${text}" is no size: write it with B, kB, MB, GB or TB, such as ${near[1] ?? ""}${unit === "K" ? "k" : unit}B.`,
  );
}
