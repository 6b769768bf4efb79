// The end of a command's conversation becomes its verdict: output, captures, checks, result.
import type { Exit } from "../../hosts/connection.ts";
import type { DialogueKind } from "../../vocabulary/vocabulary.ts";
import type { ItemResult } from "../interpret/frame.ts";
import { learnSecrets } from "../interpret/values.ts";
import { shownValue } from "../scope.ts";
import { captureAll } from "./captures.ts";
import { sentenceOf as sentenceOfCheck, type Check } from "./check.ts";
import type { Ending } from "./converse.ts";
import { endAttempt, type Told } from "./told.ts";
import { checkConditions, verdictOf, withoutVerdictLine, type VerdictParts } from "./verdict.ts";

/** Judges what came, binds what was captured, and records all of it. */
export async function judge(told: Told, ending: Ending): Promise<ItemResult> {
  const { output } = told;
  switch (ending.type) {
    case "timeout":
      output.end();
      return endAttempt(
        told,
        {
          outcome: "unknown",
          reason: `It was not over within its time, and was cut off. Whether the command did its work is not known.`,
          wayOn: "If it may take longer: within 30m",
        },
        ending.text,
      );
    case "stopped": {
      const { because, reason, wayOn } = ending.stop;
      output.end();
      return endAttempt(
        told,
        { outcome: because === "question" ? "stopped for a person" : "failed", reason, wayOn, final: true },
        ending.text,
      );
    }
    case "cut":
      output.end();
      endAttempt(
        told,
        {
          outcome: "unknown",
          reason: "It was interrupted and cut off. Whether the command did its work is not known.",
        },
        ending.text,
      );
      return { type: "interrupted" };
    case "ended":
    case "prompt":
      return await judgeOutput(told, ending);
  }
}

async function judgeOutput(told: Told, ending: Ending & { readonly type: "ended" | "prompt" }): Promise<ItemResult> {
  const { parts, output, context } = told;
  const { frame } = parts;
  const { recorder, given } = frame.run;
  const dialogue: DialogueKind | undefined =
    parts.through.type === "dialogue" ? parts.through.dialogue.rules : undefined;
  const exit: Exit | undefined = ending.type === "ended" ? ending.exit : undefined;
  const judged: VerdictParts = {
    output: ending.text,
    exit,
    clauses: parts.clauses,
    dialogue,
    environment: frame.scope,
    given: parts.given,
    hidden: parts.settings.hidden,
  };
  const said = { whole: ending.text, own: withoutVerdictLine(judged) };
  const captured = captureAll(parts.clauses, said, frame.scope);
  // What is captured as a secret, here or by a phrase around this, is one before any of the output is written down.
  const around = frame.secretCaptures.flatMap(({ clauses, scope }) => captureAll(clauses, said, scope).names);
  for (const { value } of [...captured.names, ...around]) learnSecrets(value, given.redactor);
  output.end();
  frame.last.command = {
    n: told.command.n,
    host: parts.host,
    sent: parts.rendered.text,
    output: ending.text,
    hidden: parts.settings.hidden,
  };
  if (exit?.type === "lost" || (dialogue !== undefined && exit !== undefined)) {
    const why = exit.type === "lost" ? exit.reason : "the session ended";
    return endAttempt(
      told,
      {
        outcome: "unknown",
        reason: `The connection was lost before the host said how it ended (${why}). Whether the command did its work is not known.`,
      },
      ending.text,
    );
  }
  const verdict = verdictOf(judged);
  const checks = [...verdict.checks];
  if (verdict.outcome === "done") {
    checks.push(...captured.missing.map((check) => (parts.settings.hidden ? hiddenCheck(check) : check)));
    if (captured.missing.length === 0) {
      for (const { name, value } of captured.names) frame.scope.bind(name, value);
      checks.push(...(await checkConditions({ ...judged, environment: frame.scope })));
    }
  }
  for (const check of checks) recorder.emit({ type: "check", ...check, host: parts.host, ...context });
  const broken = checks.find((check) => !check.held);
  if (verdict.outcome === "done" && broken === undefined) {
    for (const { name, value } of captured.names)
      recorder.emit({ type: "captured", name, value: shownValue(value), host: parts.host, ...context });
  }
  const outcome = verdict.outcome === "done" && broken !== undefined ? "failed" : verdict.outcome;
  return endAttempt(
    told,
    { outcome, reason: verdict.reason ?? (broken === undefined ? undefined : sentenceOfCheck(broken)), exit, checks },
    ending.text,
  );
}

function hiddenCheck({ what, expected, held }: Check): Check {
  return { what, expected, held, seen: "(hidden output)" };
}
