// seal.json against the seal that the records give.
import { join } from "node:path";

import { sha256 } from "../chain.ts";
import { sealFields, sealText, type Seal } from "../seal.ts";
import { shown } from "../shown.ts";
import { readFields } from "../strict.ts";
import { Check } from "../verification.ts";
import { digestOf, smallFile, standingAt } from "./regular-file.ts";
import type { RecordsPass } from "./records.ts";

/** What is known of the seal afterwards. */
export interface SealChecks {
  readonly seal: Check;
  readonly text: Check;
  readonly withheld: Check;
  /** SHA-256 of seal.json, which signatures are over; undefined when it can't be read. */
  readonly sealSha256?: string;
  /** Names of those whose signature was expected. */
  readonly signers: Seal["signers"];
}

const mostBytes = 4 * 1024 * 1024;

/** @param standing what stands at seal.json: a file, or a finding of its own */
export async function checkSeal(folder: string, pass: RecordsPass): Promise<SealChecks> {
  const checks = {
    seal: new Check("seal belongs to this chain"),
    text: new Check("transcript.txt unchanged"),
    withheld: new Check("what is withheld"),
  };
  const { seal, text } = checks;
  const place = { file: "seal.json" };
  const bytes = await smallFile(join(folder, "seal.json"), mostBytes);
  if (bytes === undefined) {
    seal.add("bad", "seal.json is longer than any seal.", place);
    return { ...checks, signers: [] };
  }
  const known = { ...checks, sealSha256: sha256(bytes), signers: [] };
  const read = readFields(bytes.toString(), sealFields);
  if (typeof read === "string") {
    seal.add("bad", `seal.json is no seal: ${read}`, place);
    return known;
  }
  const rebuilt = pass.seal.seal(pass.head, read.files);
  if (rebuilt === undefined) {
    const last = pass.last === undefined ? "" : `; the last record is ${pass.records} (${pass.last.type})`;
    seal.add(
      "bad",
      `seal.json seals ${read.records} records of a run that ended, and these are no such records${last}.`,
      place,
    );
  } else {
    compare(read, { ...rebuilt, types: pass.withheld === 0 ? rebuilt.types : read.types }, seal);
    if (seal.answer === "good" && sealText(read) !== bytes.toString()) {
      seal.add("bad", "seal.json says the same in other bytes than it was written with.", place);
    }
  }
  countWithheld(read, pass, checks.withheld);
  await checkText(folder, read, pass, text);
  return { ...known, signers: read.signers };
}

function compare(sealed: Seal, rebuilt: Seal, check: Check): void {
  for (const field of ["format", "run", "records", "head", "outcome", "at", "signers"] as const) {
    const [said, given] = [JSON.stringify(sealed[field]), JSON.stringify(rebuilt[field])];
    if (said !== given) {
      // One of the two was changed; which one, only the chain and the signatures can say.
      const record =
        field === "head" || field === "at" || field === "outcome" || field === "records" ? rebuilt.records : 1;
      const places = [{ file: "seal.json" }, { file: "transcript.jsonl", record }];
      check.add(
        "bad",
        `The seal says ${field} ${shown(said)}, the records up to ${rebuilt.records} give ${shown(given)}.`,
        ...places,
      );
    }
  }
  for (const type of new Set([...Object.keys(sealed.types), ...Object.keys(rebuilt.types)])) {
    const [said, given] = [sealed.types[type] ?? 0, rebuilt.types[type] ?? 0];
    if (said !== given)
      check.add("bad", `The seal counts ${said} records "${shown(type)}", and there are ${given}.`, {
        file: "seal.json",
      });
  }
}

function countWithheld(sealed: Seal, pass: RecordsPass, check: Check): void {
  if (pass.withheld === 0) return;
  let missing = 0;
  check.add("said", `${pass.withheld} of ${pass.records} records are withheld.`);
  for (const [type, count] of Object.entries(sealed.types)) {
    const here = pass.seal.types.get(type) ?? 0;
    missing += count - here;
    if (here > count)
      check.add("bad", `The seal counts ${count} records "${shown(type)}", and ${here} are shown.`, {
        file: "seal.json",
      });
    else if (here < count) check.add("said", `"${shown(type)}": ${count} sealed, ${here} shown.`);
  }
  if (missing !== pass.withheld) {
    check.add(
      "bad",
      `By the seal's counts ${missing} records are withheld, and ${pass.withheld} lines say that they are.`,
      { file: "seal.json" },
    );
  }
}

async function checkText(folder: string, sealed: Seal, pass: RecordsPass, check: Check): Promise<void> {
  const place = { file: "transcript.txt" };
  const [only] = sealed.files;
  if (sealed.files.length !== 1 || only === undefined || only.path !== "transcript.txt") {
    check.add("bad", "The seal must name transcript.txt and no other file.", { file: "seal.json" });
    return;
  }
  const standing = await standingAt(join(folder, "transcript.txt"));
  if (standing === "nothing" && pass.withheld > 0) {
    check.add("said", "transcript.txt is left out, as records are withheld.", place);
  } else if (standing !== "file") {
    check.add(
      "bad",
      standing === "nothing" ? "transcript.txt is missing." : `transcript.txt is a ${standing}, not a regular file.`,
      place,
    );
  } else {
    const { sha256: given } = await digestOf(join(folder, "transcript.txt"));
    if (given === only.sha256) return;
    check.add(
      "bad",
      `transcript.txt is not as it was sealed: the seal says ${shown(only.sha256)}, the file gives ${given}.`,
      place,
      { file: "seal.json" },
    );
  }
}
