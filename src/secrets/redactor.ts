// Replaces every known form of every secret by `[secret NAME]`: in whole texts, and in streams that cut it anywhere.
import { Buffer } from "node:buffer";

import { buildAutomaton } from "./automaton.ts";
import { formsOf } from "./forms.ts";
import { RedactedStream, type Patterns, type Redacted } from "./redacted-stream.ts";
import type { Secret } from "./secret.ts";

/** Where a secret was found, without its value. */
export interface SecretFound {
  /** Name of the secret. */
  readonly secret: string;
  /** `raw`, `quoted`, `escaped`, `Base64`, `hex`. */
  readonly form: string;
  /** In UTF-16 units of a text, in bytes of a file. */
  readonly offset: number;
}

/** Knows each secret of a run from the moment it exists. */
export class Redactor {
  readonly #secrets: Secret[] = [];
  #texts: Patterns | undefined;
  #bytes: Patterns | undefined;

  constructor(secrets: Iterable<Secret> = []) {
    for (const secret of secrets) this.add(secret);
  }

  /** Whether it has any secret to look for. */
  get knowsSecrets(): boolean {
    return this.#secrets.length > 0;
  }

  /** From now on this secret is replaced, in streams that are open too (from where they stand). */
  add(secret: Secret): void {
    if (this.#secrets.some((known) => known.name === secret.name && known.reveal() === secret.reveal())) return;
    this.#secrets.push(secret);
    this.#texts = undefined;
    this.#bytes = undefined;
  }

  /** The whole text with every secret replaced. */
  text(text: string): string {
    return this.redact(text).text;
  }

  /** The same, with the number of secrets replaced. */
  redact(text: string): Redacted {
    if (this.#secrets.length === 0) return { text, redacted: 0 };
    const stream = this.stream();
    const first = stream.push(text);
    const rest = stream.end();
    return { text: first.text + rest.text, redacted: first.redacted + rest.redacted };
  }

  /** For a stream that comes in pieces: it holds back only what may be the beginning of a secret. */
  stream(): RedactedStream {
    return new RedactedStream(() => this.#patterns());
  }

  /** The first secret in a text; undefined when there is none. */
  findsIn(text: string): SecretFound | undefined {
    if (this.#secrets.length === 0) return undefined;
    const finder = finderOn(() => this.#patterns());
    return finder.push(text) ?? finder.end();
  }

  /** The first secret in these bytes, in UTF-8 or UTF-16LE; undefined when there is none. */
  finds(bytes: Uint8Array): SecretFound | undefined {
    const finder = this.finder();
    return finder.push(bytes) ?? finder.end();
  }

  /** The same for bytes that come in pieces, as of a large file. */
  finder(): { push(bytes: Uint8Array): SecretFound | undefined; end(): SecretFound | undefined } {
    const finder = finderOn(() => this.#bytePatterns());
    return {
      // Each byte becomes one UTF-16 unit, so that one walk serves both.
      push: (bytes) => finder.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1")),
      end: () => finder.end(),
    };
  }

  #patterns(): Patterns | undefined {
    if (this.#secrets.length === 0) return undefined;
    this.#texts ??= patternsOf(this.#secrets, (text) => [text]);
    return this.#texts;
  }

  #bytePatterns(): Patterns | undefined {
    if (this.#secrets.length === 0) return undefined;
    this.#bytes ??= patternsOf(this.#secrets, (text) => [
      Buffer.from(text).toString("latin1"),
      Buffer.from(text, "utf16le").toString("latin1"),
    ]);
    return this.#bytes;
  }
}

function finderOn(patterns: () => Patterns | undefined): {
  push(text: string): SecretFound | undefined;
  end(): SecretFound | undefined;
} {
  let found: SecretFound | undefined;
  const stream = new RedactedStream(patterns);
  stream.onFound = (pattern, offset) => {
    found ??= { secret: pattern.secret, form: pattern.form, offset };
  };
  return {
    push: (text) => {
      stream.push(text);
      return found;
    },
    end: () => {
      stream.end();
      return found;
    },
  };
}

function patternsOf(secrets: readonly Secret[], write: (text: string) => readonly string[]): Patterns | undefined {
  const patterns = secrets.flatMap((secret) =>
    formsOf(secret.reveal()).flatMap(({ text, form, alone }) =>
      write(text).map((written) => ({ written, secret: secret.name, form, alone })),
    ),
  );
  if (patterns.length === 0) return undefined;
  return { patterns, automaton: buildAutomaton(patterns.map(({ written }) => written)) };
}
