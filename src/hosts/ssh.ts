// Connects to a host by ssh: its name, its key, then one attempt to log in. Everything that can go wrong on the way has its words.
import { setMaxListeners } from "node:events";
import { connect as connectSocket } from "node:net";
import { userInfo } from "node:os";
import type { Client as Ssh2Client, ConnectConfig, NegotiatedAlgorithms } from "ssh2";
import type { Connection, ConnectionFacts, HostFailure, Target } from "./connection.ts";
import { judgeHostKey, keyType } from "./host-key.ts";
import type { HostKeyVerdict } from "./host-key.ts";
import { readKnownHosts } from "./known-hosts.ts";
import type { KnownKeys } from "./known-hosts.ts";
import { keyFamily, offerFor } from "./ssh-algorithms.ts";
import { SshConnection } from "./ssh-connection.ts";
import { loginFor } from "./ssh-login.ts";
import type { Login } from "./ssh-login.ts";
import { connectFailure } from "./ssh-failure.ts";
import type { Stage } from "./ssh-failure.ts";

/** Opens a connection, within `target.connectTimeoutMs` for all of it. Logging in is tried once, and never again. */
export async function connectSsh(target: Target, signal: AbortSignal): Promise<Connection> {
  // One signal interrupts the connecting of all hosts: more listeners than Node finds usual.
  setMaxListeners(0, signal);
  const limit = { at: performance.now() + target.connectTimeoutMs };
  const account = target.user ?? userInfo().username;
  // The key file first: a host is not bothered for a login that can't be.
  const login = await loginFor(target, account);
  const known = await readKnownHosts(target.knownHosts, target.address, target.port);
  const without = new Set<string>();
  let mismatch: HostFailure | undefined;
  for (;;) {
    const attempt = await tryOnce({ target, account, login, known, without, limit, signal });
    if (attempt.type === "connected") return attempt.connection;
    if (attempt.type === "failed")
      throw mismatch !== undefined && attempt.failure.reason === "no-common-algorithm" ? mismatch : attempt.failure;
    // A host may have a key of each kind, and the pin be of another than it showed: it is asked for the others, before any login.
    mismatch ??= attempt.failure;
    without.add(attempt.family);
    if (target.hostKey === undefined || without.size > 5) throw mismatch;
  }
}

type Attempt =
  | { readonly type: "connected"; readonly connection: Connection }
  | { readonly type: "failed"; readonly failure: HostFailure }
  | { readonly type: "other-key"; readonly failure: HostFailure; readonly family: string };

interface AttemptParts {
  readonly target: Target;
  readonly account: string;
  readonly login: Login;
  readonly known: KnownKeys;
  readonly without: ReadonlySet<string>;
  readonly limit: { readonly at: number };
  readonly signal: AbortSignal;
}

