import { isIPv6 } from "node:net";
import { isNot, isRead, type ReadResult } from "./read-result.ts";

const octet = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";

/** What an IP address looks like in output; an IPv6 address found by it is read once more by `readIp`. */
export const ipSource = String.raw`(?:${octet}(?:\.${octet}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*[0-9A-Fa-f:])`;

const ipv4 = new RegExp(String.raw`^${octet}(?:\.${octet}){3}$`);

/** Reads an IPv4 or IPv6 address, without a port, a mask or brackets. */
export function readIp(text: string): ReadResult {
  if (ipv4.test(text) || (isIPv6(text) && !text.includes("%"))) return isRead(text);
  return isNot(`"${text}" is no IP address: ${whyNot(text)}`);
}

/** Whether a text is four numbers with dots, such as 192.168.5.999: meant as an address, right or wrong. */
export function looksLikeIpv4(text: string): boolean {
  return /^\d+(?:\.\d+){3}$/.test(text);
}

function whyNot(text: string): string {
  if (/^[\d.]+\.$/.test(text) && ipv4.test(text.slice(0, -1))) return "a full stop follows it; leave that out.";
  if (/\/\d+$/.test(text)) return "a network's mask follows it; write the address alone.";
  if (/^\[.*\](?::\d+)?$/.test(text)) return "write it without brackets and port.";
  if (/^[\d.]+:\d+$/.test(text)) return "a port follows it; write the address alone.";
  const parts = text.split(".");
  if (!/^[\d.]+$/.test(text)) {
    return text.includes(":")
      ? "an IPv6 address is up to eight groups of hexadecimal digits, such as 2001:db8::1."
      : "an IP address is four numbers with dots, such as 192.168.5.174.";
  }
  if (parts.length !== 4 || parts.includes(""))
    return `it has ${parts.filter((part) => part !== "").length} numbers, and an IPv4 address has four, such as 192.168.5.174.`;
  const wrong = parts.findIndex((part) => Number(part) > 255);
  if (wrong !== -1)
    return `its ${["first", "second", "third", "last"][wrong] ?? ""} part is ${parts[wrong] ?? ""}, and 255 is the highest.`;
  return "a part begins with 0, which some programs read as an octal number; leave the 0 out.";
}
