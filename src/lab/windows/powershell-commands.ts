// The cmdlets that the lab's PowerShell has.

import { createHash } from "node:crypto";
import { appendFile, copyFile, mkdir, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { win32 } from "node:path";
import type { WindowsMachine, WindowsPlace, WindowsService } from "./machine.ts";
import { asList, asText, asTruth, isObject, PowershellError } from "./powershell-values.ts";
import type { PowershellObject, PowershellValue, Table } from "./powershell-values.ts";

/** What a cmdlet is given. Parameter names are lower case and without their dash. */
export interface CmdletCall {
  readonly machine: WindowsMachine;
  readonly place: WindowsPlace;
  readonly parameters: ReadonlyMap<string, PowershellValue>;
  readonly rest: readonly PowershellValue[];
  readonly input: readonly PowershellValue[];
}

/** A cmdlet: its values go down the pipeline. Throws `PowershellError`. */
export type Cmdlet = (call: CmdletCall) => Promise<readonly PowershellValue[]> | readonly PowershellValue[];

/** Parameters that take no value; every other one does. */
export const switches: ReadonlySet<string> = new Set([
  "force",
  "recurse",
  "raw",
  "name",
  "passthru",
  "directory",
  "file",
  "quiet",
  "nonewline",
  "unique",
]);

/** The cmdlet of a name or alias, in any case. */
export function findCmdlet(name: string): Cmdlet | undefined {
  const key = name.toLowerCase();
  return cmdlets.get(aliases.get(key) ?? key);
}

/** Whether `-name` of a cmdlet is a switch: `-Name` is one of Get-ChildItem only. */
export function isSwitch(cmdlet: string, parameter: string): boolean {
  if (parameter === "name") return /^(?:get-childitem|dir|ls|gci)$/i.test(cmdlet);
  return switches.has(parameter);
}

const aliases: ReadonlyMap<string, string> = new Map([
  ["echo", "write-output"],
  ["write", "write-output"],
  ["dir", "get-childitem"],
  ["ls", "get-childitem"],
  ["gci", "get-childitem"],
  ["cat", "get-content"],
  ["type", "get-content"],
  ["gc", "get-content"],
  ["copy", "copy-item"],
  ["cp", "copy-item"],
  ["move", "move-item"],
  ["mv", "move-item"],
  ["del", "remove-item"],
  ["rm", "remove-item"],
  ["cd", "set-location"],
  ["sl", "set-location"],
  ["pwd", "get-location"],
  ["gsv", "get-service"],
  ["select", "select-object"],
  ["sleep", "start-sleep"],
  ["mkdir", "new-folder"],
  ["md", "new-folder"],
]);

const hashTable: Table = {
  columns: [
    { heading: "Algorithm", width: 15, member: "algorithm" },
    { heading: "Hash", width: 70, member: "hash" },
    { heading: "Path", width: 4, member: "path" },
  ],
};
const serviceTable: Table = {
  columns: [
    { heading: "Status", width: 8, member: "status" },
    { heading: "Name", width: 18, member: "name" },
    { heading: "DisplayName", width: 38, member: "displayname" },
  ],
};
const fileColumns: Table["columns"] = [
  { heading: "Mode", width: 6, member: "mode" },
  { heading: "LastWriteTime", width: -26, member: "lastwritetime" },
  { heading: "Length", width: -14, member: "length" },
  { heading: "Name", width: 4, member: "name" },
];

const cmdlets: ReadonlyMap<string, Cmdlet> = new Map<string, Cmdlet>([
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
          `An item with the specified name ${call.machine.drive.absolute(path, call.place.folder)} already exists.`,
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
  [
    "get-service",
    ({ machine, parameters, rest }) => {
      const names = asList(parameters.get("name") ?? rest[0] ?? null).map(asText);
      if (names.length === 0) return machine.services.map(serviceObject);
      return names.map((name) => serviceObject(findService(machine, name)));
    },
  ],
  ["start-service", (call) => switchServices(call, [true])],
  ["stop-service", (call) => switchServices(call, [false])],
  ["restart-service", (call) => switchServices(call, [false, true])],
  [
    "write-output",
    ({ rest, input, parameters }) => [...asList(parameters.get("inputobject") ?? null), ...rest, ...input],
  ],
  ["write-host", ({ rest }) => [rest.map(asText).join(" ")]],
  [
    "write-error",
    ({ rest }) => {
      throw new PowershellError(rest.map(asText).join(" "));
    },
  ],
  ["out-null", () => []],
  ["start-sleep", () => []],
  [
    "get-date",
    ({ parameters }) => {
      const now = new Date();
      const format = parameters.get("format");
      return [format === undefined ? now.toUTCString().slice(0, -4) : now.toISOString()];
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
  [
    "select-object",
    ({ input, parameters }) => {
      const property = asText(parameters.get("expandproperty") ?? "").toLowerCase();
      const first = parameters.get("first");
      const taken = typeof first === "number" ? input.slice(0, first) : input;
      return property === ""
        ? taken
        : taken.flatMap((value) => (isObject(value) ? asList(value.members[property] ?? null) : []));
    },
  ],
  [
    "measure-object",
    ({ input }) => [
      {
        members: { count: input.length },
        table: { columns: [{ heading: "Count", width: -5, member: "count" }] },
        text: String(input.length),
      },
    ],
  ],
  [
    "select-string",
    ({ input, parameters, rest }) => {
      const pattern = asText(parameters.get("pattern") ?? rest[0] ?? "");
      const found = input.filter((line) => new RegExp(pattern, "i").test(asText(line)));
      return parameters.has("quiet") ? [asTruth(found)] : found;
    },
  ],
]);

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
    throw new PowershellError(`Cannot find drive. A drive with the name '${path.charAt(0)}' does not exist.`);
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
  return new PowershellError(`Cannot find path '${shown}' because it does not exist.`, "ObjectNotFound");
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
      `Could not find a part of the path '${call.machine.drive.absolute(path, call.place.folder) ?? path}'.`,
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

function serviceObject({ name, title, isRunning }: WindowsService): PowershellObject {
  return {
    members: { status: isRunning ? "Running" : "Stopped", name, displayname: title },
    table: serviceTable,
    text: "System.ServiceProcess.ServiceController",
  };
}

function findService(machine: WindowsMachine, name: string): WindowsService {
  const service = machine.services.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
  if (service === undefined)
    throw new PowershellError(`Cannot find any service with service name '${name}'.`, "ObjectNotFound");
  return service;
}

function switchServices(
  { machine, parameters, rest, input }: CmdletCall,
  states: readonly boolean[],
): readonly PowershellValue[] {
  const given = asList(parameters.get("name") ?? rest[0] ?? null).map(asText);
  const piped = input.map((value) => (isObject(value) ? asText(value.members["name"] ?? null) : asText(value)));
  const named = [...given, ...piped].map((name) => findService(machine, name).name);
  for (const isRunning of states) {
    machine.services = machine.services.map((service) =>
      named.includes(service.name) ? { ...service, isRunning } : service,
    );
  }
  return parameters.has("passthru") ? named.map((name) => serviceObject(findService(machine, name))) : [];
}

// Windows PowerShell takes a byte-order mark, else the ANSI page; the lab's files are UTF-8 without one.
function decode(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.subarray(2).toString("utf16le");
  return bytes.toString("utf8").replace(/^\uFEFF/, "");
}
