// Logging in: the one method that the inventory declares, once. Appliances lock an account, and newer sshd ban an address.
import { readFile } from "node:fs/promises";
import type { AuthHandlerMiddleware, ParsedKey, PublicKeyAuthMethod } from "ssh2";
import { HostFailure } from "./connection.ts";
import type { Target } from "./connection.ts";
import type { Secret } from "../secrets/secret.ts";

export interface Login {
  /** How it was done in the end, for the record: `key`, `password`, `agent`, `none`. */
  method(): string;
  /** ssh2's callback. `refused` is told why nothing more is tried. */
  handler(refused: (why: string) => void): AuthHandlerMiddleware;
  failure(why: string, target: Target): HostFailure;
}

/** Prepares the declared method: reads and parses the key before anything is sent. Rejects with `key-unreadable`. */
export async function loginFor(target: Target, account: string): Promise<Login> {
  if (target.key !== undefined) return byKey(await readKey(target.key, target), account);
  if (target.password !== undefined) return byPassword(target.password, account);
  const socket = process.env["SSH_AUTH_SOCK"];
  return socket === undefined || socket === "" ? byNothing(account) : byAgent(socket, account);
}

function byKey(key: ParsedKey, account: string): Login {
  return login(
    account,
    (refused) => {
      let tried = false;
      return (_left, partial, next) => {
        if (tried) return refused(refusal(partial, "the key"));
        tried = true;
        // ssh2's types want the key's text, its code takes the parsed key: parsing it once more for each of 50 hosts costs time.
        next({ type: "publickey", username: account, key } as unknown as PublicKeyAuthMethod);
      };
    },
    () => "key",
  );
}

/**
 * By password, or by the same password at the one hidden question of keyboard-interactive where the host takes no `password`.
 * Which of them it takes is asked first (`none`, as ssh does): so no password is sent by a way that can only fail.
 */
function byPassword(password: Secret, account: string): Login {
  let method = "password";
  return login(
    account,
    (refused) => {
      let step = 0;
      let answered = false;
      return (left, partial, next) => {
        step++;
        if (step === 1) {
          method = "none";
          return next({ type: "none", username: account });
        }
        method = "password";
        if (step > 2) return refused(refusal(partial, "the password"));
        const offered: readonly string[] = left ?? [];
        if (offered.includes("password"))
          return next({ type: "password", username: account, password: password.reveal() });
        if (!offered.includes("keyboard-interactive"))
          return refused(`it takes no password, only ${offered.join(", ") || "nothing"}`);
        next({
          type: "keyboard-interactive",
          username: account,
          prompt: (_name, _instructions, _language, prompts, finish) => {
            const [question] = prompts;
            if (answered) return refused("it asked again after the password");
            if (question === undefined || prompts.length > 1 || question.echo === true) {
              return refused(
                `it asks more than a password: "${prompts.map((prompt) => prompt.prompt.trim()).join(" ")}"`,
              );
            }
            answered = true;
            finish([password.reveal()]);
          },
        });
      };
    },
    () => method,
  );
}

/** By the agent's keys, each once, at most five (a server's usual limit is six). */
function byAgent(socket: string, account: string): Login {
  return login(
    account,
    (refused) => {
      let tried = false;
      return (_left, partial, next) => {
        if (tried) return refused(refusal(partial, "every key of the agent"));
        tried = true;
        next({ type: "agent", username: account, agent: socket });
      };
    },
    () => "agent",
  );
}

function byNothing(account: string): Login {
  return login(
    account,
    (refused) => {
      let tried = false;
      return (left, _partial, next) => {
        const offered: readonly string[] = left ?? [];
        if (tried)
          return refused(
            `it wants ${offered.join(" or ")}, the inventory gives neither a key nor a password, and no agent runs here`,
          );
        tried = true;
        next({ type: "none", username: account });
      };
    },
    () => "none",
  );
}

type Handler = (refused: (why: string) => void) => AuthHandlerMiddleware;

function login(account: string, handler: Handler, method: () => string): Login {
  return {
    method,
    handler,
    failure: (why, target) =>
      new HostFailure(
        "login-refused",
        `${target.name} (${target.address} port ${target.port}) did not let "${account}" in: ${why}.`,
        `It was tried once and is not tried again. Look at user, key and password of host ${target.name} in the inventory.`,
      ),
  };
}

function refusal(partial: boolean | null, what: string): string {
  return partial === true ? `it took ${what} and wants more than that` : `it refused ${what}`;
}

/** Reads a private key; the failures are those of the file: missing, unreadable, encrypted, none at all. */
async function readKey(path: string, target: Target): Promise<ParsedKey> {
  const unreadable = (why: string, wayOn: string): HostFailure =>
    new HostFailure("key-unreadable", `The key "${path}" of host ${target.name} can't be used: ${why}.`, wayOn);
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR")
      throw unreadable("there is no such file", "Name the private key's file in the inventory.");
    if (code === "EISDIR") throw unreadable("it is a folder", "Name the private key's file in the inventory.");
    throw unreadable("this account may not read it", "Give this account the right to read it.");
  }
  const { default: ssh2 } = await import("ssh2");
  const parsed = ssh2.utils.parseKey(bytes);
  if (parsed instanceof Error) {
    if (/encrypted|passphrase/i.test(parsed.message)) {
      throw unreadable(
        "it is encrypted with a passphrase",
        `Load it into an agent (ssh-add "${path}") and leave out \`key\`, or name a key without a passphrase.`,
      );
    }
    throw unreadable(
      "it holds no private key that ordo can read",
      "Name a private key in OpenSSH's or PEM form; ssh-keygen -p -f FILE writes it anew.",
    );
  }
  const key: ParsedKey | undefined = Array.isArray(parsed) ? parsed[0] : parsed;
  if (key === undefined || !key.isPrivateKey()) {
    throw unreadable("it is a public key", "Name the private key: the file without .pub.");
  }
  return key;
}
