// Which body of a phrase is for this host: decided by its version where that isn't known before the run.
import type { PlanCall } from "../../plan/plan.ts";
import { blockFor } from "../../plan/version.ts";
import { versionIn } from "../commands/open-dialogue.ts";
import { notReached, runCommand } from "../commands/run-command.ts";
import type { Unsent } from "../commands/unsent.ts";
import { contextOf, failed, type Frame, type ItemResult } from "../interpret/frame.ts";

/** The body to carry out of the phrase that says `text`, or the failure to find one. Reads the version when it is first needed, once a host. */
export async function chooseBody(
  item: PlanCall,
  frame: Frame,
  host: string,
  text: string,
): Promise<PlanCall["bodies"][number] | ItemResult> {
  const [only] = item.bodies;
  if (only === undefined)
    return failed(frame, item.span, { host, reason: `The phrase "${item.phrase}" has nothing to do on ${host}.` });
  if (item.bodies.length === 1) return only;
  const link = frame.run.hosts.link(host);
  if (link.version === undefined && !link.versionRead) {
    const changes = item.bodies.some(({ body }) => !body.block.changesNothing) && !frame.changesNothing;
    const refused = await readVersion(frame, {
      span: item.span,
      host,
      text,
      shell: "phrase",
      changes,
      context: contextOf(frame, item.span),
    });
    if (refused !== undefined) return refused;
    link.versionRead = true;
  }
  const wayOn = `Say it in the inventory, under "host ${host}": version 5.4`;
  if (link.version === undefined)
    return failed(frame, item.span, {
      host,
      reason: `"${item.phrase}" differs by version, and the version of ${host} is not known.`,
      wayOn,
    });
  return (
    blockFor(item.bodies, link.version) ??
    failed(frame, item.span, { host, reason: `"${item.phrase}" has no body for version ${link.version} of ${host}.` })
  );
}

/** Undefined where it was looked for; else how the phrase, of which nothing was sent yet, ended. */
async function readVersion(frame: Frame, unsent: Unsent): Promise<ItemResult | undefined> {
  const { host } = unsent;
  const { hosts } = frame.run;
  const { kind } = hosts.link(host).planned;
  if (kind.version === undefined) return undefined;
  if (kind.version.command === undefined) {
    // The greeting says it: opening the dialogue reads it.
    if (kind.dialogue === undefined) return undefined;
    try {
      await frame.sessions.withDialogue(host, undefined, () => Promise.resolve());
      return undefined;
    } catch (problem) {
      if (frame.run.given.interrupt.second.aborted) return { type: "interrupted" };
      const refused = notReached(frame, unsent, problem);
      if (refused === undefined) throw problem;
      return refused;
    }
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
