import { dirname, isAbsolute, join } from "node:path";

/**
 * The path that a file says, as this process opens it: a relative one begins at the folder of the file that says it, `~` is the
 * home folder, and a Windows path with a drive stays as it is.
 */
export function fileBeside(sayingFile: string, path: string, home: string): string {
  if (path === "~" || /^~[/\\]/.test(path)) return join(home, path.slice(1));
  if (isAbsolute(path) || /^[A-Za-z]:[/\\]/.test(path)) return path;
  return join(dirname(sayingFile), path);
}
