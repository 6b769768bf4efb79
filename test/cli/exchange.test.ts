// The exchange of certificates, whole, by the built program against the lab: twice in a row, from both clients, on every generation.
import { readdirSync, readFileSync, rmSync, mkdtempSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { startLab, type Lab, type LabHostOptions } from "../../src/lab/lab.ts";
import { makeWorkspace, onlyTranscript, ordo, recordsOf, runbooksPath, transcriptsIn } from "../support/program.ts";

const exchange = join(runbooksPath, "exchange-certificates", "exchange-certificates.runbook");
const threeLines = join(runbooksPath, "three-lines", "three-lines.runbook");

interface Opened {
  readonly lab: Lab;
  /** The lab's own folder: what its clients keep lies in it. */
  readonly folder: string;
}

async function openLab(...hosts: readonly LabHostOptions[]): Promise<Opened> {
  const folder = mkdtempSync(join(tmpdir(), "ordo-exchange-"));
  const lab = await startLab({ folder, hosts });
  onTestFinished(async () => {
    await lab.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { lab, folder };
}

/** Every private key on the lab's clients, with its bytes and the time at which it was written. */
function keysIn(folder: string): Record<string, string> {
  const keys = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith("Key.pem"));
  return Object.fromEntries(
    keys.map((name) => [name, `${statSync(join(folder, name)).mtimeMs} ${readFileSync(join(folder, name), "utf8")}`]),
  );
}

function outcomes(transcript: string): unknown[] {
  return recordsOf(transcript).flatMap(({ type, outcome }) => (type === "step-ended" ? [outcome] : []));
}

const client = { name: "client", kind: "windows" } as const;
const linuxClient = { name: "linux_client", kind: "linux" } as const;

it.each([
  { profile: "4", from: "client", address: "192.168.5.174" },
  { profile: "5.3", from: "linux_client", address: "supreme.example.com" },
  { profile: "7", from: "client", address: "supreme.example.com" },
  { profile: "7", from: "linux_client", address: "192.168.5.174" },
] as const)(
  "is done at first and already so afterwards, on an appliance of $profile, from $from, as $address",
  async ({ profile, from, address }) => {
    const { lab, folder } = await openLab({ name: "hsm", kind: "luna", profile }, client, linuxClient);
    const cwd = makeWorkspace({ "hosts.runbook": lab.inventory() });
    const run = (): ReturnType<typeof ordo> =>
      ordo(
        [
          "run",
          exchange,
          "--hosts",
          "hosts.runbook",
          "--yes",
          "--set",
          `client_address=${address}`,
          "--set",
          `client=${from}`,
        ],
        { cwd, env: lab.environment },
      );

    const first = await run();
    expect(first.err).not.toContain("failed");
    expect(first.status).toBe(0);
    expect(first.out).toContain("7 done");
    const keys = keysIn(folder);
    expect(Object.keys(keys)).toHaveLength(1);
    expect(lab.luna().appliance.clients.map(({ name, partitions }) => ({ name, partitions }))).toEqual([
      { name: "supreme", partitions: ["902514001"] },
    ]);

    const second = await run();
    expect(second.status).toBe(0);
    expect(second.out).toContain("6 already so, 1 done");
    expect(keysIn(folder)).toEqual(keys);
    expect(lab.luna().appliance.clients).toHaveLength(1);

    const [one = "", two = "", ...more] = transcriptsIn(cwd);
    expect(more).toEqual([]);
    expect(outcomes(one)).toEqual(Array.from({ length: 7 }, () => "done"));
    expect(outcomes(two)).toEqual([...Array.from({ length: 6 }, () => "already so"), "done"]);
    const verified = await Promise.all([one, two].map((path) => ordo(["verify", path], { cwd })));
    expect(verified.map(({ status }) => status)).toEqual([0, 0]);
  },
  60_000,
);

it("is what three lines need: without it they fail and name the certificate, after it they are already so", async () => {
  const { lab, folder } = await openLab({ name: "hsm", kind: "luna" }, client);
  const hosts = { "hosts.runbook": lab.inventory() };
  const before = makeWorkspace(hosts);
  const failed = await ordo(["run", threeLines, "--hosts", "hosts.runbook"], { cwd: before, env: lab.environment });
  expect(failed.status).toBe(1);
  expect(failed.err).toMatch(/three-lines\.runbook:2:1\n/);
  expect(failed.err).toContain("192.168.5.174.pem");
  expect(lab.luna().appliance.clients).toEqual([]);
  const verified = await ordo(["verify", onlyTranscript(before)], { cwd: before });
  expect(verified.status).toBe(0);

  const cwd = makeWorkspace(hosts);
  const done = await ordo(
    ["run", exchange, "--hosts", "hosts.runbook", "--yes", "--set", "client_address=192.168.5.174"],
    { cwd, env: lab.environment },
  );
  expect(done.status).toBe(0);
  const keys = keysIn(folder);
  const after = await ordo(["run", threeLines, "--hosts", "hosts.runbook"], { cwd, env: lab.environment });
  expect(after.err).not.toContain("failed");
  expect(after.status).toBe(0);
  // Outside any step this line happens on the runner, which has no server.pem yet.
  expect(after.out).toMatch(/here: done: fetch server\.pem from hsm/);
  expect(after.out).toMatch(/already so: register client supreme ip 192\.168\.5\.174/);
  expect(keysIn(folder)).toEqual(keys);
}, 60_000);
