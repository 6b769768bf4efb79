// The names of files on hosts.
import { basename } from "node:path";
import { HostFailure } from "./connection.ts";

/**
 * A path as sftp takes it: `C:\x` and `C:/x` are `/C:/x` to OpenSSH on Windows; any other stays as it is, a relative one
 * from the account's home. Rejects what Windows would take for something else: a device, a stream, a name that it shortens.
 */
export function remotePath(path: string, host: string): string {
  if (path.includes("\0")) throw refused(path, host, "it holds a NUL");
  if (!/^[A-Za-z]:[\\/]/.test(path)) return path;
  const parts = path.slice(3).split(/[\\/]/);
  for (const part of parts) {
    // eslint-disable-next-line no-control-regex -- control characters are what is refused
    if (/[<>"|?*:\x00-\x1f]/.test(part))
      throw refused(path, host, `"${part}" holds a character that Windows allows in no name`);
    if (/^(?:con|prn|aux|nul|com[1-9¹²³]|lpt[1-9¹²³])(?:\.|$)/i.test(part))
      throw refused(path, host, `"${part}" is a device on Windows`);
    if (/[. ]$/.test(part) && part !== "." && part !== "..")
      throw refused(path, host, `Windows cuts the end of "${part}"`);
  }
  return `/${path.slice(0, 2)}/${parts.join("/")}`;
}

/** Where a file goes when its destination is a folder by its form (`certs/`, `.`, or nothing): there, under its own name. */
export function namedIn(path: string, localPath: string): string {
  const name = basename(localPath);
  if (path === "" || path === ".") return name;
  return /[\\/]$/.test(path) || /[\\/]\.$/.test(path) ? path.replace(/\.$/, "") + name : path;
}

function refused(path: string, host: string, why: string): HostFailure {
  return new HostFailure("file-refused", `"${path}" can't be a file on ${host}: ${why}.`, "Name the file otherwise.");
}
