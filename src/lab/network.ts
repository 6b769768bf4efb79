// The lab's own small network: which name or address leads to which appliance's NTLS port on loopback.

/** What a client learns when it looks for an appliance. */
export type Found =
  | { readonly type: "port"; readonly port: number }
  /** The appliance is there, and nothing listens. */
  | { readonly type: "refused" }
  | { readonly type: "unknown-host" };

/** Names and addresses of the lab's appliances; names are compared whole, without regard to case. */
export class LabNetwork {
  readonly #ports = new Map<string, () => number | undefined>();

  /** Makes an appliance known; a name that is taken already stays with its first owner. */
  add(names: readonly string[], port: () => number | undefined): void {
    for (const name of names) {
      const key = name.toLowerCase();
      if (!this.#ports.has(key)) this.#ports.set(key, port);
    }
  }

  find(name: string): Found {
    const port = this.#ports.get(name.toLowerCase());
    if (port === undefined) return { type: "unknown-host" };
    const number = port();
    return number === undefined ? { type: "refused" } : { type: "port", port: number };
  }
}
