// The cmdlets for services, features and the machine itself.

import { connect } from "node:net";
import { windowsVersion } from "./cmd.ts";
import type { WindowsFeature, WindowsMachine, WindowsService } from "./machine.ts";
import type { Cmdlet, CmdletCall } from "./powershell-cmdlet.ts";
import { asList, asText, isObject, PowershellError } from "./powershell-values.ts";
import type { PowershellObject, PowershellValue, Table } from "./powershell-values.ts";

const serviceTable: Table = {
  columns: [
    { heading: "Status", width: 8, member: "status" },
    { heading: "Name", width: 18, member: "name" },
    { heading: "DisplayName", width: 38, member: "displayname" },
  ],
};

const featureTable: Table = {
  columns: [
    { heading: "Display Name", width: 40, member: "displayname" },
    { heading: "Name", width: 20, member: "name" },
    { heading: "Install State", width: -14, member: "installstate" },
  ],
};

/** Get-Service and its like, Get-WindowsFeature, Get-CimInstance, Get-PSDrive, Get-NetIPAddress, Test-NetConnection, Get-Date. */
export const machineCmdlets: readonly (readonly [string, Cmdlet])[] = [
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
    "get-date",
    ({ parameters }) => {
      const now = new Date();
      const format = parameters.get("format");
      return [format === undefined ? now.toUTCString().slice(0, -4) : now.toISOString()];
    },
  ],
  [
    "set-service",
    (call) => {
      const startType = asText(call.parameters.get("startuptype") ?? "");
      const { name } = findService(call.machine, asText(call.parameters.get("name") ?? call.rest[0] ?? ""));
      if (startType !== "") {
        call.machine.services = call.machine.services.map((service) =>
          service.name === name ? { ...service, startType } : service,
        );
      }
      return [];
    },
  ],
  [
    "get-windowsfeature",
    ({ machine, parameters, rest }) => {
      const names = asList(parameters.get("name") ?? rest[0] ?? null).map(asText);
      const wanted = names.length === 0 ? machine.features : names.map((name) => findFeature(machine, name));
      return wanted.map(featureObject);
    },
  ],
  ["install-windowsfeature", (call) => switchFeature(call, true)],
  ["uninstall-windowsfeature", (call) => switchFeature(call, false)],
  [
    "get-ciminstance",
    ({ parameters, rest }) => {
      const name = asText(parameters.get("classname") ?? rest[0] ?? "");
      if (name.toLowerCase() !== "win32_operatingsystem") throw new PowershellError(`Invalid class [sim]`);
      const members = {
        caption: "Microsoft Windows Server 2019 Standard [sim]",
        version: windowsVersion.split(".").slice(0, 3).join("."),
        buildnumber: windowsVersion.split(".")[2] ?? "",
        lastbootuptime: new Date(Date.now() - Math.floor(performance.now())).toISOString().slice(0, 19),
      };
      return [{ members, table: plainTable(Object.keys(members)), text: "Win32_OperatingSystem" }];
    },
  ],
  [
    "get-psdrive",
    () => [
      {
        members: { name: "C", used: 21_474_836_480, free: 42_949_672_960 },
        table: plainTable(["Name", "Used", "Free"]),
        text: "C",
      },
    ],
  ],
  [
    "get-netipaddress",
    () => [
      {
        members: { interfacealias: "Ethernet", ipaddress: "127.0.0.1", prefixlength: 8 },
        table: plainTable(["InterfaceAlias", "IPAddress", "PrefixLength"]),
        text: "127.0.0.1",
      },
    ],
  ],
  [
    "test-netconnection",
    async ({ parameters, rest }) => {
      const address = asText(parameters.get("computername") ?? rest[0] ?? "");
      return [await isReachable(address, Number(asText(parameters.get("port") ?? "0")))];
    },
  ],
];

function serviceObject({ name, title, isRunning, startType }: WindowsService): PowershellObject {
  return {
    members: { status: isRunning ? "Running" : "Stopped", name, displayname: title, starttype: startType },
    table: serviceTable,
    text: "System.ServiceProcess.ServiceController",
  };
}

function findService(machine: WindowsMachine, name: string): WindowsService {
  const service = machine.services.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
  if (service === undefined)
    throw new PowershellError(`Cannot find any service with service name '${name}'. [sim]`, "ObjectNotFound");
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

function featureObject({ name, title, isInstalled }: WindowsFeature): PowershellObject {
  const installstate = isInstalled ? "Installed" : "Available";
  return {
    members: { name, displayname: title, installed: isInstalled, installstate },
    table: featureTable,
    text: name,
  };
}

function findFeature(machine: WindowsMachine, name: string): WindowsFeature {
  const feature = machine.features.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
  if (feature === undefined)
    throw new PowershellError(`The target of the specified cmdlet cannot be found: ${name}. [sim]`);
  return feature;
}

function switchFeature({ machine, parameters, rest }: CmdletCall, isInstalled: boolean): readonly PowershellValue[] {
  const { name } = findFeature(machine, asText(parameters.get("name") ?? rest[0] ?? ""));
  machine.features = machine.features.map((feature) => (feature.name === name ? { ...feature, isInstalled } : feature));
  const members = { success: true, "restart needed": "No", "exit code": "Success", "feature result": `{${name}}` };
  return [{ members, table: plainTable(["Success", "Restart Needed", "Exit Code", "Feature Result"]), text: name }];
}

/** A table with a column for each member, wide enough for most. */
function plainTable(names: readonly string[]): Table {
  return { columns: names.map((name) => ({ heading: name, width: 14, member: name.toLowerCase() })) };
}

// The lab leaves this machine for nothing: only loopback is asked.
async function isReachable(address: string, port: number): Promise<boolean> {
  if (!/^(?:127\.[\d.]+|localhost)$/.test(address)) return false;
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
