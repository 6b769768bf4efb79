// Who signed the seal: each statement with its signature, good or not, trusted or not. Trust comes from outside the folder.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { shown } from "../shown.ts";
import { namespace, runSshKeygen } from "../ssh-keygen.ts";
import { readSshSignature } from "../ssh-signature.ts";
import { readStatement, type Statement } from "../statement.ts";
import { Check, type NamedCheck, type VerifyOptions } from "../verification.ts";
import { smallFile } from "./regular-file.ts";
import type { RecordsPass } from "./records.ts";
import type { SealChecks } from "./seal.ts";

export interface SignatureChecks {
  readonly named: readonly NamedCheck[];
  readonly good: number;
  readonly trusted: number;
  /** Expected signers who have not signed. */
  readonly missing: readonly string[];
  readonly summary: string;
}

interface Signature {
  readonly name: string;
  readonly statement: Statement;
  readonly fingerprint: string;
  readonly principal?: string;
}

interface Context {
  readonly pass: RecordsPass;
  readonly sealed: SealChecks | undefined;
  readonly options: VerifyOptions;
}

const mostBytes = 256 * 1024;

/** @param names of the regular files in `signatures/` */
export async function checkSignatures(
  folder: string,
  names: readonly string[],
  context: Context,
): Promise<SignatureChecks> {
  const check = new Check("signatures");
  const stamps = new Check("time stamps");
  const signatures: Signature[] = [];
  const stems = new Map<string, Set<string>>();
  for (const name of names) {
    const [, stem, ending] = /^([A-Za-z0-9_-][A-Za-z0-9._-]*)\.(json|sig|p7s|tsr)$/.exec(name) ?? [];
    if (stem === undefined || ending === undefined)
      check.add("bad", `signatures/${name} is no statement and no signature.`, { file: `signatures/${name}` });
    else stems.set(stem, (stems.get(stem) ?? new Set()).add(ending));
  }
  for (const [stem, endings] of stems) {
    if (endings.has("tsr"))
      stamps.add("not checked", `signatures/${stem}.tsr: this version can't check time stamps.`, {
        file: `signatures/${stem}.tsr`,
      });
    const signature = await checkOne(folder, stem, endings, check, context);
    if (signature !== undefined) signatures.push(signature);
  }
  const missing = missingSigners(context.sealed, signatures, check);
  if (context.sealed !== undefined && stems.size === 0)
    check.add("said", "It is signed by nobody: whoever could write this folder could have made it.");
  for (const signature of signatures)
    check.add(signature.principal === undefined ? "said" : "good", sentenceOf(signature));
  const persons = onePerson(signatures, context.pass);
  return {
    named: [
      check.named("Nobody signed it, as it is not sealed."),
      stamps.named("There is no time stamp."),
      persons.named("Nobody is found in two roles."),
    ],
    good: signatures.length,
    trusted: signatures.filter(({ principal }) => principal !== undefined).length,
    missing,
    summary: summaryOf(signatures, missing, stems.size),
  };
}

async function checkOne(
  folder: string,
  stem: string,
  endings: ReadonlySet<string>,
  check: Check,
  context: Context,
): Promise<Signature | undefined> {
  const file = `signatures/${stem}.json`;
  const bad = (sentence: string, ...paths: readonly string[]): undefined => {
    check.add("bad", sentence, ...(paths.length === 0 ? [file] : paths).map((path) => ({ file: path })));
  };
  if (!endings.has("json")) return bad(`signatures/${stem} has a signature and no statement ${file}.`);
  const bytes = await smallFile(join(folder, file), mostBytes);
  if (bytes === undefined) return bad(`${file} is no statement: It is too long.`);
  const statement = readStatement(bytes);
  if (typeof statement === "string") return bad(`${file} is no statement: ${statement}`);
  if (context.sealed === undefined) return bad(`${file} is of a seal, and there is none.`);
  if (statement.seal !== context.sealed.sealSha256) {
    return bad(
      `${file} is of another seal: it names ${shown(statement.seal)}, and seal.json gives ${context.sealed.sealSha256 ?? "nothing"}.`,
    );
  }
  if (endings.has("p7s"))
    check.add("not checked", `signatures/${stem}.p7s: this version can't check CMS signatures.`, {
      file: `signatures/${stem}.p7s`,
    });
  if (!endings.has("sig")) return endings.has("p7s") ? undefined : bad(`${file} has no signature.`);
  const path = `signatures/${stem}.sig`;
  const armoured = await smallFile(join(folder, path), mostBytes);
  if (armoured === undefined) return bad(`${path} is longer than any signature.`, path);
  const signature = readSshSignature(armoured.toString("latin1"));
  if (typeof signature === "string") return bad(`${path} is no signature that can be checked: ${signature}`, path);
  if (signature.namespace !== namespace)
    return bad(`${path} was made for another purpose: "${shown(signature.namespace)}".`, path);
  const verdict = await askSshKeygen(armoured, bytes, context.options);
  if (verdict.type === "bad")
    return bad(
      `${path} is not a signature of ${file} by the key ${signature.fingerprint}: ${verdict.reason}`,
      path,
      file,
    );
  if (verdict.type === "not-there") {
    check.add("not checked", `${path}: there is no ssh-keygen on the PATH to check it.`, { file: path });
    return undefined;
  }
  const principal = verdict.principal === undefined ? {} : { principal: verdict.principal };
  return { name: stem, statement, fingerprint: signature.fingerprint, ...principal };
}

