// One host: its lines, each once, each with a value of its form.
import type { HostLineNode, HostNode, SecretFromNode, TextNode } from "../../language/tree.ts";
import type { Diagnostic } from "../../text/diagnostic.ts";
import { error, warning } from "../../text/diagnostic.ts";
import type { Span } from "../../text/source.ts";
import { readAs } from "../../vocabulary/types.ts";
import { fileBeside } from "../file-beside.ts";
import type { Host } from "../inventory.ts";

const lineNames: Readonly<Record<HostLineNode["type"], string>> = {
  user: "user",
  port: "port",
  key: "key",
  version: "version",
  "host-key": "host key",
  password: "password",
  "sudo-password": "sudo password",
  via: "via",
  "allow-weak-algorithms": "allow weak algorithms",
  "by-system-ssh": "by system ssh",
};

/** Reads a host; a line with a finding counts as if it were not there. */
export function readHost(node: HostNode, home: string, diagnostics: Diagnostic[]): Host {
  const lines = new Map<HostLineNode["type"], HostLineNode>();
  for (const line of node.lines) {
    const first = lines.get(line.type);
    if (first === undefined) lines.set(line.type, line);
    else
      diagnostics.push(
        error(
          "said-twice",
          line.span,
          `"${lineNames[line.type]}" was said for ${node.name.text} already. Take one of the two lines out.`,
          { notes: [{ message: "The first is here.", span: first.span }] },
        ),
      );
  }
  const text = (
    type: "user" | "port" | "key" | "version" | "host-key",
  ): { readonly text: string; readonly span: Span } | undefined => {
    const line = lines.get(type);
    return line !== undefined && "value" in line ? plainText(line.value, lineNames[type], diagnostics) : undefined;
  };
  const from = (type: "password" | "sudo-password"): SecretFromNode | undefined => {
    const line = lines.get(type);
    return line !== undefined && "from" in line ? line.from : undefined;
  };
  const via = lines.get("via");
  const weak = lines.get("allow-weak-algorithms");
  const address = readAddress(node, diagnostics);
  const here = address === undefined;
  const key = text("key");
  const host: Host = {
    name: node.name.text,
    kind: node.kind.text,
    here,
    address: address ?? "here",
    port: readPort(text("port"), diagnostics),
    user: readUser(text("user"), diagnostics),
    password: from("password"),
    sudoPassword: from("sudo-password"),
    key: key === undefined ? undefined : fileBeside(key.span.source.path, key.text, home),
    hostKey: readHostKey(text("host-key"), diagnostics),
    via: via?.type === "via" ? via.host.text : undefined,
    version: readVersion(text("version"), diagnostics),
    allowWeakAlgorithms:
      weak?.type === "allow-weak-algorithms"
        ? weak.names.flatMap((name) => plainText(name, lineNames[weak.type], diagnostics)?.text ?? [])
        : [],
    bySystemSsh: lines.has("by-system-ssh"),
    span: node.span,
  };
  checkTogether(node, lines, here, diagnostics);
  return host;
}

/** undefined: `at here`. */
function readAddress(node: HostNode, diagnostics: Diagnostic[]): string | undefined {
  const at = plainText(node.at, "at", diagnostics);
  if (at === undefined) return "";
  if (at.text === "here" && node.at.form === "word") return undefined;
  const withPort = /^(.+):(\d+)$/.exec(at.text);
  if (withPort !== null && !at.text.includes("::") && at.text.split(":").length === 2) {
    diagnostics.push(
      error(
        "wrong-type",
        at.span,
        `"${at.text}" is no address: a port follows it. Write the address alone, and beneath it: port ${withPort[2] ?? ""}`,
      ),
    );
    return withPort[1] ?? "";
  }
  const withUser = /^([^@]+)@(.+)$/.exec(at.text);
  if (withUser !== null) {
    diagnostics.push(
      error(
        "wrong-type",
        at.span,
        `"${at.text}" is no address: a user stands before it. Write the address alone, and beneath it: user ${withUser[1] ?? ""}`,
      ),
    );
    return withUser[2] ?? "";
  }
  const read = readAs({ type: "scalar", name: "address" }, at.text);
  if (!read.ok) diagnostics.push(error("wrong-type", at.span, read.problem));
  return at.text;
}

