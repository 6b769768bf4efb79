import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { machineClock } from "../../src/run/clock.ts";
import { openLab } from "../lab/support.ts";
import { personWho, runOf, type RunOf } from "../support/run-of.ts";

const exchange = await readFile(fileURLToPath(new URL("../../runbooks/exchange-certificates/exchange-certificates.runbook", import.meta.url)), "utf8");
const yes = personWho({ confirm: () => Promise.resolve(true) });

/** A clock that counts real time but doesn't make a retry wait as long as an operator would. */
const hurried = { ...machineClock, wait: (ms: number, signal: AbortSignal) => machineClock.wait(Math.min(ms, 50), signal) };

describe("the founding procedure against the lab", () => {
  it.each([
    ["client", "192.168.5.174"],
    ["linux_client", "supreme.example.com"],
  ])("from %s as %s: the first time done, the second time so already", async (client, address) => {
    const lab = await openLab();
    const given: RunOf = {
      text: `${lab.inventory()}\n${exchange}`,
      environment: lab.environment,
      set: { client, client_address: address },
      person: yes,
      clock: hurried,
    };
    const first = await runOf(given);
    expect(first.summary.failures).toEqual([]);
    expect(first.summary.outcome).toBe("done");
    const second = await runOf(given);
    expect(second.summary.outcome).toBe("done");
    expect(second.of("step-ended").map(({ title, outcome }) => `${title}: ${outcome}`)).toMatchInlineSnapshot(`
      [
        "Request the certificate from the HSM: already so",
        "Register the HSM with the client: already so",
        "Create the client certificate: already so",
        "Export the client certificate to the HSM: already so",
        "Register the client with the HSM: already so",
        "Give the client its partition: already so",
        "Verify from the client: done",
      ]
    `);
  });
});
