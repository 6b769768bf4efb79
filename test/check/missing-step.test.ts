// "A step missing from a document is found": the exchange of certificates, with each of its steps taken out in turn.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { placeOf } from "../../src/text/source.ts";
import { check } from "./checked.ts";

const folder = join(import.meta.dirname, "..", "..", "runbooks", "exchange-certificates");
const exchange = readFileSync(join(folder, "exchange-certificates.runbook"), "utf8");
const hosts = readFileSync(join(folder, "hosts.runbook"), "utf8");

/** The contract's section 2, where the partition has no default. */
const parts = exchange.replace("word = ade_partition", "word").split(/^(?=step )/m);

/** The findings, each with the sentence that it stands at. */
function without(title: string): readonly string[] {
  const kept = parts.filter((part) => !part.startsWith(`step "${title}"`));
  expect(kept).toHaveLength(parts.length - 1);
  const text = kept.join("");
  return check(text, { "hosts.runbook": hosts }).diagnostics.map(({ severity, code, message, notes, span }) => {
    const line = text.split("\n")[placeOf(span).line - 1]?.trim() ?? "";
    const phrases = [...(notes[0]?.message ?? "").matchAll(/"(.*?)"/g)].map(([, phrase]) => phrase ?? "");
    return [severity, code, line, /"(.*?)"/.exec(message)?.[1], ...phrases].join(" | ");
  });
}

describe("the exchange of certificates", () => {
  it("is whole", () => {
    expect(check(parts.join(""), { "hosts.runbook": hosts }).diagnostics).toEqual([]);
  });

  it.each([
    [
      "Request the certificate from the HSM",
      "error | unmet-before | register server hsm with server.pem | server.pem is on client | fetch server.pem from <server>",
    ],
    [
      "Register the HSM with the client",
      "error | unmet-before | verify | server <_> is registered with client | register server <server> with <file>",
    ],
    [
      "Create the client certificate",
      "error | unmet-before | send certificate of {client_address} to hsm | certificate {client_address} is on client | create certificate for {client_address}",
    ],
    [
      "Export the client certificate to the HSM",
      "error | unmet-before | register client {client_name} ip {client_address} | {client_address}.pem is on hsm | send certificate of {client_address} to hsm",
    ],
    [
      "Register the client with the HSM",
      "error | unmet-before | assign partition {partition} to client {client_name} | client {client_name} is registered with hsm | register client {client_name} ip <address> | register client {client_name} hostname <address>",
    ],
    [
      "Give the client its partition",
      "error | unmet-before | verify | client <_> has <_> on <_> | assign partition <partition> to client <name>",
    ],
  ])("lacks a fact without the step: %s", (title, finding) => {
    expect(without(title).map((found) => found.slice(0, finding.length))).toEqual([finding]);
  });
});