async function tryOnce({ target, account, login, known, without, limit, signal }: AttemptParts): Promise<Attempt> {
  const { default: ssh2 } = await import("ssh2");
  const offer = offerFor(target, known.trusted, without);
  if (offer.serverHostKey.length === 0) return { type: "failed", failure: noAlgorithm(target) };
  const client = new ssh2.Client();
  client.setMaxListeners(0); // each channel that opens listens for the end
  const seen: { stage: Stage; verdict?: HostKeyVerdict; family?: string; negotiated?: NegotiatedAlgorithms } = {
    stage: "connecting",
  };

  return await new Promise<Attempt>((resolve, reject) => {
    let decided = false;
    const decide = (act: () => void): void => {
      if (decided) return;
      decided = true;
      clearTimeout(timer);
      signal.removeEventListener("abort", aborted);
      act();
    };
    const fail = (failure: HostFailure): void =>
      decide(() => {
        client.destroy();
        resolve({ type: "failed", failure });
      });
    const aborted = (): void =>
      decide(() => {
        client.destroy();
        reject(signal.reason instanceof Error ? signal.reason : new Error("interrupted"));
      });
    const timer = setTimeout(
      () => fail(connectFailure({ type: "silent" }, seen.stage, target)),
      Math.max(1, limit.at - performance.now()),
    );
    signal.addEventListener("abort", aborted);
    if (signal.aborted) return aborted();

    // Also after it stands: an error event nobody hears would end the program. What it means, `close` says.
    client.on("error", (error) => {
      if (error.level === "agent") fail(login.failure("the agent (SSH_AUTH_SOCK) does not answer", target));
      else fail(connectFailure({ type: "error", error }, seen.stage, target));
    });
    client.on("close", () => fail(connectFailure({ type: "closed" }, seen.stage, target)));
    client.on("handshake", (negotiated) => {
      seen.negotiated = negotiated;
      seen.stage = "login";
    });
    client.on("change password", () =>
      fail(login.failure("the host wants a new password for this account first", target)),
    );
    client.on("ready", () =>
      decide(() => {
        const facts = factsOf({ client, target, account, login, verdict: seen.verdict, negotiated: seen.negotiated });
        resolve({ type: "connected", connection: new SshConnection(client, facts, target) });
      }),
    );
    // Without Nagle's algorithm from the start: it costs some 160 ms while a connection logs in.
    const socket = connectSocket({ host: target.address, port: target.port, noDelay: true });
    socket.setMaxListeners(0); // one for each channel that waits
    // ssh2 says nothing between the connection and the end of the key exchange, and the failures differ. An ssh server
    // begins with a line `SSH-…`, before which it may say other lines.
    socket.once("connect", () => (seen.stage = "greeting"));
    let greeting = "";
    const listen = (bytes: Buffer): void => {
      greeting = (greeting + bytes.toString("latin1")).slice(-8192);
      const greeted = /(?:^|\n)SSH-/.test(greeting);
      seen.stage = greeted ? "key exchange" : "other protocol";
      if (greeted) socket.off("data", listen);
    };
    socket.pause().on("data", listen);
    const config: ConnectConfig = {
      sock: socket,
      username: account,
      readyTimeout: 0, // the limit above holds for all of it
      keepaliveInterval: 15_000,
      keepaliveCountMax: 4,
      // Copies: ssh2 takes the lists as its own. Its types list the names that it knows; ours were checked against these.
      algorithms: structuredClone(offer) as NonNullable<ConnectConfig["algorithms"]>,
      hostVerifier: (key: Buffer): boolean => {
        const verdict = judgeHostKey(key, target, known);
        seen.verdict = verdict;
        if (verdict.type === "trusted") return true;
        const { failure } = verdict;
        // Destroyed before ssh2 goes on: nothing more is sent, not even what the handshake would say next.
        decide(() => {
          client.destroy();
          resolve(
            verdict.type === "changed"
              ? { type: "other-key", failure, family: keyFamily(keyType(key)) }
              : { type: "failed", failure },
          );
        });
        return false;
      },
      authHandler: login.handler((why) => fail(login.failure(why, target))),
    };
    try {
      client.connect(config);
    } catch (error) {
      fail(
        connectFailure(
          { type: "error", error: error instanceof Error ? error : new Error("the connection could not be begun") },
          seen.stage,
          target,
        ),
      );
    }
  });
}

function noAlgorithm(target: Target): HostFailure {
  return connectFailure({ type: "error", error: new Error("no matching host key format") }, "key exchange", target);
}

interface FactParts {
  readonly client: Ssh2Client;
  readonly target: Target;
  readonly account: string;
  readonly login: Login;
  readonly verdict: HostKeyVerdict | undefined;
  readonly negotiated: NegotiatedAlgorithms | undefined;
}

function factsOf({ client, target, account, login, verdict, negotiated }: FactParts): ConnectionFacts {
  // ssh2 keeps the server's version for itself; an auditor wants it.
  const { _remoteVer: version } = client as unknown as { _remoteVer?: string };
  return {
    address: target.address,
    port: target.port,
    account,
    authenticated: login.method(),
    ...(verdict?.type === "trusted" ? { hostKey: verdict.fingerprint, trustedBecause: verdict.because } : {}),
    ...(version === undefined ? {} : { serverVersion: version }),
    ...(negotiated === undefined ? {} : { algorithms: algorithmsOf(negotiated) }),
  };
}

function algorithmsOf(negotiated: NegotiatedAlgorithms): Record<string, string> {
  const { kex, serverHostKey, cs } = negotiated;
  // With an AEAD cipher there is no separate MAC.
  return { kex, hostKey: serverHostKey, cipher: cs.cipher, ...(cs.mac === "" ? {} : { mac: cs.mac }) };
}
