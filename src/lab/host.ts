// What every simulated host of the lab has: what it was told, what a test reads, and the faults it can be given.

/** One thing that a host received, in order. Passwords and hidden answers are kept: the lab's are public, and tests compare them. */
export type Received =
  | {
      readonly type: "login";
      readonly user: string;
      readonly method: string;
      readonly password?: string;
      readonly accepted: boolean;
    }
  | { readonly type: "shell" }
  | { readonly type: "exec"; readonly command: string }
  | { readonly type: "line"; readonly text: string; readonly hidden: boolean }
  | { readonly type: "subsystem"; readonly name: string; readonly accepted: boolean }
  | { readonly type: "file"; readonly path: string; readonly sizeBytes: number };

/** Something that goes wrong on purpose. A command is meant when its text begins with `command`, whole words; on a client also when it holds it anywhere. */
export type Fault =
  /** Before the command's work: `text` is printed and an answer awaited. Only `proceed`, `yes` or `y` lets the work begin. */
  | { readonly type: "surprise"; readonly command: string; readonly text: string }
  /** The TCP connection is reset after so many bytes of the command's output; the command's work was done. */
  | { readonly type: "reset-output"; readonly command: string; readonly afterBytes: number }
  /** The command is read and never answered; with `afterBytes` it does its work, and its output stops there. */
  | { readonly type: "freeze"; readonly command: string; readonly afterBytes?: number }
  /** Before the command's work: `text` is printed, and a person does something elsewhere (inserts a key); `done` says so. Nothing is typed. */
  | { readonly type: "by-hand"; readonly command: string; readonly text: string; readonly done: Promise<unknown> }
  /** The TCP connection is reset after so many bytes of a file were copied, in either direction. */
  | { readonly type: "reset-file"; readonly afterBytes: number }
  /** Every byte of output is a packet of its own. */
  | { readonly type: "slow" }
  /** Every login is refused. */
  | { readonly type: "refuse-login" }
  /** The connection is closed before the first byte. */
  | { readonly type: "drop-connection" }
  /** New connections see another host key. */
  | { readonly type: "other-host-key" }
  /** Printed after login, before the first prompt. */
  | { readonly type: "motd"; readonly text: string }
  /** NTLS (appliance only) turns so many connections of each new registration away, as the real one notices late. */
  | { readonly type: "ntls-notices-late"; readonly connections: number };

/** The faults of one host, as they are now; tests add and clear them at any time. */
export class Faults {
  #faults: readonly Fault[];

  constructor(faults: readonly Fault[] = []) {
    this.#faults = faults;
  }

  add(fault: Fault): void {
    this.#faults = [...this.#faults, fault];
  }

  clear(): void {
    this.#faults = [];
  }

  /** The first fault of a type, or undefined. */
  find<T extends Fault["type"]>(type: T): Extract<Fault, { type: T }> | undefined {
    return this.#faults.find((fault): fault is Extract<Fault, { type: T }> => fault.type === type);
  }

  /** The first fault of a type that is meant for this command. */
  findFor<T extends "surprise" | "reset-output" | "freeze" | "by-hand">(
    type: T,
    command: string,
    isMeant: (command: string, words: string) => boolean = beginsWith,
  ): Extract<Fault, { type: T }> | undefined {
    return this.#faults.find(
      (fault): fault is Extract<Fault, { type: T }> =>
        fault.type === type && "command" in fault && isMeant(command, fault.command),
    );
  }
}

/** One simulated host. */
export interface LabHost {
  readonly name: string;
  readonly kind: "luna" | "windows" | "linux";
  /** Always loopback: 127.0.0.1, or another of 127.0.0.0/8 where an option says so. */
  readonly address: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** The fingerprint as OpenSSH writes it: `SHA256:…`, without padding. */
  readonly hostKey: string;
  /** The public key as a line of known_hosts has it after the host: `ssh-ed25519 AAAA…`. */
  readonly publicHostKey: string;
  readonly received: readonly Received[];
  readonly faults: Faults;
  /** Resets every open connection, as a cut cable would. */
  resetConnections(): void;
  close(): Promise<void>;
}

/** Where a command's output stops, and how, by the faults that are meant for it. */
export function findCut(
  faults: Faults,
  command: string,
  isMeant: (command: string, words: string) => boolean = beginsWith,
): { readonly bytes: number; readonly by: "reset" | "freeze" } | undefined {
  const reset = faults.findFor("reset-output", command, isMeant);
  if (reset !== undefined) return { bytes: reset.afterBytes, by: "reset" };
  const bytes = faults.findFor("freeze", command, isMeant)?.afterBytes;
  return bytes === undefined ? undefined : { bytes, by: "freeze" };
}

/** Whether a command is never answered at all. */
export function freezesAtOnce(
  faults: Faults,
  command: string,
  isMeant: (command: string, words: string) => boolean = beginsWith,
): boolean {
  const freeze = faults.findFor("freeze", command, isMeant);
  return freeze !== undefined && freeze.afterBytes === undefined;
}

/** Whether a command's text begins with these words: `client list` is not the beginning of `client listing`. */
export function beginsWith(command: string, words: string): boolean {
  const next = command.charAt(words.length);
  return command.startsWith(words) && (next === "" || next === " ");
}
