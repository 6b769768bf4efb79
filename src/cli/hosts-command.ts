import type { Program } from "../check/program.ts";
import { HostFailure, type Target } from "../hosts/connection.ts";
import { requireDirectWay, targetOf } from "../hosts/target.ts";
import type { Host } from "../inventory/inventory.ts";
import type { SecretFromNode } from "../language/tree.ts";
import type { Secret } from "../secrets/secret.ts";
import { printable } from "../text/code-frame.ts";
import { checkNamed } from "./check-named.ts";
import { connectOptions } from "./connect-options.ts";
import { exitStatus } from "./exit-status.ts";
import { hasErrors, printFindings } from "./findings.ts";
import type { Output } from "./output.ts";
import { makePerson, type TerminalPerson } from "./person.ts";
import { readOneSecret } from "./read-secrets.ts";
import { messageOf } from "../text/message-of.ts";

interface Probed {
  readonly reached: boolean;
  readonly sentence: string;
  readonly hostKey?: string;
}

/** `ordo hosts [FILE]`: who is where; with `--probe`, each is connected to once, one after the other, and nothing is run there. */
export async function hostsCommand(
  file: string,
  options: { readonly probe?: true; readonly json?: true },
  output: Output,
): Promise<number> {
  const checked = checkNamed(file, undefined, output);
  if (checked === undefined) return exitStatus.usage;
  const { program, diagnostics } = checked;
  printFindings(diagnostics, output);
  if (program === undefined || hasErrors(diagnostics)) return exitStatus.notSo;
  const { hosts, groups } = program.inventory;
  if (hosts.size === 0) output.err(`${file} names no host: host NAME: KIND at ADDRESS`);
  const person = options.probe === true ? await makePerson(undefined) : undefined;
  let all = true;
  for (const host of hosts.values()) {
    const probed = options.probe === true ? await probe(host, program, person) : undefined;
    if (probed?.reached === false) all = false;
    output.out(options.json ? hostJson(host, probed) : hostLine(host, probed));
  }
  if (!options.json)
    for (const group of groups.values()) output.out(`group ${group.name}: ${group.members.join(", ")}`);
  return all ? exitStatus.ok : exitStatus.notSo;
}

async function probe(host: Host, program: Program, person: TerminalPerson | undefined): Promise<Probed> {
  const { connect } = await import("../hosts/connect.ts");
  try {
    const connection = await connect(await targetFor(host, program, person), new AbortController().signal);
    const { facts } = connection;
    await connection.close();
    const key = facts.hostKey === undefined ? "" : `, host key ${facts.hostKey} (${facts.trustedBecause ?? "trusted"})`;
    const said = facts.serverVersion === undefined ? "" : `, ${printable(facts.serverVersion)}`;
    return {
      reached: true,
      sentence: `reached as ${facts.account} by ${facts.authenticated}${key}${said}`,
      ...(facts.hostKey === undefined ? {} : { hostKey: facts.hostKey }),
    };
  } catch (problem) {
    if (problem instanceof HostFailure)
      return { reached: false, sentence: `not reached: ${problem.message} ${problem.wayOn}` };
    return { reached: false, sentence: `not reached: ${messageOf(problem)}` };
  }
}

async function targetFor(host: Host, program: Program, person: TerminalPerson | undefined): Promise<Target> {
  requireDirectWay(host); // nobody is asked for a password that can't be used
  const password = host.password === undefined ? undefined : await passwordOf(host, host.password, person);
  return targetOf({ host, files: program.kinds.get(host.kind)?.files ?? "none", password }, connectOptions());
}

async function passwordOf(host: Host, from: SecretFromNode, person: TerminalPerson | undefined): Promise<Secret> {
  const read = await readOneSecret(`password of ${host.name}`, from, person?.askSecret);
  if ("failure" in read) throw new HostFailure("login-refused", read.failure, "");
  return read.secret;
}

function hostLine(host: Host, probed: Probed | undefined): string {
  const at = host.here ? "here" : `${host.user === undefined ? "" : `${host.user}@`}${host.address}:${host.port}`;
  const pinned = host.here || host.hostKey !== undefined ? "" : "  (host key: known_hosts)";
  return `${host.name}: ${host.kind} at ${at}${pinned}${probed === undefined ? "" : `\n    ${probed.sentence}`}`;
}

function hostJson(host: Host, probed: Probed | undefined): string {
  const { name, kind, here, address, port, user, hostKey, version } = host;
  return JSON.stringify({
    name,
    kind,
    here,
    address,
    port,
    user,
    hostKey: hostKey ?? probed?.hostKey,
    version,
    ...(probed === undefined ? {} : { reached: probed.reached, said: probed.sentence }),
  });
}
