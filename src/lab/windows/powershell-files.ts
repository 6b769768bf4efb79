// The cmdlets for files and folders.

import { createHash } from "node:crypto";
import { appendFile, copyFile, mkdir, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { win32 } from "node:path";
import type { Cmdlet, CmdletCall } from "./powershell-cmdlet.ts";
import { asList, asText, isObject, PowershellError } from "./powershell-values.ts";
import type { PowershellObject, PowershellValue, Table } from "./powershell-values.ts";

const hashTable: Table = {
  columns: [
    { heading: "Algorithm", width: 15, member: "algorithm" },
    { heading: "Hash", width: 70, member: "hash" },
    { heading: "Path", width: 4, member: "path" },
  ],
};

const fileColumns: Table["columns"] = [
  { heading: "Mode", width: 6, member: "mode" },
  { heading: "LastWriteTime", width: -26, member: "lastwritetime" },
  { heading: "Length", width: -14, member: "length" },
  { heading: "Name", width: 4, member: "name" },
];

/** Get-FileHash, Test-Path, Get-Content, Set-Content, Copy-Item, Remove-Item, New-Item, Get-ChildItem and their like. */
export const fileCmdlets: readonly (readonly [string, Cmdlet])[] = [
  [
    "get-filehash",
    async (call) => {
      const path = firstPath(call);
      const algorithm = asText(call.parameters.get("algorithm") ?? call.rest[1] ?? "SHA256").toUpperCase();
      const content = await read(call, path);
      const hash = createHash(algorithm.toLowerCase()).update(content).digest("hex").toUpperCase();
      const shown = call.machine.drive.absolute(path, call.place.folder) ?? path;
      return [{ members: { algorithm, hash, path: shown }, table: hashTable, text: "@{Algorithm; Hash; Path}" }];
    },
  ],
  [
    "test-path",
    async (call) => {
      const info = await statOf(call, firstPath(call));
      const kind = asText(call.parameters.get("pathtype") ?? "any").toLowerCase();
      return [info !== undefined && (kind === "any" || (kind === "container") === info.isDirectory())];
    },
  ],
  [
    "get-content",
    async (call) => {
      const text = decode(await read(call, firstPath(call)));
      if (call.parameters.has("raw")) return [text];
      const lines = text.replace(/\r?\n$/, "").split(/\r?\n/);
      const tail = call.parameters.get("tail");
      return typeof tail === "number" ? lines.slice(-tail) : lines;
    },
  ],
  ["set-content", (call) => write(call, writeFile)],
  ["add-content", (call) => write(call, appendFile)],
  ["out-file", (call) => write(call, writeFile)],
  ["copy-item", (call) => transfer(call, copyFile)],
  ["move-item", (call) => transfer(call, rename)],
  [
    "remove-item",
    async (call) => {
      for (const path of paths(call)) {
        if ((await statOf(call, path)) === undefined) throw notFound(call, path);
        await rm(real(call, path), { recursive: call.parameters.has("recurse") });
      }
      return [];
    },
  ],
  [
    "new-item",
    async (call) => {
      const path = firstPath(call);
      const target = real(call, path);
      const isThere = (await statOf(call, path)) !== undefined;
      if (isThere && !call.parameters.has("force"))
        throw new PowershellError(
          `An item with the specified name ${call.machine.drive.absolute(path, call.place.folder)} already exists. [sim]`,
        );
      if (asText(call.parameters.get("itemtype") ?? "File").toLowerCase() === "directory")
        await mkdir(target, { recursive: true });
      else await writeFile(target, asText(call.parameters.get("value") ?? ""));
      return [await fileObject(call, path)];
    },
  ],
  [
    "new-folder",
    async (call) => {
      await mkdir(real(call, firstPath(call)), { recursive: true });
      return [await fileObject(call, firstPath(call))];
    },
  ],
  ["get-item", async (call) => [await fileObject(call, firstPath(call))]],
  [
    "get-childitem",
    async (call) => {
      const path =
        call.parameters.has("path") || call.parameters.has("literalpath") || call.rest.length > 0
          ? firstPath(call)
          : ".";
      const info = await statOf(call, path);
      if (info === undefined) throw notFound(call, path);
      const names = info.isDirectory()
        ? (await readdir(real(call, path))).toSorted((a, b) => a.localeCompare(b))
        : undefined;
      if (call.parameters.has("name")) return names ?? [win32.basename(path)];
      if (names === undefined) return [await fileObject(call, path)];
      const folder = call.machine.drive.absolute(path, call.place.folder) ?? path;
      const table: Table = { before: `\n\n    Directory: ${folder}\n\n`, columns: fileColumns };
      return Promise.all(names.map((name) => fileObject(call, win32.join(folder, name), table)));
    },
  ],
  ["get-location", ({ place }) => [place.folder]],
  [
    "set-location",
    async (call) => {
      const path = firstPath(call);
      const folder = call.machine.drive.absolute(path, call.place.folder);
      const info = await statOf(call, path);
      if (folder === undefined || info?.isDirectory() !== true) throw notFound(call, path);
      call.place.folder = folder;
      return [];
    },
  ],
];

function firstPath(call: CmdletCall): string {
  const [path] = paths(call);
  if (path === undefined) throw new PowershellError("A path is missing. [sim]");
  return path;
}

function paths({ parameters, rest, input }: CmdletCall): readonly string[] {
  const given = parameters.get("literalpath") ?? parameters.get("path") ?? parameters.get("filepath") ?? rest[0];
  if (given !== undefined) return asList(given).map(asText);
  return input.map((value) =>
    isObject(value) ? asText(value.members["fullname"] ?? value.members["path"] ?? null) : asText(value),
  );
}

function real(call: CmdletCall, path: string): string {
  const found = call.machine.drive.real(path, call.place.folder);
  if (found === undefined)
    throw new PowershellError(`Cannot find drive. A drive with the name '${path.charAt(0)}' does not exist. [sim]`);
  return found;
}

async function statOf(call: CmdletCall, path: string): Promise<Awaited<ReturnType<typeof stat>> | undefined> {
  const found = call.machine.drive.real(path, call.place.folder);
  if (found === undefined) return undefined;
  return stat(found).catch(() => undefined);
}

async function read(call: CmdletCall, path: string): Promise<Buffer> {
  const info = await statOf(call, path);
  if (info === undefined) throw notFound(call, path);
  return readFile(real(call, path));
}

function notFound(call: CmdletCall, path: string): PowershellError {
  const shown = call.machine.drive.absolute(path, call.place.folder) ?? path;
  return new PowershellError(`Cannot find path '${shown}' because it does not exist. [sim]`, "ObjectNotFound");
}

async function write(
  call: CmdletCall,
  into: (path: string, text: string) => Promise<void>,
): Promise<readonly PowershellValue[]> {
  const { parameters, rest, input } = call;
  const value =
    parameters.get("value") ?? parameters.get("inputobject") ?? (rest.length > 1 ? (rest[1] ?? null) : input);
  const text = asList(value).map(asText).join("\r\n");
  const path = firstPath({ ...call, input: [] });
  try {
    await into(real(call, path), parameters.has("nonewline") ? text : `${text}\r\n`);
  } catch {
    throw new PowershellError(
      `Could not find a part of the path '${call.machine.drive.absolute(path, call.place.folder) ?? path}'. [sim]`,
    );
  }
  return [];
}

async function transfer(
  call: CmdletCall,
  move: (from: string, to: string) => Promise<void>,
): Promise<readonly PowershellValue[]> {
  const from = firstPath(call);
  const position = call.parameters.has("path") || call.parameters.has("literalpath") ? 0 : 1;
  const to = asText(call.parameters.get("destination") ?? call.rest[position] ?? ".");
  if ((await statOf(call, from)) === undefined) throw notFound(call, from);
  const isFolder = (await statOf(call, to))?.isDirectory() === true;
  await move(real(call, from), real(call, isFolder ? win32.join(to, win32.basename(from)) : to));
  return [];
}

async function fileObject(
  call: CmdletCall,
  path: string,
  table: Table = { columns: fileColumns },
): Promise<PowershellObject> {
  const info = await statOf(call, path);
  if (info === undefined) throw notFound(call, path);
  const fullname = call.machine.drive.absolute(path, call.place.folder) ?? path;
  const at = info.mtime.toISOString();
  return {
    members: {
      mode: info.isDirectory() ? "d-----" : "-a----",
      lastwritetime: `${at.slice(5, 7)}/${at.slice(8, 10)}/${at.slice(0, 4)}  ${at.slice(11, 16)}`,
      length: info.isDirectory() ? null : Number(info.size),
      name: win32.basename(fullname),
      fullname,
      exists: true,
    },
    table,
    text: fullname,
  };
}

// Windows PowerShell takes a byte-order mark, else the ANSI page; the lab's files are UTF-8 without one.
function decode(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.subarray(2).toString("utf16le");
  return bytes.toString("utf8").replace(/^\uFEFF/, "");
}