type Verdict =
  | { readonly type: "good"; readonly principal?: string }
  | { readonly type: "bad"; readonly reason: string }
  | { readonly type: "not-there" };

async function askSshKeygen(signature: Buffer, statement: Buffer, options: VerifyOptions): Promise<Verdict> {
  // A copy in a folder of our own: what is checked is what was read.
  const own = await mkdtemp(join(tmpdir(), "ordo-verify-"));
  try {
    const file = join(own, "signature");
    await writeFile(file, signature, { mode: 0o600 });
    const ask = (args: readonly string[]) =>
      runSshKeygen({ args: ["-Y", ...args, "-s", file], input: statement, mayAsk: false });
    const valid = await ask(["check-novalidate", "-n", namespace]);
    if (valid.type === "not-there") return { type: "not-there" };
    if (valid.status !== 0) return { type: "bad", reason: shown(valid.error.trim().split("\n").at(-1) ?? "") };
    if (options.allowedSigners === undefined) return { type: "good" };
    const allowed = resolve(options.allowedSigners);
    const found = await ask(["find-principals", "-f", allowed]);
    const principals =
      found.type === "ended" && found.status === 0 ? found.out.split("\n").filter((line) => line !== "") : [];
    for (const principal of principals.slice(0, 20)) {
      const trusted = await ask(["verify", "-f", allowed, "-I", principal, "-n", namespace]);
      if (trusted.type === "ended" && trusted.status === 0) return { type: "good", principal: shown(principal) };
    }
    return { type: "good" };
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

function sentenceOf({ name, statement, fingerprint, principal }: Signature): string {
  const says = `says "${shown(statement.meaning)}" as ${shown(statement.name)}, ${shown(statement.role)}, at ${shown(statement.at)} by the signer's own clock`;
  if (principal !== undefined)
    return `signatures/${name}.sig is good and trusted: ${principal} (${fingerprint}) ${says}.`;
  return `signatures/${name}.sig is good but of a key that nothing here says to trust: ${fingerprint} ${says}.`;
}

function missingSigners(sealed: SealChecks | undefined, signatures: readonly Signature[], check: Check): string[] {
  const missing: string[] = [];
  for (const { name, role, key } of sealed?.signers ?? []) {
    const has = signatures.some(({ statement, fingerprint }) =>
      key === undefined ? statement.name === name && statement.role === role : fingerprint === key,
    );
    if (has) continue;
    missing.push(name);
    check.add("said", `The signature of ${shown(name)} (${shown(role)}) is expected by the seal, and it is not there.`);
  }
  return missing;
}

function onePerson(signatures: readonly Signature[], pass: RecordsPass): Check {
  const check = new Check("one person in two roles");
  const roles = new Map<string, Map<string, string>>();
  const seen = (person: string, role: string, where: string): void => {
    const known = roles.get(person) ?? new Map<string, string>();
    roles.set(person, known);
    for (const [other, otherWhere] of known) {
      if (other !== role && !known.has(role))
        check.add("said", `${shown(person)} is ${shown(other)} (${otherWhere}) and ${shown(role)} (${where}).`);
    }
    if (!known.has(role)) known.set(role, where);
  };
  for (const { who, role, record } of pass.people) seen(who, role, `record ${record}`);
  for (const { name, statement, fingerprint, principal } of signatures)
    seen(principal ?? fingerprint, statement.role, `signatures/${name}`);
  return check;
}

function summaryOf(signatures: readonly Signature[], missing: readonly string[], files: number): string {
  const absent = missing.length === 0 ? "" : ` Expected and missing: ${missing.map((name) => shown(name)).join(", ")}.`;
  if (signatures.length === 0) {
    return files === 0
      ? `Sealed, signed by nobody: whoever could write this folder could have made it.${absent}`
      : `Sealed; its signatures were not checked.${absent}`;
  }
  const by = signatures.map(({ statement, principal }) =>
    principal === undefined ? `${shown(statement.name)} (not trusted)` : `${principal} (trusted)`,
  );
  return `Whole, untouched and sealed, signed by ${by.join(", ")}.${absent}`;
}
