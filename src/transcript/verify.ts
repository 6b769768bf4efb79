// Whether a transcript is whole, untouched and sealed, and by whom: a list of named checks, all of them answered.
import { access, constants } from "node:fs/promises";
import { join, resolve } from "node:path";

import { checkNamedFiles, checkUnaccounted } from "./checks/files.ts";
import { RecordsPass } from "./checks/records.ts";
import { chunksOf, standingAt, type Standing } from "./checks/regular-file.ts";
import { checkSeal, type SealChecks } from "./checks/seal.ts";
import { checkSignatures, type SignatureChecks } from "./checks/signatures.ts";
import {
  Check,
  type NamedCheck,
  type Requirement,
  type Unreadable,
  type Verification,
  type VerifyOptions,
} from "./verification.ts";
import { messageOf } from "../text/message-of.ts";

/** What no verification of the folder alone can show. */
const doesNotShow =
  "This does not show that the run was as recorded: whoever holds the runner, this folder and the signing key can make another transcript or a shorter one, " +
  "and only what lies outside (another person's signature, a time stamp, a head noted elsewhere) limits that.";

/**
 * Verifies a transcript's folder. Nothing in it can make this crash, hang or use much memory: what is wrong is an answer.
 * @returns exit 2 with a sentence when there is no such folder or the machine can't read it
 */
export async function verifyTranscript(
  folder: string,
  options: VerifyOptions = {},
): Promise<Verification | Unreadable> {
  const path = resolve(folder);
  try {
    // Asked first: without it every signature would be called untrusted, which is another answer.
    if (options.allowedSigners !== undefined) await access(options.allowedSigners, constants.R_OK);
  } catch {
    return { exit: 2, sentence: `The file of allowed signers ${options.allowedSigners} can't be read.` };
  }
  try {
    const jsonl = await standingAt(join(path, "transcript.jsonl"));
    if (jsonl === "nothing")
      return { exit: 2, sentence: `${folder} is no transcript: there is no file transcript.jsonl in it.` };
    return await verifyFolder(path, jsonl === "file", options);
  } catch (error) {
    return { exit: 2, sentence: `${folder} can't be read: ${messageOf(error)}.` };
  }
}

async function verifyFolder(folder: string, isFile: boolean, options: VerifyOptions): Promise<Verification> {
  const digits = options.head?.replaceAll(/\s/g, "").toLowerCase();
  const pass = new RecordsPass(digits);
  if (isFile) await pass.read(chunksOf(join(folder, "transcript.jsonl")));
  else pass.order.add("bad", "transcript.jsonl is no regular file; it was not opened.", { file: "transcript.jsonl" });

  const sealStands = await standingAt(join(folder, "seal.json"));
  const sealed = sealStands === "file" ? await checkSeal(folder, pass) : undefined;
  finish(pass, sealed !== undefined);
  const named = await checkNamedFiles(folder, pass);
  const fixed = new Set([
    "transcript.jsonl",
    "seal.json",
    ...(sealed === undefined ? [] : ["transcript.txt"]),
    ...(pass.withheld > 0 ? ["disclosed.txt"] : []),
  ]);
  const unaccounted = await checkUnaccounted(
    folder,
    (file) => fixed.has(file) || pass.files.has(file),
    sealed === undefined ? "said" : "bad",
  );
  const signatures = await checkSignatures(folder, unaccounted.contents.signatures, { pass, sealed, options });
  const checks = [
    pass.order.named(`${pass.records} records, numbered 1 to ${pass.records}.`),
    pass.chain.named("Each record names the one before it."),
    pass.ends.named("The first is run-started, the last run-ended."),
    ...sealChecks(pass, sealed, sealStands),
    named.sources.named("All sources are as they were read."),
    named.evidence.named("All evidence is as it was kept."),
    unaccounted.check.named("Every file is accounted for."),
    pass.results.named(pass.withheld),
    ...signatures.named,
    notChecked("register", "No register was given, so nothing says whether this run has another transcript."),
    ...(digits === undefined ? [] : [headCheck(pass, digits)]),
  ];
  const required = requiredCheck(checks, signatures, pass, options.require ?? []);
  return conclude(required === undefined ? checks : [...checks, required], pass, sealed !== undefined, signatures);
}

