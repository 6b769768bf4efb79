// Logging in: the one method that the inventory declares, once. Appliances lock an account, and newer sshd ban an address.
import type { AuthHandlerMiddleware, BaseAgent, ParsedKey, PublicKeyAuthMethod } from "ssh2";
import { HostFailure } from "./connection.ts";
import type { Target } from "./connection.ts";
import { readKey } from "./ssh-key.ts";
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
  if (target.key !== undefined) {
    const key = await readKey(target.key, target);
    return "agent" in key ? byAgent(key.agent, account) : byKey(key, account);
  }
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

/** By the agent's keys, each once, until the server has enough of them (OpenSSH's after six). */
function byAgent(agent: string | BaseAgent, account: string): Login {
  return login(
    account,
    (refused) => {
      let tried = false;
      return (_left, partial, next) => {
        if (tried) return refused(refusal(partial, "every key of the agent"));
        tried = true;
        next({ type: "agent", username: account, agent });
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