function readPort(port: { readonly text: string; readonly span: Span } | undefined, diagnostics: Diagnostic[]): number {
  if (port === undefined) return 22;
  const number = Number(port.text);
  if (/^\d+$/.test(port.text) && number >= 1 && number <= 65_535) return number;
  diagnostics.push(error("wrong-port", port.span, `"${port.text}" is no port: a port is a number from 1 to 65535.`));
  return 22;
}

function readUser(
  user: { readonly text: string; readonly span: Span } | undefined,
  diagnostics: Diagnostic[],
): string | undefined {
  if (user === undefined) return undefined;
  // A domain may stand before it (CORP\svc-ordo) or behind it (svc-ordo@corp.example).
  if (/^[^\s:/"'-][^\s:/"']*$/.test(user.text)) return user.text;
  const why = user.text.includes(":")
    ? "a colon stands in it. A password is never written down; say where it comes from: password from prompt"
    : 'it begins with "-", or holds a blank, a slash or a quote.';
  diagnostics.push(error("wrong-user", user.span, `"${user.text.replace(/:.*$/, ":…")}" is no user name: ${why}`));
  return undefined;
}

function readHostKey(
  key: { readonly text: string; readonly span: Span } | undefined,
  diagnostics: Diagnostic[],
): string | undefined {
  if (key === undefined) return undefined;
  const text = key.text.replace(/=$/, "");
  if (/^SHA256:[A-Za-z0-9+/]{43}$/.test(text)) return text;
  const why = /^(?:MD5:)?(?:[0-9a-f]{2}:){15}[0-9a-f]{2}$/i.test(text)
    ? "it is an MD5 fingerprint, which can be forged."
    : /^(?:ssh-|ecdsa-)/.test(text)
      ? "it is the key itself, and its fingerprint is wanted."
      : text.startsWith("SHA256:")
        ? `after SHA256: stand 43 characters of Base64, and here are ${text.length - "SHA256:".length}.`
        : "it does not begin with SHA256: and 43 characters of Base64.";
  diagnostics.push(
    error(
      "host-key-form",
      key.span,
      `"${key.text}" is no fingerprint of a host key: ${why} "ssh-keyscan HOST | ssh-keygen -lf -" shows it; compare it with the one that the host's own console shows.`,
    ),
  );
  return undefined;
}

function readVersion(
  version: { readonly text: string; readonly span: Span } | undefined,
  diagnostics: Diagnostic[],
): string | undefined {
  if (version === undefined) return undefined;
  if (/^v?\d+(?:[.-][0-9A-Za-z]+)*$/.test(version.text)) return version.text.replace(/^v/, "");
  diagnostics.push(
    error(
      "version-form",
      version.span,
      `"${version.text}" is no version: it begins with a number, such as 7.3 or 5.4.7-1.`,
    ),
  );
  return undefined;
}

function checkTogether(
  node: HostNode,
  lines: ReadonlyMap<HostLineNode["type"], HostLineNode>,
  here: boolean,
  diagnostics: Diagnostic[],
): void {
  const name = node.name.text;
  const key = lines.get("key");
  const password = lines.get("password");
  if (key !== undefined && password !== undefined) {
    diagnostics.push(
      error(
        "two-ways-in",
        password.span,
        `${name} has a key and a password, and one way in is tried, once: a second attempt may lock an account. Take one of them out.`,
        { notes: [{ message: "The key is here.", span: key.span }] },
      ),
    );
  }
  if (!here) return;
  for (const [type, line] of lines) {
    if (type === "version" || type === "sudo-password") continue;
    diagnostics.push(
      warning(
        "here-without-ssh",
        line.span,
        `${name} is this machine, which is not reached by ssh: "${lineNames[type]}" says nothing here. Take it out.`,
      ),
    );
  }
}

/** The text of a word or string; a value can't stand in an inventory, which is read before anything is bound. */
function plainText(
  node: TextNode,
  what: string,
  diagnostics: Diagnostic[],
): { readonly text: string; readonly span: Span } | undefined {
  const value = node.parts.find((part) => part.type === "value");
  if (value === undefined)
    return { text: node.parts.map((part) => (part.type === "literal" ? part.text : "")).join(""), span: node.span };
  diagnostics.push(
    error(
      "value-in-inventory",
      value.span,
      `A host is declared before any value is known, so none can stand in "${what}". Write the text itself.`,
    ),
  );
  return undefined;
}
