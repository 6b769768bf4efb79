import { printable } from "../text/code-frame.ts";
import { requirements, type Answer, type NamedCheck, type Requirement } from "../transcript/verification.ts";
import { verifyTranscript } from "../transcript/verify.ts";
import { exitStatus } from "./exit-status.ts";
import { wrapped } from "./failure-screen.ts";
import type { Output } from "./output.ts";

export interface VerifyCommandOptions {
  readonly allowedSigners?: string;
  readonly head?: string;
  readonly require?: string;
  readonly json?: true;
}

const marks: Readonly<Record<Answer, string>> = { good: "✓", said: "!", bad: "✗", "not checked": "-" };

/** `ordo verify TRANSCRIPT`: every named check with its answer, then the one sentence. */
export async function verifyCommand(folder: string, options: VerifyCommandOptions, output: Output): Promise<number> {
  const required = options.require?.split(",").map((word) => word.trim()) ?? [];
  const unknown = required.find((word) => !isRequirement(word));
  if (unknown !== undefined) {
    output.err(`--require knows ${requirements.join(", ")}; "${printable(unknown)}" is none of them.`);
    return exitStatus.usage;
  }
  const verification = await verifyTranscript(folder, {
    ...(options.allowedSigners === undefined ? {} : { allowedSigners: options.allowedSigners }),
    ...(options.head === undefined ? {} : { head: options.head }),
    require: required.filter(isRequirement),
  });
  if (verification.exit === 2) {
    output.err(verification.sentence);
    return exitStatus.usage;
  }
  if (options.json) {
    for (const check of verification.checks) output.out(JSON.stringify(check));
    output.out(
      JSON.stringify({
        summary: verification.summary,
        exit: verification.exit,
        records: verification.records,
        head: verification.head,
      }),
    );
    return verification.exit;
  }
  for (const check of verification.checks) for (const line of checkLines(check, output)) output.out(line);
  const colour =
    verification.exit === 0
      ? output.outPaint.good
      : verification.exit === 3
        ? output.outPaint.warning
        : output.outPaint.error;
  output.out("");
  output.out(colour(wrapped(verification.summary, output.columns, "", 0).join("\n")));
  output.out(output.outPaint.dim(wrapped(verification.doesNotShow, output.columns, "", 0).join("\n")));
  return verification.exit;
}

function checkLines(check: NamedCheck, output: Output): string[] {
  const paint = output.outPaint;
  const colour = { good: paint.good, said: paint.warning, bad: paint.error, "not checked": paint.dim }[check.answer];
  return [
    `${colour(marks[check.answer])} ${paint.bold(check.name)}${unsaidFiles(check)}`,
    ...check.sentences.flatMap((sentence) => wrapped(sentence, output.columns, "    ", 4)),
  ];
}

/** The files in which something is wrong, where the sentences speak of records only. */
function unsaidFiles({ answer, sentences, places }: NamedCheck): string {
  if (answer !== "bad") return "";
  const files = new Set(places.map(({ file }) => file));
  const unsaid = [...files].filter((file) => !sentences.some((sentence) => sentence.includes(file)));
  return unsaid.length === 0 ? "" : `, in ${unsaid.join(", ")}`;
}

function isRequirement(word: string): word is Requirement {
  return requirements.some((known) => known === word);
}
