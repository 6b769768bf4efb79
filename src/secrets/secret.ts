import { inspect } from "node:util";

/**
 * A secret from its source to the byte that is sent. It has no text form that shows it: strings, JSON and `inspect`
 * give its name. Only `reveal` gives the value, and only what writes to a host calls it.
 */
export class Secret {
  readonly name: string;
  readonly #value: string;

  constructor(name: string, value: string) {
    this.name = name;
    this.#value = value;
  }

  /** The value itself: for the bytes sent to a host and for the redactor, nothing else. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return `[secret ${this.name}]`;
  }

  toJSON(): string {
    return this.toString();
  }

  [inspect.custom](): string {
    return this.toString();
  }
}
