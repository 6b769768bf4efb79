import { hostnameSource, readHostname } from "./hostname.ts";
import { ipSource, looksLikeIpv4, readIp } from "./ip.ts";
import { isNot, type ReadResult } from "./read-result.ts";

/** What an address looks like in output. */
export const addressSource = String.raw`(?:${ipSource}|${hostnameSource})`;

/** Reads an IP address or a host name; four numbers with dots are meant as an IP address. */
export function readAddress(text: string): ReadResult {
  const ip = readIp(text);
  if (ip.ok || looksLikeIpv4(text)) return ip;
  const hostname = readHostname(text);
  return hostname.ok ? hostname : isNot(hostname.problem.replace("is no host name:", "is no address:"));
}
