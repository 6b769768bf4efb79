// Which body of a phrase is for this host: decided by its version where that isn't known before the run.
import type { PlanCall, PlanCommand } from "../../plan/plan.ts";
import { bodyFor } from "../hosts/version.ts";
import { versionIn } from "../commands/open-dialogue.ts";
import { failed, type Frame, type ItemResult } from "../interpret/frame.ts";

/** The body to carry out, or the failure to find one. Reads the version when it is first needed, once a host. */
export async function chooseBody(
  item: PlanCall,
  frame: Frame,
  host: string,
  runCommand: (command: PlanCommand, frame: Frame) => Promise<ItemResult>,
): Promise<PlanCall["bodies"][number] | ItemResult> {
  const [only] = item.bodies;
  if (only === undefined)
    return failed(frame, item.span, { host, reason: `The phrase "${item.phrase}" has nothing to do on ${host}.` });
  if (item.bodies.length === 1) return only;
  const link = frame.run.hosts.link(host);
  if (link.version === undefined && !link.versionRead) {
    link.versionRead = true;
    const refused = await readVersion(frame, host, runCommand);
    if (refused !== undefined) return refused;
  }
  const wayOn = `Say it in the inventory, under "host ${host}": version 5.4`;
  if (link.version === undefined)
    return failed(frame, item.span, {
      host,
      reason: `"${item.phrase}" differs by version, and the version of ${host} is not known.`,
      wayOn,
    });
  return (
    bodyFor(item.bodies, link.version) ??
    failed(frame, item.span, { host, reason: `"${item.phrase}" has no body for version ${link.version} of ${host}.` })
  );
}

async function readVersion(
  frame: Frame,
  host: string,
  runCommand: (command: PlanCommand, frame: Frame) => Promise<ItemResult>,
): Promise<ItemResult | undefined> {
  const { hosts } = frame.run;
  const { kind } = hosts.link(host).planned;
  if (kind.version === undefined) return undefined;
  if (kind.version.command === undefined) {
    // The greeting says it: opening the dialogue reads it.
    if (kind.dialogue !== undefined) await frame.sessions.withDialogue(host, undefined, () => Promise.resolve());
    return undefined;
  }
  const inner: Frame = {
    ...frame,
    scope: frame.scope.body([["host", { type: "host", name: host }]]),
    changesNothing: true,
    around: undefined,
    last: { command: undefined },
  };
  const result = await runCommand(
    {
      type: "command",
      command: kind.version.command,
      shell: kind.shell ?? "dialogue",
      place: { host, as: undefined, in: undefined },
      clauses: [],
      changesNothing: true,
      destroys: undefined,
      logsIn: false,
      span: frame.sentence ?? kind.version.command.span,
    },
    inner,
  );
  if (result.type !== "ok") return result;
  const found = versionIn(inner.last.command?.output ?? "", kind.version.pattern, inner.scope);
  if (found !== undefined) hosts.learnVersion(host, found);
  return undefined;
}
