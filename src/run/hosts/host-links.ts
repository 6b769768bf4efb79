// Every host of the plan, connected to when it is first needed.
import type { Kind } from "../../vocabulary/vocabulary.ts";
import { fieldsOfHosts } from "../../plan/environment.ts";
import type { Plan } from "../../plan/plan.ts";
import { HostFailure } from "../../hosts/connection.ts";
import { targetOf } from "../../hosts/target.ts";
import type { Recorder } from "../events/recorder.ts";
import type { RunGiven } from "../run-given.ts";
import { HostLink } from "./host-link.ts";
import { secretFrom } from "./secret-from.ts";

export class HostLinks {
  readonly #plan: Plan;
  readonly #given: RunGiven;
  readonly #recorder: Recorder;
  readonly #links = new Map<string, HostLink>();
  /** What `{hsm.address}` and the like give; a version is filled in when it is read. */
  readonly fields: Map<string, Record<string, string>>;

  constructor(plan: Plan, given: RunGiven, recorder: Recorder) {
    this.#plan = plan;
    this.#given = given;
    this.#recorder = recorder;
    this.fields = new Map([...fieldsOfHosts(plan.program, plan.hosts)].map(([name, fields]) => [name, { ...fields }]));
  }

  /** Throws `HostFailure` for a name that is no host of the plan: a value that was known only then. */
  link(name: string): HostLink {
    const known = this.#links.get(name);
    if (known !== undefined) return known;
    const planned = this.#plan.hosts.get(name);
    if (planned === undefined) {
      throw new HostFailure(
        "name-not-found",
        `No host is named ${name}.`,
        `Declare it in the inventory: host ${name}: KIND at ADDRESS`,
      );
    }
    const link = new HostLink({
      name,
      planned,
      target: () => {
        const { host, kind } = planned;
        const password = secretFrom(this.#plan, host.password, this.#given.secrets);
        return targetOf({ host, files: kind.files, password }, this.#given.connectOptions);
      },
      connect: this.#given.connect,
      recorder: this.#recorder,
      closing: this.#given.interrupt.second,
    });
    this.#links.set(name, link);
    return link;
  }

  kind(name: string): Kind | undefined {
    return this.#plan.hosts.get(name)?.kind;
  }

  learnVersion(name: string, version: string): void {
    this.link(name).version = version;
    const fields = this.fields.get(name);
    if (fields !== undefined) fields["version"] = version;
  }

  async closeAll(reason: string): Promise<void> {
    await Promise.all([...this.#links.values()].map((link) => link.close(reason)));
  }
}
