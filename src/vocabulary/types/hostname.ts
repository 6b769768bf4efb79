import { looksLikeIpv4 } from "./ip.ts";
import { isNot, isRead, type ReadResult } from "./read-result.ts";

const label = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";

/** What a host name looks like in output. */
export const hostnameSource = String.raw`${label}(?:\.${label})*`;

const whole = new RegExp(String.raw`^${hostnameSource}$`);

/** Reads a host name by RFC 1123: labels of up to 63 letters, digits and hyphens, 253 characters in all; an IP address is none. */
export function readHostname(text: string): ReadResult {
  if (looksLikeIpv4(text)) return isNot(`"${text}" is no host name: it is an IP address.`);
  if (text.length <= 253 && whole.test(text)) return isRead(text);
  return isNot(`"${text}" is no host name: ${whyNot(text)}`);
}

function whyNot(text: string): string {
  if (text === "") return "it is empty.";
  if (text.includes(":")) return "a host name holds no colon.";
  if (text.endsWith(".") && whole.test(text.slice(0, -1))) return "a full stop follows it; leave that out.";
  if (text.length > 253) return `it has ${text.length} characters, and 253 are the most.`;
  const foreign = /[^A-Za-z0-9.-]/u.exec(text)?.[0];
  if (foreign !== undefined)
    return foreign === " "
      ? "it holds a blank."
      : `it holds "${foreign}", and only letters, digits, hyphens and dots may stand in it.`;
  const labels = text.split(".");
  if (labels.includes("")) return "two dots stand side by side, or one at its start.";
  const long = labels.find((part) => part.length > 63);
  if (long !== undefined) return `its part "${long.slice(0, 20)}…" has ${long.length} characters, and 63 are the most.`;
  return `its part "${labels.find((part) => part.startsWith("-") || part.endsWith("-")) ?? ""}" begins or ends with a hyphen.`;
}
