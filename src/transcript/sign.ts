// Signing a sealed transcript with a person's SSH key: a file, or by its public key file one that the agent holds.
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { readFile } from "node:fs/promises";

import { sha256 } from "./chain.ts";
import { codeOf, safeName, syncFolder, writeSynced } from "./folder.ts";
import { namespace, runSshKeygen } from "./ssh-keygen.ts";
import { shown } from "./shown.ts";
import { readSshSignature } from "./ssh-signature.ts";
import { statementText, type Statement } from "./statement.ts";

export interface Signing {
  /** Path of a private key, or of the public key of one that the agent holds. */
  readonly key: string;
  /** Who signs: names the files too. */
  readonly name: string;
  readonly role: string;
  readonly meaning: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Whether ssh-keygen may ask for a passphrase at the terminal. */
  readonly mayAsk: boolean;
}

/** A signature that was made, or a plain sentence why not; nothing is left in the folder then. */
export type Signed = { readonly path: string; readonly fingerprint: string } | { readonly failure: string };

/** Makes `signatures/NAME.json` and `signatures/NAME.sig`, both on the disk when this resolves. */
export async function signTranscript(folder: string, signing: Signing): Promise<Signed> {
  const seal = await readFile(join(folder, "seal.json")).catch((error: unknown) => error);
  if (!Buffer.isBuffer(seal)) {
    return {
      failure:
        codeOf(seal) === "ENOENT"
          ? `${folder} can't be signed: it is not sealed.`
          : `${folder} can't be signed: ${String(seal)}.`,
    };
  }
  const statement: Statement = {
    format: "ordo signature 1",
    seal: sha256(seal),
    name: signing.name,
    role: signing.role,
    meaning: signing.meaning,
    at: new Date(signing.now).toISOString(),
  };
  const text = statementText(statement);
  const made = await makeSignature(text, signing);
  if ("failure" in made) return made;
  const path = await store(folder, safeName(signing.name), { text, signature: made.signature });
  return { path, fingerprint: made.fingerprint };
}

async function makeSignature(
  text: string,
  signing: Signing,
): Promise<{ readonly signature: string; readonly fingerprint: string } | { readonly failure: string }> {
  const args = ["-Y", "sign", "-n", namespace, "-f", resolve(signing.key)];
  const ran = await runSshKeygen({ args, input: text, mayAsk: signing.mayAsk });
  if (ran.type === "not-there") {
    return {
      failure:
        "Signing needs ssh-keygen, which is not on the PATH. Install OpenSSH's client, then sign with: ordo sign TRANSCRIPT --key KEY",
    };
  }
  const signature = readSshSignature(ran.out);
  if (ran.status !== 0 || typeof signature === "string") return { failure: reasonOf(ran.error, signing) };
  return { signature: ran.out, fingerprint: signature.fingerprint };
}

function reasonOf(error: string, { key, mayAsk }: Signing): string {
  if (error.includes("incorrect passphrase")) {
    return mayAsk
      ? `The key ${key} was not opened: the passphrase was wrong.`
      : `The key ${key} has a passphrase, and there is no terminal to ask for it. Add it to an agent (ssh-add) and name its public key file.`;
  }
  if (error.includes("No private key found for public key"))
    return `The agent holds no private key for ${key}. Add it with ssh-add, or name the private key's file.`;
  if (error.includes("No such file")) return `The key ${key} can't be read, or is no key that ssh-keygen knows.`;
  const last = error.trim().split("\n").at(-1) ?? "";
  return `ssh-keygen did not sign with ${key}: ${last === "" ? "it gave no reason" : shown(last)}.`;
}

async function store(
  folder: string,
  name: string,
  files: { readonly text: string; readonly signature: string },
): Promise<string> {
  const signatures = join(folder, "signatures");
  await mkdir(signatures, { recursive: true, mode: 0o700 });
  for (let count = 1; ; count++) {
    const path = join(signatures, count === 1 ? name : `${name}-${count}`);
    try {
      await writeSynced(`${path}.sig`, files.signature);
    } catch (error) {
      if (codeOf(error) === "EEXIST") continue;
      throw error;
    }
    await writeSynced(`${path}.json`, files.text);
    await syncFolder(signatures);
    await syncFolder(folder);
    return `${path}.json`;
  }
}
