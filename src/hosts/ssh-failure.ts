// Words for what goes wrong between here and a host that is being connected to.
import { HostFailure } from "./connection.ts";
import type { Target } from "./connection.ts";

/** How far it had come. */
export type Stage = "connecting" | "greeting" | "other protocol" | "key exchange" | "login";

export type Trouble =
  | { readonly type: "error"; readonly error: Error }
  /** The other side closed. */
  | { readonly type: "closed" }
  /** The time for connecting is over. */
  | { readonly type: "silent" };

/** The failure for a trouble at a stage. ssh2's own words are used only where they name algorithms; they hold no secret. */
export function connectFailure(trouble: Trouble, stage: Stage, target: Target): HostFailure {
  const where = `${target.name} (${target.address} port ${target.port})`;
  if (stage === "other protocol") {
    return new HostFailure(
      "reset",
      `${where} answers, but not as an ssh server.`,
      "Look at the port: something else listens there.",
    );
  }
  switch (trouble.type) {
    case "silent":
      return silentFailure(where, stage, target);
    case "closed":
      return closedFailure(where, stage, target);
    case "error":
      return errorFailure(trouble.error, where, stage, target);
  }
}

type SshStage = Exclude<Stage, "other protocol">;

function silentFailure(where: string, stage: SshStage, target: Target): HostFailure {
  const seconds = `${target.connectTimeoutMs / 1000} s`;
  const what = {
    connecting: `${where} did not answer within ${seconds}.`,
    greeting: `${where} took the connection but said nothing within ${seconds}: no ssh server greeted.`,
    "key exchange": `${where} greeted but did not finish the key exchange within ${seconds}.`,
    login: `${where} did not answer the login within ${seconds}.`,
  }[stage];
  return new HostFailure(
    "no-answer",
    what,
    "Look whether the host is up, and whether a firewall stands between it and this machine.",
  );
}

function closedFailure(where: string, stage: SshStage, target: Target): HostFailure {
  if (stage === "login") {
    const message = `${where} closed the connection during the login.`;
    return new HostFailure(
      "login-refused",
      message,
      `It was tried once and is not tried again. Look at user, key and password of host ${target.name} in the inventory, and at the server's log.`,
    );
  }
  const when = { connecting: "at once", greeting: "before it greeted", "key exchange": "during the key exchange" }[
    stage
  ];
  return new HostFailure(
    "reset",
    `${where} closed the connection ${when}.`,
    "Look at the server's log: too many connections, a banned address, or no ssh server on that port.",
  );
}

function errorFailure(error: Error, where: string, stage: SshStage, target: Target): HostFailure {
  const code = codeOf(error);
  switch (code ?? "") {
    case "ENOTFOUND":
    case "EAI_AGAIN":
    case "EAI_NODATA":
    case "EAI_NONAME":
    case "EAI_FAIL":
      return new HostFailure(
        "name-not-found",
        `The name "${target.address}" of host ${target.name} does not resolve.`,
        `Look at the spelling after \`at\` in the inventory, or give an IP address.`,
      );
    case "ECONNREFUSED":
      return new HostFailure(
        "refused",
        `${where} refused the connection: nothing listens on that port.`,
        "Look whether its ssh server runs, and on which port.",
      );
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "EHOSTDOWN":
    case "ENETDOWN":
    case "EADDRNOTAVAIL":
    case "EACCES":
    case "EPERM":
      return new HostFailure(
        "unreachable",
        `${where} can't be reached from this machine: there is no way to that address (${code}).`,
        "Look at the address, the route to it and the VPN.",
      );
    case "ETIMEDOUT":
      return silentFailure(where, stage, target);
    case "ECONNRESET":
    case "EPIPE":
    case "ECONNABORTED":
      return closedFailure(where, stage, target);
    default:
  }
  const algorithm = /no matching ([a-z ()>-]+)/i.exec(error.message)?.[1];
  if (algorithm !== undefined) {
    const message = `${where} and ordo have no ${algorithm.trim()} in common.`;
    return new HostFailure(
      "no-common-algorithm",
      message,
      `An old host may offer only weak ones: \`ssh -vv ${target.address}\` shows which; name it under the host in the inventory: allow weak algorithms NAME`,
    );
  }
  if (stage === "greeting" || stage === "connecting") {
    if (/before handshake/i.test(error.message)) return closedFailure(where, stage, target);
    return new HostFailure(
      "reset",
      `${where} answers, but not as an ssh server.`,
      "Look at the port: something else listens there.",
    );
  }
  if (stage === "key exchange") {
    return new HostFailure(
      "reset",
      `The key exchange with ${where} broke off: ${error.message}.`,
      "Look at the server's log.",
    );
  }
  return closedFailure(where, stage, target);
}

/** The code of an error, or of the first of several (a name with several addresses gives one for each). */
function codeOf(error: Error): string | undefined {
  if (error instanceof AggregateError && error.errors.length > 0) {
    const [first] = error.errors as readonly unknown[]; // typed as any[]; narrowed just below
    if (first instanceof Error) return codeOf(first);
  }
  return "code" in error && typeof error.code === "string" ? error.code : undefined;
}