/** What can be said of the last record only when it is known whether there is a seal. */
function finish(pass: RecordsPass, isSealed: boolean): void {
  const place = { file: "transcript.jsonl", record: pass.records };
  if (pass.tornBytes > 0) {
    const sentence = `After record ${pass.records} stand ${pass.tornBytes} bytes of a line without its line feed.`;
    pass.order.add(
      isSealed ? "bad" : "said",
      isSealed ? sentence : `${sentence} It was being written when the run was cut off.`,
      place,
    );
  }
  if (pass.records === 0) pass.ends.add(isSealed ? "bad" : "said", "There is no whole record.", place);
  else if (pass.last?.type !== "run-ended") {
    const what = pass.last === undefined ? "withheld or no record" : `"${pass.last.type}"`;
    pass.ends.add(isSealed ? "bad" : "said", `The last record (${pass.records}) is ${what}, not "run-ended".`, place);
  }
}

function sealChecks(pass: RecordsPass, sealed: SealChecks | undefined, standing: Standing): NamedCheck[] {
  if (sealed === undefined) {
    const seal = new Check("seal belongs to this chain");
    if (standing === "nothing")
      seal.add("said", "There is no seal: the run was cut off, or nobody sealed it.", { file: "seal.json" });
    else seal.add("bad", `seal.json is a ${standing}, not a regular file.`, { file: "seal.json" });
    const withheld = new Check("what is withheld");
    if (pass.withheld > 0) withheld.add("said", `${pass.withheld} of ${pass.records} records are withheld.`);
    return [seal.named(""), withheld.named("Nothing is withheld.")];
  }
  return [
    sealed.seal.named(`The seal is of these ${pass.records} records.`),
    sealed.text.named("It is as it was sealed."),
    sealed.withheld.named("Nothing is withheld."),
  ];
}

function headCheck(pass: RecordsPass, digits: string): NamedCheck {
  const check = new Check("head");
  if (!/^[0-9a-f]{8,64}$/.test(digits))
    check.add("bad", `A head is compared by 8 to 64 hexadecimal digits, and "${digits}" is something else.`);
  else if (pass.headAt === undefined)
    check.add("bad", `No record's head begins with ${digits}; the last one's is ${pass.head}.`, {
      file: "transcript.jsonl",
    });
  return check.named(
    pass.headAt === pass.records
      ? `The head is ${pass.head}, as noted.`
      : `${digits} is the head after record ${pass.headAt} of ${pass.records}.`,
  );
}

function notChecked(name: string, sentence: string): NamedCheck {
  const check = new Check(name);
  check.add("not checked", sentence);
  return check.named("");
}

function requiredCheck(
  checks: readonly NamedCheck[],
  signatures: SignatureChecks,
  pass: RecordsPass,
  require: readonly Requirement[],
): NamedCheck | undefined {
  if (require.length === 0) return undefined;
  const check = new Check("what was required");
  const unmet: Readonly<Record<Requirement, string | undefined>> = {
    signed:
      signatures.good > 0 && signatures.missing.length === 0
        ? undefined
        : "signed: there is no good signature of everyone who is expected",
    trusted:
      signatures.trusted > 0 && signatures.trusted === signatures.good
        ? undefined
        : "trusted: not every signature is a trusted one",
    stamped: "stamped: no time stamp was checked",
    registered: "registered: no register was checked",
    complete:
      pass.withheld === 0 &&
      checks.every(({ name, answer }) => name !== "every command has its result" || answer === "good")
        ? undefined
        : "complete: records are withheld, or a command has no result",
  };
  for (const requirement of require) {
    const sentence = unmet[requirement];
    if (sentence !== undefined) check.add("bad", `It is not ${sentence}.`);
  }
  return check.named(`It is ${require.join(", ")}.`);
}

function conclude(
  checks: readonly NamedCheck[],
  pass: RecordsPass,
  isSealed: boolean,
  signatures: SignatureChecks,
): Verification {
  const bad = checks.filter(({ answer }) => answer === "bad");
  const exit = bad.length > 0 ? 1 : isSealed ? 0 : 3;
  const summary =
    exit === 1
      ? `It does not verify: ${bad.map(({ name, sentences }) => `${name}: ${sentences[0] ?? ""}`).join(" ")}`
      : exit === 3
        ? `Whole up to record ${pass.records}, not sealed.`
        : signatures.summary;
  return { exit, summary, checks, records: pass.records, head: pass.head, doesNotShow };
}
